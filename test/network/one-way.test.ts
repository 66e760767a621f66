import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../e2e/site.js';
import { namespacesMissing } from './namespaces.js';
import { agentsOf, coordinator, type NetworkSite, startNetworkSite, takeCensus } from './network-site.js';
import {
  commandOf,
  deployable,
  disturbed,
  gone,
  hostState,
  killed,
  pidOf,
  pids,
  runs,
  sleepers,
  threeSleepers,
  whomDisturbed,
} from './three-sleepers.js';

const skip = namespacesMissing() ?? false;
let site: NetworkSite;
const census = takeCensus(sleepers.map(commandOf));
/** Longer than a silent agent is given (network-site.ts), shorter than a lease. */
const aWhileMs = 9_000;

before(async () => {
  if (skip !== false) return;
  site = await startNetworkSite({ buses: ['b'], launcherHosts: ['c', 'd'] });
  await site.launch(deployable, threeSleepers());
});
after(async () => {
  census.stop();
  if (skip === false) await site.end();
});
afterEach(() => {
  if (skip !== false) return;
  site.network.healAll();
  assert.equal(census.mostAtOnce, 1, 'something ran twice');
});

const ways = (machine: string) => [['b', machine] as const, [machine, 'b'] as const];

for (const [from, to] of ways(coordinator)) {
  test(`what ${from} sends to ${to} is lost: nothing is ordered of those who seem silent`, { skip }, async () => {
    const seq = await site.lastSeq();
    const [, , far] = pids();
    site.network.cutOneWay(from, to);
    const cutAt = performance.now();
    const web = await killed('web');
    await until('a while', 60_000, async () => (performance.now() - cutAt > aWhileMs ? true : undefined));
    site.network.healAll();
    await site.event(seq, 'resource-recovered', 'web');
    await site.settled(deployable);
    assert.deepEqual([pidOf('web'), pidOf('far')], [web, far]);
    const ofWeb = (await disturbed(site, seq)).filter((text) => !text.endsWith('book'));
    assert.deepEqual(ofWeb, ['resource-failed web', 'resource-recovered web']);
  });
}

for (const [from, to] of ways('c')) {
  test(`what ${from} sends to ${to}, a launcher, is lost: nothing that runs there is touched`, { skip }, async () => {
    const seq = await site.lastSeq();
    const before = pids();
    site.network.cutOneWay(from, to);
    await hostState(site, 'c', 'silent');
    site.network.healAll();
    await hostState(site, 'c', 'in-service');
    await site.settled(deployable);
    assert.deepEqual(pids(), before);
    assert.deepEqual(await disturbed(site, seq), []);
  });
}

for (const [from, to] of ways(agentsOf('c'))) {
  test(`what ${from} sends to ${to}, an agent, is lost: its instance alone is recovered`, { skip }, async () => {
    const seq = await site.lastSeq();
    const before = pids();
    site.network.cutOneWay(from, to);
    await gone('web');
    site.network.healAll();
    await runs('web');
    await site.settled(deployable);
    assert.deepEqual(pids().slice(1), before.slice(1));
    assert.deepEqual(await whomDisturbed(site, seq), ['web']);
  });
}

test('a network that loses every twentieth packet is slow, and no reason to do anything', { skip }, async () => {
  const seq = await site.lastSeq();
  const before = pids();
  for (const machine of [coordinator, 'c', 'd', agentsOf('c'), agentsOf('d')]) {
    for (const [from, to] of ways(machine)) site.network.lose(from, to, 0.05);
  }
  const web = await killed('web');
  await site.event(seq, 'resource-failed', 'web');
  site.network.healAll();
  await site.settled(deployable);
  assert.deepEqual(pids(), [web, ...before.slice(1)]);
  assert.deepEqual(await whomDisturbed(site, seq), ['web']);
});
