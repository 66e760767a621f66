/** Run alone in a machine: the bus dies here, on which others count. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, test } from 'node:test';
import { until } from '../../../agent/executors/executor-fixture.js';
import type { UnitState } from '../../../agent/systemd/systemd-manager.js';
import { done, realSystemd } from '../real-systemd.js';
import { systemctl, testUnits } from '../test-units.js';

const { systemd, stateOf, becomes, close } = realSystemd();
const units = testUnits();
const limitMs = 30_000;

after(() => {
  close();
  units.remove();
});

test('jobs and changes outlast systemd executing itself anew, unit files read again, and the death of the bus', async () => {
  const unit = units.write('m-steady.service', ['ExecStart=/bin/sleep infinity']);
  const heard: UnitState[] = [];
  const remove = systemd.onUnitChange(unit, (state) => heard.push(state));
  done(await systemd.runJob(unit, 'start', limitMs));
  const interruptions: readonly [string, () => void][] = [
    ['daemon-reload', () => systemctl('daemon-reload')],
    ['daemon-reexec', () => systemctl('daemon-reexec')],
    ['the bus killed', () => execFileSync('pkill', ['-KILL', '-x', 'dbus-daemon'])],
  ];
  const slow = units.write('m-slow.service', ['Type=oneshot', 'RemainAfterExit=yes', 'ExecStart=/bin/sleep 3']);
  for (const [what, interrupt] of interruptions) {
    const before = await stateOf(unit);
    assert.equal(before.activeState, 'active', what);
    const job = systemd.runJob(slow, 'restart', limitMs);
    await becomes(slow, 'activating');
    interrupt();
    heard.length = 0;
    process.kill((await stateOf(unit)).mainPid, 'SIGKILL');
    await until(`failed after ${what}`, () => heard.at(-1)?.activeState === 'failed');
    assert.equal(done(await job), 'done', what);
    assert.equal(done(await systemd.runJob(unit, 'start', limitMs)), 'done', what);
    await until(`active after ${what}`, () => heard.at(-1)?.activeState === 'active');
  }
  remove();
});
