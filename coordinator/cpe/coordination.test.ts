import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeployableRecord, deployableKey, readDeployable } from '../dpe/deployable-record.js';
import { acquireLease, createLeaseSight, leaseKey, leaseTermMs, leaseWatchMs } from '../dpe/lease.js';
import type { JsonValue } from '../state/json.js';
import { createMemoryDisk, type MemoryDisk, openMemoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';
import { type Coordination, openCoordination } from './coordination.js';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

/** Machines of one site with one steady clock, each with its own way to the store, which may be cut. */
function site(...names: readonly string[]) {
  const disk = createMemoryDisk();
  const store = openMemoryStore(disk);
  const cut = new Set<string>();
  let steady = 0;
  const steadyNow = () => steady;
  const machines = new Map(
    names.map((machine) => [
      machine,
      openCoordination({
        ...{ machine, version: '1', store: storeOf(disk, () => cut.has(machine)), log: quiet, steadyNow },
        ...{ maxDeployables: 1, onAssigned: () => {}, onEvent: () => {} },
      }),
    ]),
  );
  const at = (name: string) => machines.get(name) as Coordination;
  return {
    ...{ store, at, cut, steadyNow },
    /** Everybody looks once a second. */
    pass: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 1_000) {
        steady += 1_000;
        for (const machine of machines.values()) await machine.look();
      }
    },
    jump: (ms: number) => {
      steady += ms;
    },
    placeOf: async (name: string) => (await readDeployable(store, name))?.record,
    leading: () => names.filter((name) => at(name).isLeading()),
    events: async () => (await store.events({ since: 0, limit: 100 })).map(({ kind, reason }) => `${kind}: ${reason}`),
  };
}

function storeOf(disk: MemoryDisk, isCut: () => boolean): Store {
  return new Proxy(openMemoryStore(disk), {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        if (isCut()) throw new Error('cut off');
        return method.apply(target, args);
      };
    },
  });
}

async function create(store: Store, name: string): Promise<void> {
  const record: DeployableRecord = {
    ...{ name, createdAt: 1, dpe: `dped-${name}` },
    definition: { revision: 1, format: 'yaml', text: '', fileName: '' },
    desired: { revision: 1, state: 'running', isSuspended: false },
  };
  await store.put(deployableKey(name), record as unknown as JsonValue, 'absent');
}

test('one machine leads, and spreads what is new over all that are there', async () => {
  const world = site('a', 'b');
  await world.pass(2_000);
  assert.deepEqual(world.leading(), ['a']);
  await create(world.store, 'shop');
  await create(world.store, 'blog');
  await world.pass(1_000);
  const places = [(await world.placeOf('shop'))?.machine, (await world.placeOf('blog'))?.machine];
  assert.deepEqual(places.sort(), ['a', 'b']);
  assert.equal(world.at('b').site().leader, 'a');
});

test('a leader that is cut off stops leading before another begins, and what it decided for moves', async () => {
  const world = site('a', 'b');
  await world.pass(2_000);
  await create(world.store, 'shop');
  await world.pass(1_000);
  assert.equal((await world.placeOf('shop'))?.machine, 'a');
  const sight = createLeaseSight(world.steadyNow);
  const leased = await acquireLease(world.store, 'shop', 'dpe-on-a', 0, { machine: 'a', sight });
  assert.equal(leased.kind, 'held');
  await world.pass(1_000);
  world.cut.add('a');
  let tookMs = 0;
  while (!world.at('b').isLeading()) {
    assert.ok(tookMs < 60_000);
    await world.pass(1_000);
    tookMs += 1_000;
    assert.ok(world.leading().length <= 1, 'two lead');
  }
  // It had renewed its lease two seconds before at the most.
  assert.ok(tookMs >= leaseTermMs - 2_000 && tookMs <= leaseWatchMs + 3_000, `took ${tookMs} ms`);
  await world.pass(3_000);
  const place = await world.placeOf('shop');
  assert.equal(place?.machine, 'b');
  // The new DPE need not watch the old one's lease for another term.
  assert.equal(place?.runOutLease, (await world.store.get(leaseKey('shop')))?.revision);
  const events = await world.events();
  assert.match(events.join('\n'), /leader-changed: coordinator machine b leads: the one that led has not renewed/);
  assert.match(events.join('\n'), /deployable-moved: coordinator machine b decides for it: a has been silent for 1/);
});

test('a leader that stood still and goes on believes its clock and leads no more', async () => {
  const world = site('a', 'b');
  await world.pass(2_000);
  world.jump(leaseTermMs);
  assert.deepEqual(world.leading(), []);
});

test('a machine that leaves hands over at once, and one that comes back gets its share after a while', async () => {
  const world = site('a', 'b');
  await world.pass(2_000);
  for (const name of ['w', 'x', 'y', 'z']) await create(world.store, name);
  await world.pass(1_000);
  await world.at('a').leave();
  await world.pass(1_000);
  assert.deepEqual(world.leading(), ['b']);
  const machines = async () =>
    Promise.all(['w', 'x', 'y', 'z'].map(async (name) => (await world.placeOf(name))?.machine));
  assert.deepEqual(await machines(), ['b', 'b', 'b', 'b']);
  const again = openCoordination({
    ...{ machine: 'a', version: '1', store: world.store, log: quiet, steadyNow: world.steadyNow },
    ...{ maxDeployables: 1, onAssigned: () => {}, onEvent: () => {} },
  });
  for (let second = 0; second < 70; second++) {
    await again.look();
    await world.pass(1_000);
  }
  assert.deepEqual((await machines()).sort(), ['a', 'a', 'b', 'b']);
});

test('what a leader that was succeeded still writes is refused by the store', async () => {
  const world = site('a', 'b');
  await world.pass(2_000);
  world.cut.add('a');
  await world.pass(leaseWatchMs + 3_000);
  assert.deepEqual(world.leading(), ['b']);
  world.cut.delete('a');
  await world.pass(3_000);
  assert.deepEqual(world.leading(), ['b']);
  assert.equal((await world.events()).filter((event) => event.startsWith('leader-changed')).length, 2);
});
