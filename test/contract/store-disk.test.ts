/** What an LMDB store does about a disk that is full, read-only, forbidden or damaged. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openEnvironment } from '../../coordinator/store/lmdb-environment.js';
import { openLmdbStore } from '../../coordinator/store/lmdb-store.js';
import { isStoreError, type StoreErrorCode } from '../../coordinator/store/store-error.js';
import { appendMany, eventDraft } from './store-suite.js';

const timeout = 240_000;
const storeFiles = ['created.json', 'data.mdb', 'gate.mdb', 'gate.mdb-lock', 'lock.mdb'];

describe('LMDB store: directory', () => {
  it('a missing directory is created for its owner only, with a store that is whole', { timeout }, async () => {
    await inDirectory(async (parent) => {
      const directory = join(parent, 'a', 'b.d');
      const store = await openLmdbStore(directory);
      await store.close();
      assert.equal(statSync(directory).mode & 0o777, 0o700);
      assert.deepEqual(readdirSync(directory).sort(), storeFiles);
      assert.equal(statSync(join(directory, 'data.mdb')).mode & 0o777, 0o600);
    });
  });

  it('several that create the same store at once share one', { timeout }, async () => {
    await inDirectory(async (directory) => {
      const stores = await Promise.all([1, 2, 3, 4].map(() => openLmdbStore(directory)));
      const outcomes = await Promise.all(stores.map((store) => store.appendEvents([eventDraft('hello')])));
      const seqs = outcomes.map((outcome) => (outcome.kind === 'appended' ? outcome.events[0]?.seq : outcome));
      assert.deepEqual(seqs.sort(), [1, 2, 3, 4]);
      await Promise.all(stores.map((store) => store.close()));
      assert.deepEqual(readdirSync(directory).sort(), storeFiles);
    });
  });

  it('what a creation that was killed left behind is no store and goes away', { timeout }, async () => {
    await inDirectory(async (directory) => {
      const unfinished = join(directory, `.creating-${spawnSync('true').pid}-x`);
      mkdirSync(unfinished);
      writeFileSync(join(unfinished, 'data.mdb'), '');
      const store = await openLmdbStore(directory);
      await store.close();
      assert.deepEqual(readdirSync(directory).sort(), storeFiles);
    });
  });

  it('a file in place of the directory is named', { timeout }, async () => {
    await inDirectory(async (parent) => {
      const file = join(parent, 'file');
      writeFileSync(file, '');
      await assert.rejects(openLmdbStore(file), isCode('not-a-directory', file));
      await assert.rejects(openLmdbStore(join(file, 'below')), isCode('not-a-directory', file));
    });
  });

  it('a directory that the user may not write to is named, with the user', { timeout }, async (context) => {
    if (!isRoot(context)) return;
    await inDirectory(async (parent) => {
      chmodSync(parent, 0o755);
      const directory = join(parent, 'store');
      await (await openLmdbStore(directory)).close();
      const program = fileURLToPath(new URL('./store-process.js', import.meta.url));
      for (const path of [program, parent]) {
        const isReachable = spawnSync('test', ['-r', path], { uid: 65534, gid: 65534 }).status === 0;
        if (!isReachable) return context.skip(`NOT TESTED: user 65534 cannot reach ${path}`);
      }
      const asNobody = () => {
        const child = spawnSync(process.execPath, [program, 'open', directory], { uid: 65534, gid: 65534 });
        return JSON.parse(child.stdout.toString()) as [code: string, message: string];
      };
      chmodSync(directory, 0o755);
      const [code, message] = asNobody();
      assert.equal(code, 'not-writable');
      assert.match(message, new RegExp(`${directory}.*65534`));
      chmodSync(directory, 0o777);
      const [fileCode, fileMessage] = asNobody();
      assert.equal(fileCode, 'not-writable');
      assert.match(fileMessage, /\.mdb'$/);
    });
  });

  it('a read-only file system is named, and nothing is changed', { timeout }, async (context) => {
    await onSmallFileSystem(context, async (mounted) => {
      const directory = join(mounted, 'store');
      await (await openLmdbStore(directory)).close();
      const before = readFileSync(join(directory, 'data.mdb'));
      execFileSync('mount', ['-o', 'remount,ro', mounted]);
      await assert.rejects(openLmdbStore(directory), isCode('not-writable', directory));
      await assert.rejects(openLmdbStore(join(mounted, 'new')), isCode('not-writable', 'new'));
      assert.ok(before.equals(readFileSync(join(directory, 'data.mdb'))));
    });
  });
});

describe('LMDB store: full disk', () => {
  it('writes are refused and reads answered while the disk is full, and all goes on once there is space', {
    timeout,
  }, async (context) => {
    await onSmallFileSystem(context, async (mounted) => {
      const directory = join(mounted, 'store');
      const ballast = join(mounted, 'ballast');
      const store = await openLmdbStore(directory);
      await store.put('lease/shop', { epoch: 1, holder: 'dpe-1' }, 'absent');
      await appendMany(store, 'shop', 0, 5);
      fill(ballast);
      let sequence = 5;
      for (let attempt = 0; ; attempt++) {
        const outcome = await store.append('shop', sequence, {
          delta: 'x'.repeat(20_000),
          events: [eventDraft('big')],
        });
        if (outcome.kind === 'appended' && attempt < 200) {
          sequence = outcome.sequence;
          continue;
        }
        assert.ok(outcome.kind === 'refused' && outcome.reason === 'disk-full', JSON.stringify(outcome));
        assert.match(outcome.message, new RegExp(`${directory}.*free some`));
        break;
      }
      assert.equal((await store.read('shop', 0, 1000)).length, sequence);
      assert.equal(await store.latestEventSequence(), sequence);
      assert.equal((await store.get('lease/shop'))?.revision, 1);
      const together = await Promise.all([
        store.writeSnapshot('shop', sequence, 'x'.repeat(1_000_000)),
        store.append('shop', sequence, { delta: 'x'.repeat(500_000), events: [] }),
      ]);
      assert.deepEqual(
        together.map(({ kind }) => kind),
        ['refused', 'refused'],
      );

      rmSync(ballast);
      await appendMany(store, 'shop', sequence, 5);
      await store.close();
      // The check at opening does the sums: no refused write has left a trace.
      const again = await openLmdbStore(directory);
      assert.equal((await again.read('shop', 0, 1000)).length, sequence + 5);
      await again.close();
    });
  });

  it('a process that starts on a full disk can read what is there', { timeout }, async (context) => {
    await onSmallFileSystem(context, async (mounted) => {
      const directory = join(mounted, 'store');
      const store = await openLmdbStore(directory);
      await appendMany(store, 'shop', 0, 5);
      await store.close();
      fill(join(mounted, 'ballast'));
      const again = await openLmdbStore(directory);
      assert.equal((await again.read('shop', 0, 10)).length, 5);
      await again.close();
    });
  });

  it('a store that cannot be created for want of space is refused, and can be later', { timeout }, async (context) => {
    await onSmallFileSystem(context, async (mounted) => {
      const directory = join(mounted, 'store');
      mkdirSync(directory);
      fill(join(mounted, 'ballast'));
      await assert.rejects(openLmdbStore(directory), isCode('disk-full', directory));
      rmSync(join(mounted, 'ballast'));
      const store = await openLmdbStore(directory);
      await appendMany(store, 'shop', 0, 1);
      await store.close();
    });
  });
});

describe('LMDB store: damage', () => {
  let sound: string;
  before(async () => {
    sound = mkdtempSync(join(tmpdir(), 'cpe-store-'));
    const store = await openLmdbStore(sound);
    await appendMany(store, 'shop', 0, 300);
    await store.writeSnapshot('shop', 200, 'x'.repeat(50_000));
    await appendMany(store, 'blog', 0, 50);
    await store.close();
  });
  after(() => rmSync(sound, { recursive: true }));

  it('a data file that is cut short anywhere is named, its damage too, and left as it is', { timeout }, async () => {
    const { size } = statSync(join(sound, 'data.mdb'));
    const lengths = [0, 1, 100, 4096, 8191, 8192, 12_288, size >> 1, (size >> 1) + 1, size - 40_960];
    for (const length of lengths) {
      await withDamage(
        sound,
        (file) => truncateSync(file, length),
        async (directory, file) => {
          for (const check of ['whole', 'length'] as const) {
            await assert.rejects(openLmdbStore(directory, { check }), isCode('damaged', file), `${length} ${check}`);
          }
        },
      );
    }
  });

  it('of a data file that lost its last pages either nothing was in use or the damage is named', {
    timeout,
  }, async () => {
    const { size } = statSync(join(sound, 'data.mdb'));
    for (let length = size - 4096; length > size - 5 * 4096; length -= 4096) {
      await withDamage(sound, (file) => truncateSync(file, length), openOrDamaged);
    }
  });

  it('bytes that changed in a page in use are noticed', { timeout }, async () => {
    await withDamage(sound, (file) => overwrite(file, findText(file, '"reason":"shop 250"') + 12, 'X'), isDamaged);
    await withDamage(sound, (file) => overwrite(file, findText(file, 'xxxxxxxxxxxx'), 'y'), isDamaged);
    await withDamage(sound, (file) => overwrite(file, 24, 'no meta'), isDamaged);
    // The page header's lower and upper bounds of its free space.
    for (const bound of [20, 22]) {
      const atBound = (file: string) => (findText(file, '"reason":"shop 250"') & ~4095) + bound;
      await withDamage(sound, (file) => overwrite(file, atBound(file), Buffer.from([8])), isDamaged);
    }
  });

  it('a page of garbage is noticed unless it was free', { timeout }, async () => {
    const pages = statSync(join(sound, 'data.mdb')).size / 4096;
    let damages = 0;
    for (let page = 2; page < pages; page += Math.ceil(pages / 12)) {
      const garbage = Buffer.alloc(4096, `${page}\xa5\x3c`, 'latin1');
      const isNoticed = await withDamage(sound, (file) => overwrite(file, page * 4096, garbage), openOrDamaged);
      if (isNoticed) damages++;
    }
    assert.ok(damages > 3, `${damages}`);
  });

  it('a damaged gate is named, with what helps, and the data survive it', { timeout }, async () => {
    const directory = copyOf(sound);
    const gate = join(directory, 'gate.mdb');
    await (await openLmdbStore(directory)).close();
    truncateSync(gate, 4096);
    await assert.rejects(openLmdbStore(directory), isCode('damaged', `${gate} is damaged`));
    rmSync(gate);
    assert.equal(await openOrDamaged(directory, gate), false);
    rmSync(directory, { recursive: true });
  });

  it('a file of something else is named', { timeout }, async () => {
    await withDamage(sound, (file) => writeFileSync(file, 'SQLite format 3\0'.repeat(10_000)), isDamaged);
  });

  it('a store of a later format is refused and left as it is', { timeout }, async () => {
    const directory = copyOf(sound);
    const environment = openEnvironment(directory, { mapBytes: 1 << 20, isReadOnly: false });
    environment.transact(() => environment.tables.meta.put('format', JSON.stringify({ version: 2 })));
    await environment.close();
    const before = readFileSync(join(directory, 'data.mdb'));
    for (const check of ['whole', 'length'] as const) {
      await assert.rejects(openLmdbStore(directory, { check }), isCode('newer-format', 'format 2'));
    }
    assert.ok(before.equals(readFileSync(join(directory, 'data.mdb'))));
    rmSync(directory, { recursive: true });
  });

  it('a store in use can be checked and opened by others', { timeout }, async () => {
    await inDirectory(async (directory) => {
      const store = await openLmdbStore(directory);
      let isDone = false;
      const writing = (async () => {
        for (let sequence = 0; !isDone; sequence++) {
          await store.append('shop', sequence, {
            delta: 'x'.repeat((sequence * 37) % 9000),
            events: [eventDraft('e')],
          });
          if (sequence % 20 === 19) await store.writeSnapshot('shop', sequence, sequence);
        }
      })();
      for (let round = 0; round < 4; round++) await (await openLmdbStore(directory, { check: 'whole' })).close();
      isDone = true;
      await writing;
      await store.close();
    });
  });
});

async function inDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-store-'));
  try {
    await run(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A file system of 2 MiB in memory. */
