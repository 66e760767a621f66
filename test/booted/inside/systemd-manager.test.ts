import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { until } from '../../../agent/executors/executor-fixture.js';
import type { UnitState } from '../../../agent/systemd/systemd-manager.js';
import { done, realSystemd } from '../real-systemd.js';
import { systemctl, testUnits } from '../test-units.js';

const { systemd, stateOf, becomes, close } = realSystemd();
const units = testUnits();
const limitMs = 20_000;

after(() => {
  close();
  units.remove();
});

test('a unit is started, reloaded, restarted and stopped', async () => {
  const unit = units.write('m-plain.service', ['ExecStart=/bin/sleep infinity', 'ExecReload=/bin/true']);
  assert.equal((await stateOf(unit)).activeState, 'inactive');
  assert.equal(done(await systemd.runJob(unit, 'start', limitMs)), 'done');
  const first = await stateOf(unit);
  assert.equal(first.activeState, 'active');
  assert.equal(first.subState, 'running');
  assert.ok(first.mainPid > 1);
  assert.equal(done(await systemd.runJob(unit, 'reload', limitMs)), 'done');
  assert.equal((await stateOf(unit)).mainPid, first.mainPid);
  assert.equal(done(await systemd.runJob(unit, 'restart', limitMs)), 'done');
  assert.notEqual((await stateOf(unit)).mainPid, first.mainPid);
  assert.equal(done(await systemd.runJob(unit, 'start', limitMs)), 'done');
  assert.equal(done(await systemd.runJob(unit, 'stop', limitMs)), 'done');
  assert.equal((await stateOf(unit)).activeState, 'inactive');
});

test('what is not there, masked or broken is said', async () => {
  assert.equal((await stateOf('m-nowhere.service')).loadState, 'not-found');
  const start = await systemd.runJob('m-nowhere.service', 'start', limitMs);
  assert.equal(start.kind === 'refused' ? start.name : '', 'org.freedesktop.systemd1.NoSuchUnit');
  const masked = units.mask('m-masked.service');
  assert.equal((await stateOf(masked)).loadState, 'masked');
  const refused = await systemd.runJob(masked, 'start', limitMs);
  assert.equal(refused.kind === 'refused' ? refused.name : '', 'org.freedesktop.systemd1.UnitMasked');
  const broken = units.write('m-broken.service', ['Type=oneshot']);
  assert.equal((await stateOf(broken)).loadState, 'bad-setting');
});

test('a job says how it ended', async () => {
  const failing = units.write('m-failing.service', ['Type=oneshot', 'ExecStart=/bin/sh -c "exit 3"']);
  assert.equal(done(await systemd.runJob(failing, 'start', limitMs)), 'failed');
  const state = await stateOf(failing);
  assert.deepEqual([state.activeState, state.result, state.exitStatus], ['failed', 'exit-code', 3]);
  const dependent = units.write(
    'm-dependent.service',
    ['ExecStart=/bin/sleep infinity'],
    ['Requires=m-failing.service', 'After=m-failing.service'],
  );
  assert.equal(done(await systemd.runJob(dependent, 'start', limitMs)), 'dependency');
  const hanging = units.write('m-hanging.service', ['Type=notify', 'ExecStart=/bin/sleep infinity']);
  assert.equal(done(await systemd.runJob(hanging, 'start', 300)), 'timeout');
  const abort = new AbortController();
  const cancelled = systemd.runJob(hanging, 'start', limitMs, abort.signal);
  await becomes(hanging, 'activating');
  abort.abort();
  assert.equal(done(await cancelled), 'canceled');
  const slow = systemd.runJob(hanging, 'start', limitMs);
  assert.equal(done(await systemd.runJob(hanging, 'stop', limitMs)), 'done');
  assert.equal(done(await slow), 'canceled');
});

test('a change is told in milliseconds, with its state', async () => {
  const unit = units.write('m-watched.service', ['ExecStart=/bin/sleep infinity']);
  const alias = units.alias('m-alias.service', unit);
  const heard: UnitState[] = [];
  const byAlias: UnitState[] = [];
  const removals = [
    systemd.onUnitChange(unit, (state) => heard.push(state)),
    systemd.onUnitChange(alias, (state) => byAlias.push(state)),
  ];
  done(await systemd.runJob(alias, 'start', limitMs));
  await until('active', () => heard.at(-1)?.activeState === 'active');
  await until('active by its alias', () => byAlias.at(-1)?.activeState === 'active');
  assert.equal(byAlias.at(-1)?.name, unit);
  const { mainPid } = await stateOf(unit);
  const times: number[] = [];
  const remove = systemd.onUnitChange(unit, () => times.push(performance.now()));
  await systemd.unit(unit);
  const killed = performance.now();
  process.kill(mainPid, 'SIGKILL');
  await until('failed', () => heard.at(-1)?.activeState === 'failed');
  assert.equal(heard.at(-1)?.result, 'signal');
  assert.equal(heard.at(-1)?.exitStatus, 9);
  console.log(`seen after ${((times[0] ?? Number.NaN) - killed).toFixed(1)} ms`);
  assert.ok((times[0] ?? Number.NaN) - killed < 1000);
  for (const each of [remove, ...removals]) each();
});

test('unit files are listed, enabled and disabled', async () => {
  const unit = 'm-enabled.service';
  writeFileSync(
    `/etc/systemd/system/${unit}`,
    '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
  );
  systemctl('daemon-reload');
  const listed = async (): Promise<string | undefined> =>
    done(await systemd.listServices()).find(({ name }) => name === unit)?.state;
  assert.equal(await listed(), 'disabled');
  done(await systemd.enable(unit));
  assert.equal(await listed(), 'enabled');
  done(await systemd.disable(unit));
  assert.equal(await listed(), 'disabled');
  rmSync(`/etc/systemd/system/${unit}`);
  assert.equal((await systemd.enable('m-nowhere.service')).kind, 'refused');
});
