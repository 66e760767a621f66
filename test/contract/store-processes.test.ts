/** Several processes on one LMDB store: races, SIGKILL, and a lock that is held. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openLmdbStore } from '../../coordinator/store/lmdb-store.js';
import type { Store } from '../../coordinator/store/store.js';

const timeout = 240_000;

describe('processes that share an LMDB store', () => {
  it('of two that race for every sequence of one log exactly one wins each', { timeout }, async () => {
    await inDirectory(async (directory, start) => {
      const end = 200;
      const racers = [1, 2].map(() => start('append-shared', directory, 'shop', `${end}`));
      const won = await Promise.all(racers.map((racer) => racer.finished()));
      assert.deepEqual(
        won.flat().sort((a, b) => Number(a) - Number(b)),
        numbers(1, end),
      );
      await withStore(directory, async (store) => {
        assert.deepEqual(
          (await store.read('shop', 0, 1000)).map(({ sequence }) => sequence),
          numbers(1, end),
        );
        assert.equal(await store.latestEventSequence(), end);
      });
    });
  });

  it('no epoch of a lease is taken twice by three that contend for it', { timeout }, async () => {
    await inDirectory(async (directory, start) => {
      const contenders = [1, 2, 3].map(() => start('lease', directory, 'lease/shop', '60'));
      const taken = await Promise.all(contenders.map((contender) => contender.finished()));
      assert.deepEqual(
        taken.flat().sort((a, b) => Number(a) - Number(b)),
        numbers(1, 180),
      );
    });
  });

  it('what writers that are killed again and again were told is there, and seqs have no gap', { timeout }, async () => {
    await inDirectory(async (directory, start) => {
      const names = ['alpha', 'beta', 'gamma'];
      const told = await Promise.all(
        names.map((name, index) => killAgainAndAgain(start, directory, name, 5, 7 + index)),
      );
      await withStore(directory, async (store) => {
        const events = await store.events({ since: 0, limit: 100_000 });
        assert.deepEqual(
          events.map(({ seq }) => seq),
          numbers(1, events.length),
        );
        for (const [index, name] of names.entries()) {
          const mine = events.filter((event) => event.deployable === name);
          // Records come with both of their events or not at all, in order, each once.
          const records = mine.length / 2;
          assert.deepEqual(
            mine.map(({ reason }) => reason),
            numbers(1, records).flatMap((n) => [`${n}a`, `${n}b`]),
          );
          const bySeq = new Map(mine.map((event) => [event.seq, event.reason]));
          for (const [sequence, first, second] of told[index] ?? []) {
            assert.deepEqual([bySeq.get(first), bySeq.get(second)], [`${sequence}a`, `${sequence}b`]);
          }
          const snapshot = (await store.readSnapshot(name))?.sequence ?? 0;
          const log = await store.read(name, snapshot, 100_000);
          assert.deepEqual(
            log.map(({ sequence }) => sequence),
            numbers(snapshot + 1, records),
          );
        }
      });
    });
  });

  it('opening the store while others write to it loses nothing of theirs', { timeout }, async () => {
    await inDirectory(async (directory, start) => {
      await withStore(directory, async () => {
        const writers = ['alpha', 'beta'].map((name) => start('append-own', directory, name));
        await Promise.all(writers.map((writer) => writer.next()));
        const openers = [1, 2].map(() => start('open-again', directory, '1000'));
        await Promise.all(openers.map((opener) => opener.finished()));
        // A writer whose record is gone gets a conflict at the next one, and ends.
        for (const writer of writers) assert.ok((await writer.kill()).length > 0);
        assert.deepEqual(
          writers.map((writer) => writer.signal()),
          ['SIGKILL', 'SIGKILL'],
        );
      });
    });
  });

  it('processes that come and go at the same time all get the store', { timeout }, async () => {
    await inDirectory(async (directory, start) => {
      const guests = [1, 2, 3].map(() => start('come-and-go', directory, '25'));
      await Promise.all(guests.map((guest) => guest.finished()));
    });
  });

  it('a process that waits for the lock keeps its event loop, and goes on when the holder is killed', {
    timeout,
  }, async () => {
    await inDirectory(async (directory, start) => {
      await withStore(directory, async (store) => {
        const holder = start('hold-lock', directory);
        await holder.next();
        let isSettled = false;
        const appending = store.append('shop', 0, { delta: 0, events: [] }).finally(() => {
          isSettled = true;
        });
        for (let turn = 0; turn < 200; turn++) await nextTurn();
        assert.equal(isSettled, false);
        await holder.kill();
        assert.equal((await appending).kind, 'appended');
      });
    });
  });

  it('a process with a busy event loop does not keep the lock', { timeout }, async () => {
    await inDirectory(async (directory, start) => {
      await withStore(directory, async (store) => {
        const busy = start('busy', directory, '3000');
        await busy.next();
        let isBusy = true;
        const outcome = busy.next().then((kind) => {
          isBusy = false;
          return kind;
        });
        for (let sequence = 0; sequence < 20; sequence++) {
          assert.equal((await store.append('shop', sequence, { delta: 0, events: [] })).kind, 'appended');
        }
        assert.equal(isBusy, true);
        assert.equal(await outcome, 'appended');
        await busy.finished();
      });
    });
  });
});

interface Child {
  /** The next thing it prints. */
  next(): Promise<unknown>;
  /** Everything it has printed since, once it has ended by itself with status 0. */
  finished(): Promise<unknown[]>;
  /** SIGKILL; returns everything it has printed since. */
  kill(): Promise<unknown[]>;
  /** What ended it, once it has ended; null if it ended by itself. */
  signal(): NodeJS.Signals | null;
}

type Start = (role: string, directory: string, ...args: string[]) => Child;

/** Runs with a directory of its own and the means to start children, and leaves neither behind. */
async function inDirectory(run: (directory: string, start: Start) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'cpe-store-'));
  const children: ChildProcess[] = [];
  const program = fileURLToPath(new URL('./store-process.js', import.meta.url));
  try {
    await run(directory, (...args) => {
      const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      return watch(child);
    });
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await rm(directory, { recursive: true });
  }
}

/** Reads all the time: a child must not wait for a pipe that is full. */
function watch(child: ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> }): Child {
  const unread: unknown[] = [];
  const changed = new EventEmitter();
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    unread.push(JSON.parse(line));
    changed.emit('change');
  });
  let isOver = false;
  const closed = once(child, 'close').finally(() => {
    isOver = true;
    changed.emit('change');
  });
  return {
    async next() {
      while (unread.length === 0 && !isOver) await once(changed, 'change');
      assert.ok(unread.length > 0, 'the child process has ended');
      return unread.shift();
    },
    async finished() {
      assert.deepEqual(await closed, [0, null]);
      return unread;
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
      return unread;
    },
    signal: () => child.signalCode,
  };
}

/** Starts a writer `rounds` times and kills it after `records` records or a few more; returns what it was told. */
async function killAgainAndAgain(
  start: Start,
  directory: string,
  name: string,
  rounds: number,
  records: number,
): Promise<(readonly [sequence: number, seq: number, seq: number])[]> {
  const told: unknown[] = [];
  for (let round = 0; round < rounds; round++) {
    const writer = start('append-own', directory, name);
    for (let record = 0; record < records * (round + 1); record++) told.push(await writer.next());
    told.push(...(await writer.kill()));
  }
  return told as [number, number, number][];
}

async function withStore(directory: string, run: (store: Store) => Promise<void>): Promise<void> {
  const store = await openLmdbStore(directory, { check: 'whole' });
  try {
    await run(store);
  } finally {
    await store.close();
  }
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