async function onSmallFileSystem(context: TestContext, run: (mounted: string) => Promise<void>): Promise<void> {
  if (!isRoot(context)) return;
  await inDirectory(async (mounted) => {
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mounted]);
    if (mount.status !== 0) return context.skip(`NOT TESTED, mounting a tmpfs failed: ${mount.stderr}`);
    try {
      await run(mounted);
    } finally {
      execFileSync('umount', ['-l', mounted]);
    }
  });
}

function isRoot(context: TestContext): boolean {
  if (process.getuid?.() === 0) return true;
  context.skip('NOT TESTED: needs root, for a small file system or another user');
  return false;
}

/** Writes until nothing more goes in. */
function fill(file: string): void {
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
    }
  }
}

function copyOf(sound: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-store-'));
  copyFileSync(join(sound, 'data.mdb'), join(directory, 'data.mdb'));
  return directory;
}

/** Damages a copy, runs `run` on it, and makes sure that this left the file alone unless it opened. */
async function withDamage<T>(
  sound: string,
  damage: (file: string) => void,
  run: (directory: string, file: string) => Promise<T>,
): Promise<T> {
  const directory = copyOf(sound);
  const file = join(directory, 'data.mdb');
  try {
    damage(file);
    const before = readFileSync(file);
    const result = await run(directory, file);
    assert.ok(existsSync(file) && before.equals(readFileSync(file)), 'the data file was changed');
    return result;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function isDamaged(directory: string, file: string): Promise<void> {
  await assert.rejects(openLmdbStore(directory), isCode('damaged', file));
}

/** Whether the damage was noticed; if not, all that was stored must still be there. */
async function openOrDamaged(directory: string, file: string): Promise<boolean> {
  try {
    const store = await openLmdbStore(directory);
    assert.equal((await store.events({ since: 0, limit: 1000 })).length, 350);
    assert.equal((await store.read('shop', 200, 1000)).length, 100);
    await store.close();
    return false;
  } catch (error) {
    assert.ok(isCode('damaged', file)(error), String(error));
    return true;
  }
}

function overwrite(file: string, offset: number, content: string | Buffer): void {
  const bytes = readFileSync(file);
  bytes.set(Buffer.from(content), offset);
  writeFileSync(file, bytes);
}

/** The last place of `text`: the latest version of its page lies behind older ones, mostly. */
function findText(file: string, text: string): number {
  const offset = readFileSync(file).lastIndexOf(text);
  assert.notEqual(offset, -1);
  return offset;
}

function isCode(code: StoreErrorCode, mention: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(isStoreError(error), String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.includes(mention), error.message);
    return true;
  };
}
