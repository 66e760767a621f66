import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { namespacesMissing } from './namespaces.js';
import { agentsOf, coordinator, type NetworkSite, startNetworkSite, takeCensus } from './network-site.js';
import {
  commandOf,
  deployable,
  disturbed,
  gone,
  hostState,
  instancePid,
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

test('the coordinator is cut off from the bus: agents repair, what is exclusive ends with its lease', {
  skip,
}, async () => {
  const seq = await site.lastSeq();
  const [, book, far] = pids();
  site.network.cut(coordinator, 'b');
  const repaired = await killed('web');
  await gone('book');
  site.network.healAll();
  assert.notEqual(await runs('book'), book);
  await site.settled(deployable);
  assert.deepEqual([pidOf('web'), pidOf('far')], [repaired, far]);
  assert.deepEqual([...(await disturbed(site, seq))].sort(), [
    'resource-failed book',
    'resource-failed web',
    'resource-recovered web',
    'resource-started book',
    'resource-stopped book',
  ]);
});

test('a launcher is cut off from the bus: what dies meanwhile is started when that is proven', { skip }, async () => {
  const seq = await site.lastSeq();
  const before = pids();
  const init = await instancePid(site, 'web');
  site.network.cut('c', 'b');
  await hostState(site, 'c', 'silent');
  assert.deepEqual(pids(), before);
  // Nobody can say now that it is dead: it may be the network once more.
  process.kill(init, 'SIGKILL');
  await site.event(seq, 'host-suspect');
  assert.equal(pidOf('web'), undefined);
  site.network.healAll();
  await runs('web');
  await site.settled(deployable);
  assert.deepEqual(pids().slice(1), before.slice(1));
  assert.deepEqual(await whomDisturbed(site, seq), ['web']);
});

test('an agent is cut off from the bus: its instance is ended before another one starts', { skip }, async () => {
  const seq = await site.lastSeq();
  const before = pids();
  site.network.cut(agentsOf('c'), 'b');
  await gone('web');
  site.network.healAll();
  await runs('web');
  await site.settled(deployable);
  assert.deepEqual(pids().slice(1), before.slice(1));
  assert.deepEqual(await whomDisturbed(site, seq), ['web']);
});

test('a launcher host is cut off with all that runs on it: nothing starts elsewhere', { skip }, async () => {
  const seq = await site.lastSeq();
  const [web, , far] = pids();
  for (const machine of ['d', agentsOf('d')]) site.network.isolate(machine);
  await hostState(site, 'd', 'silent');
  await gone('book');
  await site.event(seq, 'host-suspect');
  assert.equal(pidOf('book'), undefined, 'a lease that must have ended is no proof');
  site.network.healAll();
  await runs('book');
  await site.settled(deployable);
  assert.deepEqual([pidOf('web'), pidOf('far')], [web, far]);
});

test('the power of a launcher host fails, and an operator says so: all of it starts on the other one', {
  skip,
}, async () => {
  const web = pidOf('web');
  site.network.powerOff('d');
  await gone('far');
  await hostState(site, 'd', 'silent');
  await site.cpectl.must('host', 'confirm-dead', 'd', '--evidence', 'the test has switched it off', '--force');
  await Promise.all([runs('book'), runs('far')]);
  await site.settled(deployable);
  await site.startLauncher('d');
  await hostState(site, 'd', 'in-service');
  await site.settled(deployable);
  assert.equal(pidOf('web'), web);
});
