import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryDisk, openMemoryStore } from '../store/memory-store.js';
import type { LeaseFence, Store } from '../store/store.js';
import type { DurableState } from './core/dpe-state.js';
import { emptyState } from './core/empty-state.js';
import { sampleState } from './core/sample-state.js';
import { acquireLease, leaseTermMs } from './lease.js';
import { commit, loadState, type PersistedState } from './persisted-state.js';

const now = 1_800_000_000_000;
const event = { time: now, kind: 'assembly-failed', assembly: 'web', reason: 'instance died' };

async function open(): Promise<{ readonly store: Store; readonly fence: LeaseFence }> {
  const store = openMemoryStore(createMemoryDisk());
  const leased = await acquireLease(store, 'shop', 'one', now);
  assert.ok(leased.kind === 'held');
  return { store, fence: leased.fence };
}

async function committed(
  { store, fence }: { readonly store: Store; readonly fence: LeaseFence },
  before: PersistedState,
  state: DurableState,
): Promise<PersistedState> {
  const outcome = await commit(store, fence, before, state, []);
  assert.ok(outcome.kind === 'committed');
  return { state, sequence: outcome.sequence };
}

const full = sampleState().durable;
const changes: readonly { readonly name: string; readonly state: DurableState }[] = [
  { name: 'members that are set', state: full },
  { name: 'a member that is replaced', state: { ...full, recovery: { kind: 'halted', since: now, reason: 'spent' } } },
  { name: 'optional members', state: { ...full, told: 'running' } },
  { name: 'arrays', state: { ...full, windows: { ...full.windows, deployable: [now, now + 1] } } },
  { name: 'keys that are gone', state: { ...full, assemblies: {}, history: {} } },
  { name: 'undefined members', state: { ...full, told: undefined as never } },
];

for (const { name, state } of changes) {
  test(`a state that is loaded is the one that was committed: ${name}`, async () => {
    const home = await open();
    const first = await committed(home, { state: emptyState('shop'), sequence: 0 }, full);
    await committed(home, first, state);
    const loaded = await loadState(home.store, 'shop');
    assert.deepEqual(JSON.parse(JSON.stringify(loaded.state)), JSON.parse(JSON.stringify(state)));
  });
}

test('a state is the same from the log and from a snapshot that replaced it', async () => {
  const home = await open();
  let last: PersistedState = { state: emptyState('shop'), sequence: 0 };
  for (let decision = 1; decision <= 450; decision++) {
    last = await committed(home, last, { ...last.state, counters: { ...last.state.counters, decision } });
  }
  assert.equal((await home.store.readSnapshot('shop'))?.sequence, 400);
  const loaded = await loadState(home.store, 'shop');
  assert.equal(loaded.sequence, 450);
  assert.deepEqual(loaded.state, last.state);
});

test('what did not change is committed already, and costs no record', async () => {
  const { store, fence } = await open();
  const before = { state: emptyState('shop'), sequence: 0 };
  const same = { ...before.state, hosts: {} };
  assert.deepEqual(await commit(store, fence, before, same, []), { kind: 'committed', sequence: 0, events: [] });
  assert.deepEqual(await store.read('shop', 0, 10), []);
});

test('events are stored with the change, also when nothing else changed', async () => {
  const { store, fence } = await open();
  const before = { state: emptyState('shop'), sequence: 0 };
  const outcome = await commit(store, fence, before, before.state, [event]);
  assert.ok(outcome.kind === 'committed');
  assert.deepEqual(outcome.events, [{ deployable: 'shop', ...event, seq: 1 }]);
  assert.deepEqual(await loadState(store, 'shop'), { state: before.state, sequence: 1 });
});

test('a decider whose lease was taken over, or whose log went on without it, has lost and writes nothing', async () => {
  const { store, fence } = await open();
  const before = { state: emptyState('shop'), sequence: 0 };
  const next = { ...before.state, hasRun: true };
  assert.equal((await commit(store, fence, before, next, [])).kind, 'committed');
  assert.equal((await commit(store, fence, before, next, [event])).kind, 'lost');
  await acquireLease(store, 'shop', 'two', now + leaseTermMs + 1);
  assert.equal((await commit(store, fence, { state: next, sequence: 1 }, full, [event])).kind, 'lost');
  assert.deepEqual(await store.events({ since: 0, limit: 10 }), []);
});

test('what the store has no room for may be tried again', async () => {
  const store = openMemoryStore(createMemoryDisk(), { limits: { maxRecordBytes: 2_000 } });
  const leased = await acquireLease(store, 'shop', 'one', now);
  assert.ok(leased.kind === 'held');
  const before = { state: emptyState('shop'), sequence: 0 };
  const large = { ...before.state, reports: { ['x'.repeat(3_000)]: 1 } };
  assert.equal((await commit(store, leased.fence, before, large, [])).kind, 'refused');
  assert.equal((await commit(store, leased.fence, before, { ...before.state, hasRun: true }, [])).kind, 'committed');
});

for (const isSnapshot of [false, true]) {
  const where = isSnapshot ? 'in a snapshot' : 'in its log';
  test(`a state that an earlier version wrote ${where} has what it did not know, and its definition is read again`, async () => {
    const home = await open();
    const { overrides: _unknown, ...earlier } = full;
    const definition = { revision: 3, deployable: { name: 'shop', hosts: [], assemblies: [] } };
    const written = { ...earlier, hosts: { h1: { isConfirmedDead: false } }, definition } as unknown as DurableState;
    const { overrides: _none, ...nothing } = emptyState('shop');
    let last = await committed(home, { state: nothing as DurableState, sequence: 0 }, written);
    for (let decision = 1; isSnapshot && last.sequence < 200; decision++) {
      last = await committed(home, last, { ...last.state, counters: { ...last.state.counters, decision } });
    }
    const loaded = await loadState(home.store, 'shop');
    assert.deepEqual(loaded.state.overrides, emptyState('shop').overrides);
    const { standing, isDrained } = loaded.state.hosts.h1 ?? {};
    assert.deepEqual([standing, isDrained], ['in-service', false]);
    assert.equal(loaded.state.definition.revision, 0);
    assert.deepEqual(loaded.state.assemblies, full.assemblies);
    const held = { since: now, by: 'operator alice', reason: '' };
    const overrides = { ...loaded.state.overrides, hold: held };
    await committed(home, loaded, { ...loaded.state, overrides });
    assert.deepEqual((await loadState(home.store, 'shop')).state.overrides, overrides);
  });
}
