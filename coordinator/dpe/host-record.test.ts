import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainHostFact } from '../state/host-fact.js';
import { createMemoryDisk, openMemoryStore } from '../store/memory-store.js';
import {
  changeHost,
  claimFencing,
  readHost,
  readHosts,
  recordHostBack,
  recordHostDeath,
  releaseFencing,
} from './host-record.js';

const open = () => openMemoryStore(createMemoryDisk());
const death = { at: 2_000, by: 'operator alice', evidence: 'the rack has no power' };
const fencer = { command: ['fence_ipmilan'], parameters: { ip: '10.0.0.1' }, timeoutMs: 60_000 };

test('of a launcher host without a record nothing is known, and asking writes nothing', async () => {
  const store = open();
  assert.deepEqual(await readHost(store, 'h1'), plainHostFact('h1'));
  assert.deepEqual(await readHosts(store), {});
});

test('what is written is read back, by everybody', async () => {
  const disk = createMemoryDisk();
  const fact = { ...plainHostFact('h1'), isDrained: true, death, fencer };
  const changed = await changeHost(openMemoryStore(disk), 'h1', () => fact);
  assert.deepEqual(changed, { kind: 'stored', fact, isChanged: true });
  assert.deepEqual(await readHosts(openMemoryStore(disk)), { h1: fact });
});

test('a change that changes nothing writes nothing', async () => {
  const store = open();
  const drain = () => changeHost(store, 'h1', (before) => ({ ...before, isDrained: true }));
  const first = await drain();
  const second = await drain();
  assert.ok(first.kind === 'stored' && first.isChanged);
  assert.ok(second.kind === 'stored' && !second.isChanged);
});

test('two who change a record at once both succeed', async () => {
  const disk = createMemoryDisk();
  const stores = [openMemoryStore(disk), openMemoryStore(disk)] as const;
  await Promise.all([
    changeHost(stores[0], 'h1', (before) => ({ ...before, isDrained: true })),
    recordHostDeath(stores[1], 'h1', death),
  ]);
  assert.deepEqual(await readHost(stores[0], 'h1'), { ...plainHostFact('h1'), isDrained: true, death });
});

test('one at a time has a host fenced, until that has ended, has expired, or the host is dead', async () => {
  const store = open();
  const claim = (by: string, now: number) =>
    claimFencing(store, 'h1', { by, until: now + 1_000 }, { now, heardAt: 2_990 });
  assert.equal((await claim('shop', 1_000)).kind, 'ours');
  assert.deepEqual(await claim('other', 1_500), { kind: 'theirs', by: 'shop' });
  assert.equal((await claim('shop', 1_500)).kind, 'ours', 'its successor goes on');
  assert.equal((await claim('other', 2_500)).kind, 'ours');
  await releaseFencing(store, 'h1', 'shop');
  assert.equal((await claim('shop', 2_600)).kind, 'theirs');
  await releaseFencing(store, 'h1', 'other');
  assert.deepEqual(await readHost(store, 'h1'), plainHostFact('h1'));
  await claim('shop', 3_000);
  await recordHostDeath(store, 'h1', { ...death, at: 3_100 });
  assert.equal((await readHost(store, 'h1')).fencing, undefined);
  assert.deepEqual(await claim('other', 3_200), { kind: 'dead', death: { ...death, at: 3_100 } });
});

test('the newest proof of death stays', async () => {
  const store = open();
  await recordHostDeath(store, 'h1', death);
  await recordHostDeath(store, 'h1', { ...death, at: 1_000, evidence: 'older' });
  assert.deepEqual((await readHost(store, 'h1')).death, death);
});

test('a host that is heard after its death is no longer dead', async () => {
  const store = open();
  await recordHostDeath(store, 'h1', death);
  await recordHostBack(store, 'h1', death.at);
  assert.deepEqual((await readHost(store, 'h1')).death, death);
  await recordHostBack(store, 'h1', death.at + 1);
  assert.equal((await readHost(store, 'h1')).death, undefined);
});
