import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import fc from 'fast-check';
import { audit } from '../../coordinator/store/audit.js';
import { checkDataFile } from '../../coordinator/store/lmdb-check.js';
import { openLmdbStore } from '../../coordinator/store/lmdb-store.js';
import { createMemoryDisk, openMemoryStore } from '../../coordinator/store/memory-store.js';
import type { Store } from '../../coordinator/store/store.js';
import { eventDraft, type StoreUnderTest, storeContract } from './store-suite.js';

storeContract('memory store', async () => createMemory());
storeContract('LMDB store', createLmdb);

async function createLmdb(): Promise<StoreUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'cpe-store-'));
  return {
    open: (limits = {}) => openLmdbStore(directory, { limits, check: 'length' }),
    async dispose() {
      await checkDataFile(directory, 'whole');
      await rm(directory, { recursive: true });
    },
  };
}

function createMemory(): StoreUnderTest {
  const disk = createMemoryDisk();
  return {
    open: async (limits = {}) => openMemoryStore(disk, { limits }),
    dispose: async () => assert.equal(audit(disk), undefined),
  };
}

it('a memory store whose scheduler drops a write has written nothing', async () => {
  const disk = createMemoryDisk();
  const waiting: (() => void)[] = [];
  const dying = openMemoryStore(disk, { schedule: (run) => waiting.push(run) });
  const first = dying.append('shop', 0, { delta: 1, events: [] });
  let isToldOfSecond = false;
  void dying.append('shop', 1, { delta: 2, events: [] }).then(() => {
    isToldOfSecond = true;
  });
  waiting.shift()?.();
  assert.equal((await first).kind, 'appended');
  assert.equal((await openMemoryStore(disk).read('shop', 0, 10)).length, 1);
  assert.equal(isToldOfSecond, false);
});

it('memory and LMDB give the same outcomes for any series of calls', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 60 }), async (calls) => {
      const outcomes: unknown[][] = [];
      for (const create of [async () => createMemory(), createLmdb]) {
        const underTest = await create();
        const store = await underTest.open({ maxStoreBytes: 4000, maxEvents: 12, maxSnapshotBytes: 900 });
        const answers: unknown[] = [];
        for (const run of calls) answers.push(await run(store));
        answers.push(await store.list('', 100), await store.events({ since: 0, limit: 100 }));
        await store.close();
        await underTest.dispose();
        outcomes.push(answers);
      }
      assert.deepEqual(outcomes[0], outcomes[1]);
    }),
    { numRuns: 15 },
  );
});

/** Small numbers and few names, so that calls meet. */
const name = fc.constantFrom('a', 'b', 'ab');
const small = fc.nat({ max: 8 });
const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<string>, fc.constant('x'.repeat(700)));
const fence = fc.option(fc.record({ leaseKey: name, epoch: fc.nat({ max: 1 }), holder: fc.constant('h') }), {
  nil: undefined,
  freq: 3,
});
const expected = fc.oneof(fc.constant('any' as const), fc.integer({ min: 1, max: 12 }));
const call: fc.Arbitrary<(store: Store) => Promise<unknown>> = fc.oneof(
  fc.tuple(name, small, value, small).map(([deployable, sequence, delta, count]) => (store: Store) => {
    const events = Array.from({ length: count }, (_, index) => eventDraft(`${index}`, deployable));
    return store.append(deployable, sequence, { delta, events });
  }),
  // Appends where the log ends, so that logs grow.
  fc.tuple(name, value).map(([deployable, delta]) => async (store: Store) => {
    const probe = await store.append(deployable, 1_000_000, { delta: 0, events: [] });
    const end = probe.kind === 'conflict' ? probe.actualSequence : 0;
    return store.append(deployable, end, { delta, events: [eventDraft('e', deployable)] });
  }),
  fc.tuple(name, small, value).map(([deployable, sequence, state]) => (store: Store) => {
    return store.writeSnapshot(deployable, sequence, state);
  }),
  fc.tuple(name, small, fc.integer({ min: 1, max: 4 })).map(([deployable, after, limit]) => async (store: Store) => {
    return [await store.read(deployable, after, limit), await store.readSnapshot(deployable)];
  }),
  name.map((deployable) => (store: Store) => store.removeLog(deployable)),
  fc.tuple(name, value, expected, fence).map(([key, content, revision, lease]) => (store: Store) => {
    return store.put(key, content, revision, lease ? { fence: lease } : {});
  }),
  fc.tuple(name, fc.nat({ max: 1 })).map(
    ([key, epoch]) =>
      (store: Store) =>
        store.put(key, { epoch, holder: 'h' }, 'any'),
  ),
  fc.tuple(name, expected).map(
    ([key, revision]) =>
      (store: Store) =>
        store.remove(key, revision),
  ),
  fc.tuple(small, name).map(
    ([since, deployable]) =>
      (store: Store) =>
        store.events({ since, limit: 5, deployable }),
  ),
);
