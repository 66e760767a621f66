import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../e2e/site.js';
import { namespacesMissing } from './namespaces.js';
import { agentsOf, coordinator, type NetworkSite, startNetworkSite, takeCensus } from './network-site.js';
import {
  commandOf,
  deployable,
  disturbed,
  hostState,
  killed,
  pids,
  sleepers,
  threeSleepers,
} from './three-sleepers.js';

const skip = namespacesMissing() ?? false;
let site: NetworkSite;
const census = takeCensus(sleepers.map(commandOf));

before(async () => {
  if (skip !== false) return;
  site = await startNetworkSite({ buses: ['b1', 'b2', 'b3'], launcherHosts: ['c', 'd'], agentLostMs: 15_000 });
  await site.launch(deployable, threeSleepers());
});
after(async () => {
  census.stop();
  if (skip === false) await site.end();
});
afterEach(() => assert.ok(skip !== false || census.mostAtOnce === 1, 'something ran twice'));

/** Everybody is there, and a failure of each is told: nobody is left with a server that is gone. */
async function everybodyIsHeard(seq: number): Promise<void> {
  for (const name of sleepers) {
    await killed(name);
    const killedAt = performance.now();
    await site.event(seq, 'resource-recovered', name);
    console.log(`# the failure of ${name} was told after ${((performance.now() - killedAt) / 1000).toFixed(1)} s`);
  }
  for (const host of ['c', 'd']) await hostState(site, host, 'in-service');
  await site.settled(deployable);
  assert.deepEqual(
    [...(await disturbed(site, seq))].sort(),
    sleepers.flatMap((name) => [`resource-failed ${name}`, `resource-recovered ${name}`]).sort(),
  );
}

test('a bus server ends without a word: whoever was with it goes to another', { skip }, async () => {
  const seq = await site.lastSeq();
  const before = pids();
  site.network.powerOff('b1');
  await site.settled(deployable);
  assert.deepEqual(pids(), before);
  await everybodyIsHeard(seq);
});

test('a bus server falls silent: nobody counts as lost before it is with another', { skip }, async () => {
  await site.bus.start('b1');
  const seq = await site.lastSeq();
  site.network.isolate('b2');
  await everybodyIsHeard(seq);
  assert.equal((await site.cpectl.events(seq)).filter(({ kind }) => kind === 'assembly-failed').length, 0);
  site.network.healAll();
  // The routes between the servers need their time until they are found to be dead.
  await until('questions to be answered again', 60_000, async () =>
    (await site.cpectl.run('info')).code === 0 ? true : undefined,
  );
});

test('two of three are gone: all meet at the last one, also what starts only now', { skip }, async () => {
  const seq = await site.lastSeq();
  for (const machine of ['b2', 'b3']) site.network.powerOff(machine);
  await everybodyIsHeard(seq);
  const restarted = await site.lastSeq();
  await site.cpectl.must('assembly', 'destroy', deployable, 'far', '--force');
  await site.event(restarted, 'deployable-running');
  await site.settled(deployable);
  for (const machine of [coordinator, 'c', agentsOf('d')]) assert.ok(site.network.pids(machine).length > 0);
});
