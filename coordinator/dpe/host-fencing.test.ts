import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMemoryDisk, openMemoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';
import type { DpeEvent } from './core/dpe-event.js';
import { type FenceHost, type HostFencing, openHostFencing } from './host-fencing.js';
import { claimFencing, readHost, recordHostDeath, releaseFencing } from './host-record.js';

type Outcome = Extract<DpeEvent, { kind: 'host-fenced' }>['outcome'];

interface Bench {
  readonly store: Store;
  readonly fencing: HostFencing;
  readonly order: (heardAt: number) => FenceHost;
  /** The next answer. */
  readonly answer: () => Promise<{ readonly host: string; readonly outcome: Outcome }>;
  /** How often the fencer has been run. */
  readonly runs: () => Promise<number>;
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A DPE's fencing with a fencer that counts its runs, and whatever store. */
async function withFencer(script: string, use: (bench: Bench) => Promise<void>, store?: Store): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'host-fencing-'));
  const program = join(directory, 'fence_test');
  await writeFile(program, `#!/bin/sh\ncat > input; echo run >> runs\n${script}\n`.replaceAll('> ', `> ${directory}/`));
  await chmod(program, 0o755);
  const answers: { readonly host: string; readonly outcome: Outcome }[] = [];
  let wake = () => {};
  const own = store ?? openMemoryStore(createMemoryDisk());
  const fencing = openHostFencing({
    store: own,
    deployable: 'shop',
    log: quiet,
    onFenced: (host, outcome) => {
      answers.push({ host, outcome });
      wake();
    },
  });
  const fencer = { command: [program], parameters: {}, timeoutMs: 20_000 };
  try {
    await use({
      store: own,
      fencing,
      order: (heardAt) => ({
        kind: 'fence-host',
        host: 'h1',
        operation: 'off',
        fencer,
        expiresAt: Date.now() + 20_000,
        heardAt,
      }),
      answer: async () => {
        while (answers.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        const first = answers.shift();
        assert.ok(first);
        return first;
      },
      runs: async () => (await readFile(join(directory, 'runs'), 'utf8').catch(() => '')).split('run').length - 1,
    });
  } finally {
    fencing.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const off = 'exit 2';
const death = { at: 5_000, by: 'the DPE of other', evidence: 'off' };

test('a host is fenced once it is proven by nobody else', () =>
  withFencer(off, async ({ fencing, order, answer, runs }) => {
    fencing.fence(order(1_000));
    const { host, outcome } = await answer();
    assert.deepEqual([host, outcome.kind], ['h1', 'fenced']);
    assert.equal(await runs(), 2, 'off and status');
  }));

test('a proof that is newer than the last sign of life is enough: no fencer is run', () =>
  withFencer(off, async ({ store, fencing, order, answer, runs }) => {
    await recordHostDeath(store, 'h1', death);
    fencing.fence(order(4_999));
    assert.deepEqual((await answer()).outcome, { kind: 'known', death });
    assert.equal(await runs(), 0);
    fencing.fence(order(5_000));
    assert.equal((await answer()).outcome.kind, 'fenced');
    assert.equal(await runs(), 2, 'a proof of an earlier death proves nothing');
  }));

test('two orders for one host are carried out one after the other', () =>
  withFencer(off, async ({ fencing, order, answer, runs }) => {
    fencing.fence(order(1_000));
    fencing.fence(order(1_000));
    assert.equal((await answer()).outcome.kind, 'fenced');
    assert.equal((await answer()).outcome.kind, 'fenced');
    assert.equal(await runs(), 4);
  }));

const others = { by: 'the DPE of other', until: Number.MAX_SAFE_INTEGER };

const atOnce = { now: 0, heardAt: 0 };

/** Holds until `isIt` does. */
async function until(isIt: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await isIt()); ) {
    assert.ok(Date.now() < deadline, 'not in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a host that another has fenced is not fenced a second time: its proof is waited for', () =>
  withFencer(off, async ({ store, fencing, order, answer, runs }) => {
    await claimFencing(store, 'h1', others, atOnce);
    fencing.fence(order(1_000));
    await recordHostDeath(store, 'h1', death);
    assert.deepEqual((await answer()).outcome, { kind: 'known', death });
    assert.equal(await runs(), 0);
  }));

test('what another could not fence is not tried again at once', async () => {
  const disk = openMemoryStore(createMemoryDisk());
  let reads = 0;
  const get: Store['get'] = (key) => {
    reads += 1;
    return disk.get(key);
  };
  const store = new Proxy(disk, {
    get: (target, member) => (member === 'get' ? get : Reflect.get(target, member).bind(target)),
  });
  await withFencer(
    off,
    async ({ fencing, order, answer, runs }) => {
      await claimFencing(disk, 'h1', others, atOnce);
      fencing.fence(order(1_000));
      // It asks for the claim, and looks again whether that is over.
      await until(async () => reads > 2);
      await releaseFencing(disk, 'h1', others.by);
      const { outcome } = await answer();
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.reason, /the DPE of other/);
      assert.equal(await runs(), 0);
    },
    store,
  );
});

test('a claim that has expired holds up nobody, and a proof ends it', () =>
  withFencer(off, async ({ store, fencing, order, answer, runs }) => {
    await claimFencing(store, 'h1', { ...others, until: Date.now() + 300 }, atOnce);
    fencing.fence(order(1_000));
    assert.equal((await answer()).outcome.kind, 'fenced');
    assert.equal(await runs(), 2);
    assert.equal((await readHost(store, 'h1')).fencing?.by, 'the DPE of shop', 'until its proof is told');
    fencing.tellDead({ kind: 'tell-host-dead', host: 'h1', at: 9_000, evidence: 'off' });
    await until(async () => (await readHost(store, 'h1')).fencing === undefined);
  }));

test('a fencing that is ended is not answered, and leaves the host to others', () =>
  withFencer('exec sleep 60', async ({ store, fencing, order, answer, runs }) => {
    fencing.fence(order(1_000));
    await until(async () => (await runs()) > 0);
    fencing.end('h1');
    await until(async () => (await readHost(store, 'h1')).fencing === undefined);
    await recordHostDeath(store, 'h1', death);
    fencing.fence(order(1_000));
    assert.deepEqual((await answer()).outcome, { kind: 'known', death });
  }));

test('a fencer that fails is answered with what it said', () =>
  withFencer('echo no route; exit 1', async ({ fencing, order, answer }) => {
    fencing.fence(order(1_000));
    const { outcome } = await answer();
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.reason, /no route/);
  }));

