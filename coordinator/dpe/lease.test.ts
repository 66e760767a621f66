import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryDisk, openMemoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';
import { acquireLease, type LeaseRecord, leaseKey, leaseTermMs, renewLease } from './lease.js';

const now = 1_800_000_000_000;

/** A store in which this process holds the lease as `one`, changed as given. */
async function held(change: Partial<LeaseRecord> = {}): Promise<Store> {
  const store = openMemoryStore(createMemoryDisk());
  const leased = await acquireLease(store, 'shop', 'one', now);
  assert.ok(leased.kind === 'held');
  await store.put(leaseKey('shop'), { ...leased.lease, ...change }, 'any');
  return store;
}

const attempts: readonly {
  readonly name: string;
  readonly change?: Partial<LeaseRecord>;
  readonly holder?: string;
  readonly afterMs?: number;
  readonly kind: 'held' | 'taken';
}[] = [
  { name: 'of a living process is taken', kind: 'taken' },
  { name: 'of a living process is taken until it ends', afterMs: leaseTermMs - 1, kind: 'taken' },
  { name: 'that has run out goes to the next', afterMs: leaseTermMs, kind: 'held' },
  { name: 'of a process that is gone goes to the next at once', change: { pid: 2 ** 22 + 1 }, kind: 'held' },
  { name: 'of a process whose pid is another one by now goes to the next', change: { startTicks: 1 }, kind: 'held' },
  { name: 'of another boot has to run out', change: { machine: 'other', pid: 2 ** 22 + 1 }, kind: 'taken' },
  { name: 'of the same decider is taken up again', holder: 'one', kind: 'held' },
];

for (const { name, change, holder = 'two', afterMs = 1_000, kind } of attempts) {
  test(`a lease ${name}`, async () => {
    const outcome = await acquireLease(await held(change), 'shop', holder, now + afterMs);
    assert.equal(outcome.kind, kind);
    if (outcome.kind === 'held') {
      assert.equal(outcome.lease.epoch, 2);
      assert.deepEqual(outcome.fence, { leaseKey: leaseKey('shop'), epoch: 2, holder });
    }
  });
}

test('of two that take the lease at the same moment one gets it', async () => {
  const store = openMemoryStore(createMemoryDisk());
  const outcomes = await Promise.all(['one', 'two'].map((holder) => acquireLease(store, 'shop', holder, now)));
  assert.deepEqual(outcomes.map(({ kind }) => kind).sort(), ['held', 'unavailable']);
});

test('a lease that is renewed lasts longer, and one that another has is lost', async () => {
  const store = openMemoryStore(createMemoryDisk());
  const leased = await acquireLease(store, 'shop', 'one', now);
  assert.ok(leased.kind === 'held');
  assert.equal((await renewLease(store, leased.fence, now + 9_000)).kind, 'renewed');
  assert.equal((await acquireLease(store, 'shop', 'two', now + leaseTermMs + 1)).kind, 'taken');
  assert.equal((await acquireLease(store, 'shop', 'two', now + 9_000 + leaseTermMs)).kind, 'held');
  assert.equal((await renewLease(store, leased.fence, now + 20_000)).kind, 'lost');
  await store.remove(leaseKey('shop'), 'any');
  assert.equal((await renewLease(store, leased.fence, now + 20_000)).kind, 'lost');
});
