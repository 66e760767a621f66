import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Bus } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import type { Scheduler } from '../scheduler/scheduler.js';
import { createMemoryDisk, openMemoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';
import { shopState } from './core/sample-shop.js';
import { sampleState } from './core/sample-state.js';
import { DecisionArchive } from './decision-archive.js';
import { DpeRuntime } from './dpe-runtime.js';
import { acquireLease } from './lease.js';
import { commit, loadState } from './persisted-state.js';

/** A bus on which nobody is. */
const silence: Bus = {
  publish: () => ({ kind: 'sent' }),
  request: async () => ({ kind: 'error', error: busError('no-responder', 'nobody') }),
  subscribe: () => ({ unsubscribe: () => undefined }),
  onStatus: () => () => undefined,
  isConnected: () => true,
  counters: () => ({ received: 0, garbage: 0, overflowed: 0, handlerFailures: 0, reconnects: 0 }),
  flush: async () => true,
  close: async () => undefined,
};

const undecided: Scheduler = {
  hello: () => Promise.reject(new Error('not asked')),
  decide: async () => ({ kind: 'failed', reason: 'closed', message: 'no scheduler', attempts: 1, stderr: '' }),
  close: async () => undefined,
};

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Bench {
  readonly runtime: DpeRuntime;
  readonly store: Store;
  /** Appends wait until this is called. */
  readonly letWrite: () => void;
}

/** A DPE of the shop in which everything runs, with a store whose writes wait. */
async function withRuntime(use: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'dpe-runtime-'));
  const store = openMemoryStore(createMemoryDisk());
  const leased = await acquireLease(store, 'shop', 'one', Date.now());
  assert.ok(leased.kind === 'held');
  const { fence } = leased;
  const { durable } = shopState();
  assert.equal(
    (await commit(store, fence, { state: { ...durable, hasRun: false }, sequence: 0 }, durable, [])).kind,
    'committed',
  );
  let letWrite = () => {};
  const gate = new Promise<void>((resolve) => (letWrite = resolve));
  const append: Store['append'] = (...written) => gate.then(() => store.append(...written));
  const gated = new Proxy(store, {
    get: (target, member) => (member === 'append' ? append : Reflect.get(target, member).bind(target)),
  });
  const archive = new DecisionArchive(directory, () => undefined);
  const { options, dialect } = sampleState().volatile;
  const runtime = new DpeRuntime({
    bus: silence,
    store: gated,
    scheduler: undecided,
    archive,
    log: quiet,
    fence,
    persisted: { state: durable, sequence: 1 },
    mintForAgent: () => 'secret',
    onEnded: () => undefined,
    dialect,
    options,
    onLost: () => undefined,
    isLeaseHeld: () => true,
  });
  try {
    await use({ runtime, store, letWrite });
  } finally {
    letWrite();
    runtime.stop();
    await archive.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const stop = { kind: 'resource-stop', resource: 'db.redis' } as const;

test("an operator's verb is answered once it is durable, and not before", () =>
  withRuntime(async ({ runtime, store, letWrite }) => {
    let isAnswered = false;
    const answer = runtime.perform(stop, 'operator alice').finally(() => {
      isAnswered = true;
    });
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isAnswered, false);
    assert.deepEqual(await store.events({ since: 0, limit: 10 }), []);
    letWrite();
    const reply = await answer;
    assert.ok(reply.kind === 'done' && reply.isChanged);
    assert.deepEqual(
      (await store.events({ since: 0, limit: 10 })).map(({ kind, assembly, resource }) => [kind, assembly, resource]),
      [['resource-stop-ordered', 'db', 'redis']],
    );
    const again = await runtime.perform(stop, 'operator bob');
    assert.ok(again.kind === 'done' && !again.isChanged);
    assert.equal((await store.events({ since: 0, limit: 10 })).length, 1);
  }));

test('a verb that nobody will answer any more is refused: the process lets go', () =>
  withRuntime(async ({ runtime }) => {
    const waiting = runtime.perform(stop, 'operator alice');
    runtime.stop();
    for (const reply of [await waiting, await runtime.perform(stop, 'operator alice')]) {
      assert.ok(reply.kind === 'refused');
      assert.equal(reply.code, 'unavailable');
    }
  }));

test('what a verb wanted is what a successor reads', () =>
  withRuntime(async ({ runtime, store, letWrite }) => {
    letWrite();
    await runtime.perform({ kind: 'deployable-hold', reason: 'an audit' }, 'operator alice');
    const { hold } = (await loadState(store, 'shop')).state.overrides;
    assert.deepEqual([hold?.by, hold?.reason], ['operator alice', 'an audit']);
  }));
