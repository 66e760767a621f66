import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { agentCrash, applicationCrash, describeFaults, machineKilled, networkCut, powerOff } from './scenarios.js';
import { startVmSite, type VmSite } from './vm-site.js';

describe('three machines on nspawn', () => {
  let site: VmSite;
  before(
    async () => {
      site = await startVmSite('nspawn', '--agent-lost-ms', '5000');
    },
    { timeout: 900_000 },
  );
  after(() => site?.end());

  test('they run, and every service answers', () => site.serving());

  describeFaults(
    () => site,
    [
      { fault: applicationCrash },
      { fault: agentCrash },
      { fault: machineKilled((of, assembly) => void process.kill(of.instance(assembly).pid, 'SIGKILL')) },
      { fault: powerOff },
      { fault: networkCut },
    ],
  );

  test('in all of this no assembly ever had two instances', () => {
    assert.ok(site.census.rounds() > 100);
    assert.deepEqual(site.census.violations(), []);
  });
});
