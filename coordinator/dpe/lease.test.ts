import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryDisk, openMemoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';
import {
  acquireLease,
  createLeaseSight,
  giveBackLease,
  type LeaseRecord,
  leaseKey,
  leaseTermMs,
  leaseWatchMs,
  renewLease,
} from './lease.js';

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
  { name: 'that was given back goes to the next at once', change: { expiresAt: 0 }, kind: 'held' },
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

/** A second coordinator machine, whose steady clock is moved by hand and whose wall clock is an hour ahead. */
function otherMachine(store: Store) {
  let steady = 0;
  const shared = { machine: 'b', sight: createLeaseSight(() => steady) };
  return {
    pass: (ms: number) => {
      steady += ms;
    },
    acquire: (runOutRevision?: number) =>
      acquireLease(store, 'shop', 'two', now + 3_600_000, { ...shared, runOutRevision }),
  };
}

async function heldElsewhere(): Promise<Store> {
  const store = openMemoryStore(createMemoryDisk());
  const machine = { machine: 'a', sight: createLeaseSight(() => 0) };
  assert.equal((await acquireLease(store, 'shop', 'one', now, machine)).kind, 'held');
  return store;
}

test('the lease of another machine is watched for its whole term, whatever the clocks on the wall say', async () => {
  const other = otherMachine(await heldElsewhere());
  assert.equal((await other.acquire()).kind, 'taken');
  other.pass(leaseWatchMs - 1);
  assert.equal((await other.acquire()).kind, 'taken');
  other.pass(1);
  const taken = await other.acquire();
  assert.ok(taken.kind === 'held');
  assert.equal(taken.lease.epoch, 2);
  assert.equal(taken.before?.ended, 'run-out');
});

test('a renewal that is seen begins the watch anew', async () => {
  const store = await heldElsewhere();
  const other = otherMachine(store);
  await other.acquire();
  other.pass(leaseWatchMs - 1);
  const fence = { leaseKey: leaseKey('shop'), epoch: 1, holder: 'one' };
  assert.equal((await renewLease(store, fence, now + 9_000)).kind, 'renewed');
  other.pass(1);
  assert.equal((await other.acquire()).kind, 'taken');
  other.pass(leaseWatchMs);
  assert.equal((await other.acquire()).kind, 'held');
  assert.equal((await renewLease(store, fence, now + 30_000)).kind, 'lost');
});

test('what another watcher saw run out is taken at once, and not when it was renewed since', async () => {
  const store = await heldElsewhere();
  const { revision = 0 } = (await store.get(leaseKey('shop'))) ?? {};
  const fence = { leaseKey: leaseKey('shop'), epoch: 1, holder: 'one' };
  await renewLease(store, fence, now);
  assert.equal((await otherMachine(store).acquire(revision)).kind, 'taken');
  const renewed = (await store.get(leaseKey('shop')))?.revision;
  assert.equal((await otherMachine(store).acquire(renewed)).kind, 'held');
});

test('a lease is given back by its holder only, and keeps its epoch', async () => {
  const store = await heldElsewhere();
  await giveBackLease(store, { leaseKey: leaseKey('shop'), epoch: 1, holder: 'two' });
  assert.equal((await otherMachine(store).acquire()).kind, 'taken');
  await giveBackLease(store, { leaseKey: leaseKey('shop'), epoch: 1, holder: 'one' });
  const taken = await otherMachine(store).acquire();
  assert.ok(taken.kind === 'held');
  assert.equal(taken.lease.epoch, 2);
});

test('a lease is given back also while it is being renewed', async () => {
  const store = await heldElsewhere();
  const fence = { leaseKey: leaseKey('shop'), epoch: 1, holder: 'one' };
  await Promise.all([renewLease(store, fence, now), giveBackLease(store, fence)]);
  assert.equal((await otherMachine(store).acquire()).kind, 'held');
});
