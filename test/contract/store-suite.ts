import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '../../coordinator/state/json.js';
import type { EventDraft, LeaseFence, PutOutcome, Store, StoreLimits } from '../../coordinator/store/store.js';
import { isStoreError } from '../../coordinator/store/store-error.js';

/** One empty store; every `open` is another handle on it, as another process would have. */
export interface StoreUnderTest {
  open(limits?: Partial<StoreLimits>): Promise<Store>;
  /** Called once all handles are closed: checks what is kept, and cleans up. */
  dispose(): Promise<void>;
}

/** What every adapter of the store's port has to do. */
export function storeContract(adapter: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${adapter}: log`, () => logContract(create));
  describe(`${adapter}: events`, () => eventContract(create));
  describe(`${adapter}: keyed records`, () => keyedContract(create));
  describe(`${adapter}: fences`, () => fenceContract(create));
  describe(`${adapter}: limits`, () => limitContract(create));
  describe(`${adapter}: handles`, () => handleContract(create));
}

type Create = () => Promise<StoreUnderTest>;
type Open = StoreUnderTest['open'];

/** A test on an empty store: closes every handle it opened and disposes of the store. */
function on(create: Create, name: string, run: (store: Store, open: Open) => Promise<void>): void {
  it(name, { timeout: 120_000 }, async () => {
    const underTest = await create();
    const handles: Store[] = [];
    const open: Open = async (limits) => {
      const store = await underTest.open(limits);
      handles.push(store);
      return store;
    };
    try {
      await run(await open(), open);
    } finally {
      await Promise.all(handles.map((store) => store.close()));
      await underTest.dispose();
    }
  });
}

export function eventDraft(reason: string, deployable = 'shop'): EventDraft {
  return { time: 1_800_000_000_000, deployable, kind: 'test', reason };
}

/** Appends `count` records, each with one event, to a log that ends at `from`. */
export async function appendMany(store: Store, deployable: string, from: number, count: number): Promise<void> {
  for (let sequence = from; sequence < from + count; sequence++) {
    const events = [eventDraft(`${deployable} ${sequence + 1}`, deployable)];
    const outcome = await store.append(deployable, sequence, { delta: { sequence: sequence + 1 }, events });
    assert.equal(outcome.kind, 'appended');
  }
}

function logContract(create: Create): void {
  on(create, 'starts at 0 and every append raises the sequence by one', async (store) => {
    for (const sequence of [1, 2, 3]) {
      const outcome = await store.append('shop', sequence - 1, { delta: { sequence }, events: [] });
      assert.deepEqual(outcome, { kind: 'appended', sequence, events: [] });
    }
    assert.deepEqual(await store.read('shop', 0, 10), [
      { sequence: 1, delta: { sequence: 1 }, eventSeqs: [] },
      { sequence: 2, delta: { sequence: 2 }, eventSeqs: [] },
      { sequence: 3, delta: { sequence: 3 }, eventSeqs: [] },
    ]);
  });

  on(create, 'an append at any other sequence conflicts and writes neither record nor events', async (store) => {
    await appendMany(store, 'shop', 0, 2);
    for (const expected of [0, 1, 3, 100]) {
      const outcome = await store.append('shop', expected, { delta: 'no', events: [eventDraft('no')] });
      assert.deepEqual(outcome, { kind: 'conflict', actualSequence: 2 });
    }
    assert.equal((await store.read('shop', 0, 10)).length, 2);
    assert.equal(await store.latestEventSequence(), 2);
  });

  on(create, 'logs of different deployables do not touch each other, whatever their names', async (store) => {
    const names = ['shop', 'shop2', 'sho', 'shop-', 'Shop', '_'];
    for (const [index, name] of names.entries()) await appendMany(store, name, 0, index + 1);
    await store.removeLog('shop');
    const lengths = await Promise.all(names.map(async (name) => (await store.read(name, 0, 100)).length));
    assert.deepEqual(lengths, [0, 2, 3, 4, 5, 6]);
  });

  on(create, 'read returns at most the limit, after the given sequence, ascending beyond ten', async (store) => {
    await appendMany(store, 'shop', 0, 25);
    const sequences = async (after: number, limit: number) =>
      (await store.read('shop', after, limit)).map(({ sequence }) => sequence);
    assert.deepEqual(await sequences(7, 5), [8, 9, 10, 11, 12]);
    assert.deepEqual(await sequences(23, 100), [24, 25]);
    assert.deepEqual(await sequences(25, 100), []);
  });

  on(create, 'a snapshot replaces the records up to its sequence, and the log goes on', async (store) => {
    assert.equal(await store.readSnapshot('shop'), undefined);
    await appendMany(store, 'shop', 0, 5);
    assert.deepEqual(await store.writeSnapshot('shop', 3, { at: 3 }), { kind: 'written' });
    assert.deepEqual(await store.readSnapshot('shop'), { sequence: 3, state: { at: 3 } });
    assert.deepEqual(
      (await store.read('shop', 0, 10)).map(({ sequence }) => sequence),
      [4, 5],
    );
    await store.writeSnapshot('shop', 5, { at: 5 });
    assert.deepEqual(await store.read('shop', 0, 10), []);
    await appendMany(store, 'shop', 5, 1);
    assert.deepEqual(await store.readSnapshot('shop'), { sequence: 5, state: { at: 5 } });
  });

  on(create, 'a snapshot older than the present one or beyond the log conflicts and changes nothing', async (store) => {
    await appendMany(store, 'shop', 0, 5);
    await store.writeSnapshot('shop', 3, 'three');
    for (const sequence of [0, 2, 6]) {
      const outcome = await store.writeSnapshot('shop', sequence, 'no');
      assert.deepEqual(outcome, { kind: 'conflict', actualSequence: 5, snapshotSequence: 3 });
    }
    assert.deepEqual(await store.readSnapshot('shop'), { sequence: 3, state: 'three' });
    assert.deepEqual(await store.writeSnapshot('shop', 3, 'three again'), { kind: 'written' });
  });

  on(create, 'a deployable may begin with a snapshot at 0', async (store) => {
    assert.deepEqual(await store.writeSnapshot('shop', 0, { imported: true }), { kind: 'written' });
    assert.deepEqual(await store.readSnapshot('shop'), { sequence: 0, state: { imported: true } });
    await appendMany(store, 'shop', 0, 1);
  });

  on(create, 'removing a log drops its records and snapshot, keeps its events and starts again at 0', async (store) => {
    await appendMany(store, 'shop', 0, 4);
    await store.writeSnapshot('shop', 2, 'two');
    assert.deepEqual(await store.removeLog('shop'), { kind: 'removed' });
    assert.deepEqual(await store.removeLog('shop'), { kind: 'removed' });
    assert.deepEqual(await store.read('shop', 0, 10), []);
    assert.equal(await store.readSnapshot('shop'), undefined);
    await appendMany(store, 'shop', 0, 1);
    assert.equal((await store.events({ since: 0, limit: 10, deployable: 'shop' })).length, 5);
  });

  const values: readonly JsonValue[] = [
    null,
    true,
    0,
    -1.5e300,
    Number.MAX_SAFE_INTEGER,
    '',
    'a,b\n"\\\u0000\u{1f600}\ud800é',
    [],
    {},
    { '': [1, [2, { a: null }]], ü: ',' },
    'x'.repeat(70_000),
  ];
  on(create, 'every JSON value comes back as it was', async (store) => {
    for (const [index, value] of values.entries()) {
      await store.append('shop', index, { delta: value, events: [{ ...eventDraft('value'), evidence: value }] });
      await store.put(`value/${index}`, value, 'absent');
    }
    assert.deepEqual(
      (await store.read('shop', 0, 100)).map(({ delta }) => delta),
      values,
    );
    assert.deepEqual(
      (await store.events({ since: 0, limit: 100 })).map(({ evidence }) => evidence),
      values,
    );
    for (const [index, value] of values.entries()) {
      assert.deepEqual((await store.get(`value/${index}`))?.value, value);
      await store.writeSnapshot('shop', values.length, value);
      assert.deepEqual((await store.readSnapshot('shop'))?.state, value);
    }
  });

  on(create, 'what is written is the value at the time of the call', async (store) => {
    const delta = { list: [1] };
    const appending = store.append('shop', 0, { delta, events: [] });
    delta.list.push(2);
    await appending;
    assert.deepEqual((await store.read('shop', 0, 1))[0]?.delta, { list: [1] });
  });
}

function eventContract(create: Create): void {
  on(create, 'seqs run 1, 2, 3 ... over all deployables and events of none', async (store) => {
    const first = await store.append('shop', 0, { delta: 0, events: [eventDraft('a'), eventDraft('b')] });
    const second = await store.appendEvents([eventDraft('c', ''), eventDraft('d', '')]);
    const third = await store.append('blog', 0, { delta: 0, events: [eventDraft('e', 'blog')] });
    const seqs = [first, second, third].map((outcome) =>
      outcome.kind === 'appended' ? outcome.events.map(({ seq }) => seq) : outcome,
    );
    assert.deepEqual(seqs, [[1, 2], [3, 4], [5]]);
    assert.deepEqual((await store.read('shop', 0, 1))[0]?.eventSeqs, [1, 2]);
    assert.equal(await store.latestEventSequence(), 5);
    assert.deepEqual(await store.appendEvents([]), { kind: 'appended', events: [] });
  });

  on(create, 'events are what was appended, plus their seq', async (store) => {
    const whole: EventDraft = {
      ...eventDraft('everything'),
      assembly: 'db',
      resource: 'redis',
      instance: 'shop.db.h1.3',
      evidence: { rc: 7 },
    };
    const outcome = await store.append('shop', 0, { delta: 0, events: [whole] });
    assert.deepEqual(outcome, { kind: 'appended', sequence: 1, events: [{ ...whole, seq: 1 }] });
    assert.deepEqual(await store.events({ since: 0, limit: 1 }), [{ ...whole, seq: 1 }]);
  });

  on(create, 'a query takes since (exclusive), a limit and a deployable', async (store) => {
    for (let round = 0; round < 6; round++) {
      await store.appendEvents([eventDraft('s'), eventDraft('b', 'blog'), eventDraft('n', '')]);
    }
    const seqs = async (query: Parameters<Store['events']>[0]) => (await store.events(query)).map(({ seq }) => seq);
    assert.deepEqual(await seqs({ since: 0, limit: 4 }), [1, 2, 3, 4]);
    assert.deepEqual(await seqs({ since: 16, limit: 100 }), [17, 18]);
    assert.deepEqual(await seqs({ since: 18, limit: 100 }), []);
    assert.deepEqual(await seqs({ since: 4, limit: 3, deployable: 'shop' }), [7, 10, 13]);
    assert.deepEqual(await seqs({ since: 0, limit: 2, deployable: 'blog' }), [2, 5]);
    assert.deepEqual(await seqs({ since: 12, limit: 9, deployable: '' }), [15, 18]);
    assert.deepEqual(await seqs({ since: 0, limit: 9, deployable: 'sho' }), []);
  });

  on(create, 'the oldest events go when there are too many, and no seq is used twice', async (store, open) => {
    const small = await open({ maxEvents: 10 });
    await appendMany(small, 'shop', 0, 8);
    await small.appendEvents([eventDraft('b', 'blog'), eventDraft('b', 'blog'), eventDraft('b', 'blog')]);
    assert.deepEqual(
      (await store.events({ since: 0, limit: 99 })).map(({ seq }) => seq),
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    );
    await small.appendEvents(Array.from({ length: 10 }, () => eventDraft('b', 'blog')));
    assert.deepEqual(await store.events({ since: 0, limit: 99, deployable: 'shop' }), []);
    assert.equal((await store.events({ since: 0, limit: 99, deployable: 'blog' })).length, 10);
    assert.equal(await store.latestEventSequence(), 21);
    assert.deepEqual((await store.read('shop', 0, 1))[0]?.eventSeqs, [1]);
  });

  on(create, 'a lowered limit is reached without dropping everything at once', async (store, open) => {
    for (let round = 0; round < 5; round++) {
      await store.appendEvents(Array.from({ length: 500 }, () => eventDraft('many')));
    }
    const small = await open({ maxEvents: 100 });
    const kept: number[] = [];
    for (let round = 0; round < 4; round++) {
      await small.appendEvents([eventDraft('one more')]);
      kept.push((await small.events({ since: 0, limit: 10_000 })).length);
    }
    assert.deepEqual(kept, [1500, 500, 100, 100]);
  });
}

function keyedContract(create: Create): void {
  on(create, 'compare-and-set stores on a match and otherwise tells the actual revision', async (store) => {
    assert.deepEqual(await store.put('k', 'one', 1), { kind: 'conflict', actualRevision: 'absent' });
    assert.deepEqual(await store.put('k', 'one', 'absent'), { kind: 'stored', revision: 1 });
    assert.deepEqual(await store.put('k', 'two', 'absent'), { kind: 'conflict', actualRevision: 1 });
    assert.deepEqual(await store.put('k', 'two', 1), { kind: 'stored', revision: 2 });
    assert.deepEqual(await store.put('k', 'no', 1), { kind: 'conflict', actualRevision: 2 });
    assert.deepEqual(await store.put('k', 'three', 'any'), { kind: 'stored', revision: 3 });
    assert.deepEqual(await store.put('new', 'new', 'any'), { kind: 'stored', revision: 4 });
    assert.deepEqual(await store.get('k'), { value: 'three', revision: 3 });
    assert.equal(await store.get('other'), undefined);
  });

  on(create, 'remove compares too, and a revision is not used again after it', async (store) => {
    assert.deepEqual(await store.remove('k', 'any'), { kind: 'removed' });
    assert.deepEqual(await store.remove('k', 1), { kind: 'conflict', actualRevision: 'absent' });
    await store.put('k', 'one', 'absent');
    assert.deepEqual(await store.remove('k', 2), { kind: 'conflict', actualRevision: 1 });
    assert.deepEqual(await store.remove('k', 1), { kind: 'removed' });
    assert.equal(await store.get('k'), undefined);
    assert.deepEqual(await store.put('k', 'again', 'absent'), { kind: 'stored', revision: 2 });
    assert.deepEqual(await store.put('k', 'no', 1), { kind: 'conflict', actualRevision: 2 });
  });

  on(create, 'list finds keys by prefix, in ASCII order, up to the limit', async (store) => {
    for (const key of ['lease/b', 'lease/a', 'lease/A', 'lease', 'leases/x', 'lease/a/1', 'definition/shop']) {
      await store.put(key, key, 'absent');
    }
    const keys = async (prefix: string, limit = 99) => (await store.list(prefix, limit)).map(({ key }) => key);
    assert.deepEqual(await keys('lease/'), ['lease/A', 'lease/a', 'lease/a/1', 'lease/b']);
    assert.deepEqual(await keys('lease', 3), ['lease', 'lease/A', 'lease/a']);
    assert.deepEqual(await keys('nothing'), []);
    assert.equal((await keys('')).length, 7);
    assert.deepEqual(await store.list('def', 1), [{ key: 'definition/shop', value: 'definition/shop', revision: 7 }]);
  });
}

function fenceContract(create: Create): void {
  const held: LeaseFence = { leaseKey: 'lease/shop', epoch: 7, holder: 'dpe-1' };
  const writes: readonly (readonly [string, (store: Store, fence: LeaseFence) => Promise<{ kind: string }>])[] = [
    ['append', (store, fence) => store.append('shop', 1, { delta: 'f', events: [eventDraft('f')], fence })],
    ['writeSnapshot', (store, fence) => store.writeSnapshot('shop', 1, 'f', { fence })],
    ['removeLog', (store, fence) => store.removeLog('shop', { fence })],
    ['put', (store, fence) => store.put('fenced', 'f', 'any', { fence })],
    ['remove', (store, fence) => store.remove('fenced', 'any', { fence })],
    ['appendEvents', (store, fence) => store.appendEvents([eventDraft('f')], { fence })],
  ];
  const leases: readonly (readonly [string, JsonValue | undefined, { epoch: number; holder: string | undefined }])[] = [
    ['has a newer epoch', { epoch: 8, holder: 'dpe-1' }, { epoch: 8, holder: 'dpe-1' }],
    ['has another holder', { epoch: 7, holder: 'dpe-2' }, { epoch: 7, holder: 'dpe-2' }],
    ['is gone', undefined, { epoch: 0, holder: undefined }],
    ['is no lease', null, { epoch: 0, holder: undefined }],
    ['is a string', 'dpe-1', { epoch: 0, holder: undefined }],
  ];

  for (const [name, write] of writes) {
    on(create, `${name} with a lease that is still held succeeds`, async (store) => {
      await appendMany(store, 'shop', 0, 1);
      await store.put(held.leaseKey, { epoch: 7, holder: 'dpe-1', until: 123 }, 'absent');
      const { kind } = await write(store, held);
      assert.ok(['appended', 'written', 'removed', 'stored'].includes(kind), kind);
    });

    on(
      create,
      `${name} is fenced and writes nothing once the lease ${leases.map(([what]) => what).join(', or ')}`,
      async (store) => {
        await appendMany(store, 'shop', 0, 1);
        await store.put('fenced', 'before', 'absent');
        for (const [what, lease, holder] of leases) {
          if (lease === undefined) await store.remove(held.leaseKey, 'any');
          else await store.put(held.leaseKey, lease, 'any');
          assert.deepEqual(await write(store, held), { kind: 'fenced', ...holder }, what);
        }
        assert.equal((await store.read('shop', 0, 10)).length, 1);
        assert.equal(await store.readSnapshot('shop'), undefined);
        assert.equal((await store.get('fenced'))?.value, 'before');
        assert.equal(await store.latestEventSequence(), 1);
      },
    );
  }
}

function limitContract(create: Create): void {
  on(create, 'what is too large is refused with its size, and the store works on', async (_, open) => {
    const store = await open({ maxRecordBytes: 1000, maxSnapshotBytes: 2000, maxValueBytes: 500, maxEvents: 5 });
    await appendMany(store, 'shop', 0, 1);
    const large = 'é'.repeat(500);
    const outcomes = [
      await store.append('shop', 1, { delta: large, events: [] }),
      await store.append('shop', 1, { delta: 0, events: Array.from({ length: 4 }, () => eventDraft('x'.repeat(300))) }),
      await store.append('shop', 1, { delta: 0, events: Array.from({ length: 6 }, () => eventDraft('')) }),
      await store.writeSnapshot('shop', 1, [large, large]),
      await store.put('k', large, 'any'),
      await store.appendEvents([eventDraft(large)]),
    ];
    for (const outcome of outcomes) {
      assert.ok(outcome.kind === 'refused' && outcome.reason === 'too-large', JSON.stringify(outcome));
      assert.match(outcome.message, /\d+ .*\d+/);
    }
    await appendMany(store, 'shop', 1, 1);
    assert.equal(await store.latestEventSequence(), 2);
  });

  on(
    create,
    'a full store refuses growth, still renews leases and takes snapshots, and has room after one',
    async (_, open) => {
      const store = await open({ maxStoreBytes: 20_000 });
      await store.put('lease/shop', { epoch: 1, holder: 'dpe-1' }, 'absent');
      let sequence = 0;
      let refused: { kind: string } = { kind: 'none' };
      while (refused.kind === 'none' && sequence < 100) {
        const outcome = await store.append('shop', sequence, { delta: 'x'.repeat(1000), events: [] });
        if (outcome.kind === 'appended') sequence = outcome.sequence;
        else refused = outcome;
      }
      assert.ok(sequence > 15 && sequence < 20, `${sequence}`);
      assert.deepEqual({ ...refused, message: '' }, { kind: 'refused', reason: 'full', message: '' });
      const event = await store.appendEvents([eventDraft('x'.repeat(2000))]);
      assert.equal(event.kind === 'refused' && event.reason, 'full');
      assert.equal((await store.put('lease/shop', { epoch: 1000, holder: 'dpe-1000' }, 'any')).kind, 'stored');
      assert.equal((await store.read('shop', 0, 100)).length, sequence);
      assert.deepEqual(await store.writeSnapshot('shop', sequence, 'small'), { kind: 'written' });
      await appendMany(store, 'shop', sequence, 1);
    },
  );
}

function handleContract(create: Create): void {
  on(create, 'what one handle wrote, another one reads at once', async (store, open) => {
    const other = await open();
    for (let sequence = 0; sequence < 20; sequence++) {
      await appendMany(store, 'shop', sequence, 1);
      assert.equal((await other.read('shop', sequence, 10)).length, 1);
      assert.equal(await other.latestEventSequence(), sequence + 1);
      await other.put('k', sequence, 'any');
      assert.equal((await store.get('k'))?.value, sequence);
    }
  });

  on(create, 'of two handles that race for a sequence or a revision exactly one wins', async (store, open) => {
    const other = await open();
    let revision: number | 'absent' = 'absent';
    for (let sequence = 0; sequence < 30; sequence++) {
      const record = { delta: sequence, events: [eventDraft('race')] };
      const appends = await Promise.all([store, other, store].map((each) => each.append('shop', sequence, record)));
      assert.deepEqual(appends.map(({ kind }) => kind).sort(), ['appended', 'conflict', 'conflict']);
      const expected: number | 'absent' = revision;
      const puts: readonly PutOutcome[] = await Promise.all(
        [other, store, other].map((each) => each.put('k', sequence, expected)),
      );
      assert.deepEqual(puts.map(({ kind }) => kind).sort(), ['conflict', 'conflict', 'stored']);
      for (const put of puts) if (put.kind === 'stored') revision = put.revision;
    }
    assert.equal(await store.latestEventSequence(), 30);
  });

  on(create, 'calls of one handle take effect in the order in which they were made', async (store) => {
    const appends = Array.from({ length: 300 }, (_, sequence) =>
      store.append('shop', sequence, { delta: sequence, events: [eventDraft('in order')] }),
    );
    const read = store.read('shop', 0, 1000);
    const outcomes = await Promise.all(appends);
    assert.ok(outcomes.every((outcome, index) => outcome.kind === 'appended' && outcome.sequence === index + 1));
    assert.equal((await read).length, 300);
  });

  on(create, 'everything is there for a handle that is opened after all others were closed', async (store, open) => {
    await appendMany(store, 'shop', 0, 3);
    await store.writeSnapshot('shop', 2, 'two');
    await store.put('k', 'v', 'absent');
    await store.close();
    const again = await open();
    assert.deepEqual(
      (await again.read('shop', 2, 10)).map(({ sequence }) => sequence),
      [3],
    );
    assert.deepEqual(await again.readSnapshot('shop'), { sequence: 2, state: 'two' });
    assert.deepEqual(await again.get('k'), { value: 'v', revision: 1 });
    assert.equal((await again.events({ since: 0, limit: 10 })).length, 3);
    assert.deepEqual(await again.append('shop', 3, { delta: 0, events: [] }), {
      kind: 'appended',
      sequence: 4,
      events: [],
    });
  });

  on(create, 'a closed handle lets pending writes finish and rejects later calls', async (store, open) => {
    const pending = store.append('shop', 0, { delta: 0, events: [] });
    const closing = store.close();
    await assert.rejects(store.latestEventSequence(), (error) => isStoreError(error) && error.code === 'closed');
    assert.equal((await pending).kind, 'appended');
    await closing;
    await store.close();
    assert.equal((await (await open()).read('shop', 0, 1)).length, 1);
  });

  const mistakes: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
    ['a deployable with a separator in its name', (store) => store.append('a:b', 0, { delta: 0, events: [] })],
    ['an empty deployable', (store) => store.read('', 0, 1)],
    ['an event of an impossible deployable', (store) => store.appendEvents([eventDraft('x', 'a b')])],
    ['an empty key', (store) => store.get('')],
    ['a key that is too long', (store) => store.put('k'.repeat(256), 0, 'any')],
    ['a key with a space', (store) => store.list('a b', 1)],
    ['a negative sequence', (store) => store.append('shop', -1, { delta: 0, events: [] })],
    ['a fractional sequence', (store) => store.writeSnapshot('shop', 0.5, 0)],
    ['a limit of 0', (store) => store.events({ since: 0, limit: 0 })],
    ['revision 0', (store) => store.put('k', 0, 0)],
  ];
  on(create, 'mistakes of the caller are rejected as RangeError', async (store) => {
    for (const [what, call] of mistakes) await assert.rejects(call(store), RangeError, what);
    assert.equal(await store.latestEventSequence(), 0);
  });
}
