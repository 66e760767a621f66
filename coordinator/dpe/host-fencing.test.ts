import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMemoryDisk, openMemoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';
import type { DpeEvent } from './core/dpe-event.js';
import { type FenceHost, type HostFencing, openHostFencing } from './host-fencing.js';
import { readHost, recordHostDeath } from './host-record.js';

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
      const deadline = Date.now() + 20_000;
      while ((await readHost(disk, 'h1')).death === undefined) {
        assert.ok(Date.now() < deadline, 'not told in time');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.deepEqual((await readHost(disk, 'h1')).death, { at: 9_000, by: 'the DPE of shop', evidence: 'off' });
    },
    store,
  );
});