test('a store that cannot be read is a reason not to fence', async () => {
  const broken = openMemoryStore(createMemoryDisk());
  await broken.close();
  await withFencer(
    off,
    async ({ fencing, order, answer, runs }) => {
      fencing.fence(order(1_000));
      assert.equal((await answer()).outcome.kind, 'failed');
      assert.equal(await runs(), 0);
    },
    broken,
  );
});

test('a proof is told to everybody, also when the store takes no writes for a while', async () => {
  const disk = openMemoryStore(createMemoryDisk());
  let refusals = 1;
  const put: Store['put'] = (key, value, expected) =>
    refusals-- > 0
      ? Promise.resolve({ kind: 'refused', reason: 'disk-full', message: 'no space' })
      : disk.put(key, value, expected);
  const store = new Proxy(disk, {
    get: (target, member) => (member === 'put' ? put : Reflect.get(target, member).bind(target)),
  });
  await withFencer(
    off,
    async ({ fencing }) => {
      fencing.tellDead({ kind: 'tell-host-dead', host: 'h1', at: 9_000, evidence: 'off' });
      await until(async () => (await readHost(disk, 'h1')).death !== undefined);
      assert.deepEqual((await readHost(disk, 'h1')).death, { at: 9_000, by: 'the DPE of shop', evidence: 'off' });
    },
    store,
  );
});
