import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { instancesDirectory } from '../../launcher/drivers/journal.js';
import {
  agentCrash,
  applicationCrash,
  describeFaults,
  type Fault,
  machineKilled,
  networkCut,
  powerOff,
} from './scenarios.js';
import { launcherHost, startVmSite, type VmSite } from './vm-site.js';

/** A machine that an operator has stopped: it is there, and does nothing. */
const paused: Fault = {
  name: 'the machine is paused',
  told: /^db\. assembly-failed: .*paused/,
  happen: (site) => tellQemu(site, 'db', 'stop'),
};

const panic: Fault = {
  name: 'the kernel of the machine panics',
  told: /^db\. assembly-failed: .*guest panic/,
  happen: (site) => site.inside('db', 'echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger'),
};

/** Hung is not dead: it is ended before another one starts. */
const qemuStopped: Fault = {
  name: 'QEMU does not answer',
  told: /^db\. assembly-failed: .*silent/,
  happen: (site) => void process.kill(qemuOf(site, 'db'), 'SIGSTOP'),
};

describe('three virtual machines of QEMU', () => {
  let site: VmSite;
  before(
    async () => {
      site = await startVmSite('qemu', '--agent-lost-ms', '45000');
    },
    { timeout: 1_200_000 },
  );
  after(() => site?.end());

  test('they run, and every service answers', () => site.serving());

  describeFaults(
    () => site,
    [
      { fault: applicationCrash, dying: ['nobody'] },
      { fault: agentCrash, dying: ['nobody'] },
      {
        fault: machineKilled((of, assembly) => void process.kill(qemuOf(of, assembly), 'SIGKILL')),
        dying: ['launcher'],
      },
      { fault: powerOff, dying: ['nobody'] },
      { fault: panic, dying: ['DPE'] },
      { fault: paused, dying: ['nobody'] },
      { fault: qemuStopped, dying: ['launcher'] },
      { fault: networkCut, dying: ['nobody'] },
    ],
  );

  test('in all of this no assembly ever had two instances', () => {
    assert.ok(site.census.rounds() > 100);
    assert.deepEqual(site.census.violations(), []);
  });
});

function qemuOf(site: VmSite, assembly: string): number {
  const { pid } = site.instance(assembly);
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  assert.ok(child !== undefined && child > 0, `init, pid ${pid}, has no QEMU`);
  return child;
}

/** By the monitor that is there for operators. */
function tellQemu(site: VmSite, assembly: string, command: string): Promise<void> {
  const { instance } = site.instance(assembly);
  const path = join(instancesDirectory(site.home, launcherHost), instance, 'guest', 'operator.sock');
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const orders = ['qmp_capabilities', command];
    socket.once('error', reject);
    socket.on('data', (data: Buffer) => {
      if (!/"(QMP|return)"/.test(data.toString())) return;
      const execute = orders.shift();
      if (execute !== undefined) socket.write(`${JSON.stringify({ execute })}\n`);
      else {
        socket.destroy();
        resolve();
      }
    });
  });
}
