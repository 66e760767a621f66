import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { memoryJournal, run, temporaryDirectory, until } from '../../../agent/executors/executor-fixture.js';
import type { ResourceExecutor } from '../../../agent/executors/resource-executor.js';
import { outcome } from '../../../agent/executors/script-outcome.js';
import { unitExecutors } from '../../../agent/executors/unit-executors.js';
import { systemctl, testUnits } from '../test-units.js';

const units = testUnits();
const sleeper = ['ExecStart=/bin/sleep infinity'];

interface Seen {
  readonly resource: string;
  readonly atMs: number;
}

function executors({ initScripts = '/etc/init.d', journal = memoryJournal() } = {}) {
  const seen: Seen[] = [];
  const lsbExecutor: ResourceExecutor = { run: async ({ operation }) => outcome(0, 'done', `lsb ${operation.name}`) };
  const onChange = (resource: string): void => {
    seen.push({ resource, atMs: performance.now() });
  };
  return { ...unitExecutors({ initScripts, journal, onChange, lsbExecutor }), seen };
}

const agent = executors();

after(() => {
  agent.close();
  units.remove();
});

async function rcOf(executor: ResourceExecutor, name: string, type: string, options = {}): Promise<number> {
  return (await run(executor, name, { type }, { resource: type, ...options })).rc;
}

function mainPid(unit: string): number {
  return Number(systemctl('show', '--property=MainPID', '--value', unit));
}

test('a unit is found not running, started, monitored, stopped, each twice', async () => {
  const unit = units.write('e-plain.service', sleeper);
  const { systemd } = agent;
  assert.equal(await rcOf(systemd, 'monitor', 'e-plain'), 7);
  for (const round of [1, 2]) assert.equal(await rcOf(systemd, 'start', 'e-plain'), 0, `start ${round}`);
  for (const round of [1, 2])
    assert.equal(await rcOf(systemd, 'monitor', unit, { resource: 'e-plain' }), 0, `${round}`);
  assert.deepEqual(systemd.watch?.('e-plain'), { kind: 'unit', unit });
  for (const round of [1, 2]) assert.equal(await rcOf(systemd, 'stop', 'e-plain'), 0, `stop ${round}`);
  assert.equal(await rcOf(systemd, 'monitor', 'e-plain'), 7);
  assert.equal(systemd.watch?.('e-plain'), undefined);
  assert.equal(systemctl('show', '--property=ActiveState', '--value', unit), 'inactive\n');
});

test('the death of a unit is told, once, and no stop or reload of ours is', async () => {
  const unit = units.write('e-killed.service', [...sleeper, 'ExecReload=/bin/true']);
  const { systemd, seen } = agent;
  const news = () => seen.filter(({ resource }) => resource === unit);
  assert.equal(await rcOf(systemd, 'start', unit), 0);
  assert.equal(await rcOf(systemd, 'reload', unit), 0);
  assert.equal(await rcOf(systemd, 'restart', unit), 0);
  const killedMs = performance.now();
  process.kill(mainPid(unit), 'SIGKILL');
  const [first] = await until('the news', () => (news().length > 0 ? news() : undefined));
  const tookMs = (first?.atMs ?? Number.NaN) - killedMs;
  console.log(`told after ${tookMs.toFixed(1)} ms`);
  const dead = await run(systemd, 'monitor', { type: unit }, { resource: unit });
  assert.deepEqual([dead.rc, dead.exitReason], [7, `${unit} is failed (ended by signal 9)`]);
  assert.equal(await rcOf(systemd, 'start', unit), 0);
  assert.equal(await rcOf(systemd, 'stop', unit), 0);
  assert.equal(await rcOf(systemd, 'monitor', unit), 7);
  assert.equal(news().length, 1);
});

test('an agent that comes new watches what it finds running', async () => {
  const unit = units.write('e-found.service', sleeper);
  systemctl('start', unit);
  const other = executors();
  assert.equal(await rcOf(other.systemd, 'monitor', unit), 0);
  process.kill(mainPid(unit), 'SIGKILL');
  await until('the news', () => other.seen.length > 0);
  other.close();
});

test('an agent that comes after another watches what that one watched, and tells of what died meanwhile', async () => {
  const journal = memoryJournal();
  const [kept, died, stopped] = ['kept', 'died', 'stopped'].map((name) => units.write(`e-${name}.service`, sleeper));
  assert.ok(kept !== undefined && died !== undefined && stopped !== undefined);
  const earlier = executors({ journal });
  for (const unit of [kept, died, stopped]) assert.equal(await rcOf(earlier.systemd, 'start', unit), 0);
  assert.equal(await rcOf(earlier.systemd, 'stop', stopped), 0);
  earlier.close();
  process.kill(mainPid(died), 'SIGKILL');
  const later = executors({ journal });
  later.takeOver();
  await until('news of what died', () => later.seen.length > 0);
  await until('the watch', () => later.systemd.watch?.(kept));
  process.kill(mainPid(kept), 'SIGKILL');
  await until('news of what was kept', () => later.seen.length > 1);
  assert.deepEqual(
    later.seen.map(({ resource }) => resource),
    [died, kept],
  );
  assert.equal(await rcOf(later.systemd, 'stop', died), 0);
  assert.equal(await rcOf(later.systemd, 'stop', kept), 0);
  assert.equal(journal.entries().size, 0);
  later.close();
});

test('what systemd would restart by itself is left to whoever counts failures', async () => {
  const unit = units.write('e-restarting.service', [...sleeper, 'Restart=always', 'RestartSec=100ms']);
  const { systemd, seen } = agent;
  assert.equal(await rcOf(systemd, 'start', unit), 0);
  assert.equal(systemctl('show', '--property=Restart', '--value', unit), 'no\n');
  process.kill(mainPid(unit), 'SIGKILL');
  await until('the news', () => seen.some(({ resource }) => resource === unit));
  assert.equal(await rcOf(systemd, 'monitor', unit), 7);
  assert.equal(await rcOf(systemd, 'stop', unit), 0);
  const found = units.write('e-found-restarting.service', [...sleeper, 'Restart=on-failure']);
  systemctl('start', found);
  assert.equal(await rcOf(systemd, 'monitor', found), 0);
  assert.equal(systemctl('show', '--property=Restart', '--value', found), 'no\n');
});

test('a unit that systemd restarts all the same is told of each time, and found running', async () => {
  const unit = units.write('e-stubborn.service', [...sleeper, 'RestartSec=100ms']);
  units.dropIn(unit, '90-mine.conf', ['[Service]', 'Restart=always']);
  const { systemd, seen } = agent;
  assert.equal(await rcOf(systemd, 'start', unit), 0);
  for (const round of [1, 2, 3]) {
    const before = mainPid(unit);
    process.kill(before, 'SIGKILL');
    await until(`news of death ${round}`, () => seen.filter(({ resource }) => resource === unit).length >= round);
    assert.equal(await rcOf(systemd, 'monitor', unit), 0);
    assert.notEqual(mainPid(unit), before);
  }
  assert.equal(await rcOf(systemd, 'stop', unit), 0);
});

test('a unit may be started more often than systemd would by itself', async () => {
  const unit = units.write('e-frequent.service', sleeper, ['StartLimitBurst=2', 'StartLimitIntervalSec=1h']);
  for (const round of [1, 2, 3, 4, 5]) {
    assert.equal(await rcOf(agent.systemd, 'start', unit), 0, `start ${round}`);
    process.kill(mainPid(unit), 'SIGKILL');
    await until('the death', () => agent.seen.filter(({ resource }) => resource === unit).length === round);
    assert.equal(await rcOf(agent.systemd, 'monitor', unit), 7);
  }
});

test('a start that fails says why, with the end of the journal', async () => {
  const unit = units.write('e-failing.service', ['Type=oneshot', 'ExecStart=/bin/sh -c "echo no licence; exit 3"']);
  const failed = await run(agent.systemd, 'start', { type: unit });
  assert.deepEqual([failed.rc, failed.status], [1, 'done']);
  assert.equal(failed.exitReason, `start failed: ${unit} is failed (exit status 3)`);
  assert.match(failed.output, /no licence/);
  const conditional = units.write('e-conditional.service', sleeper, ['ConditionPathExists=/nowhere']);
  const skipped = await run(agent.systemd, 'start', { type: conditional });
  assert.equal(skipped.rc, 1);
  assert.match(
    skipped.exitReason,
    /was started and does not run: e-conditional.service is inactive, dead; a condition/,
  );
  const dependent = units.write('e-dependent.service', sleeper, [`Requires=${unit}`, `After=${unit}`]);
  const without = await run(agent.systemd, 'start', { type: dependent });
  assert.deepEqual([without.rc, without.exitReason], [1, `a unit that ${dependent} depends on failed`]);
  assert.equal(await rcOf(agent.systemd, 'stop', unit), 0);
});

test('a start that hangs is given up in time, and leaves no job', async () => {
  const unit = units.write('e-hanging.service', ['Type=notify', ...sleeper]);
  const late = await run(agent.systemd, 'start', { type: unit }, { timeoutMs: 500 });
  assert.deepEqual([late.rc, late.status], [1, 'timeout']);
  assert.match(late.exitReason, /^start did not end within 0.5 s: e-hanging.service is activating/);
  await until('no job', () => !systemctl('list-jobs').includes(unit));
  const pending = await run(agent.systemd, 'monitor', { type: unit }, { timeoutMs: 300 });
  assert.deepEqual([pending.rc, pending.status], [1, 'timeout']);
  assert.equal(await rcOf(agent.systemd, 'stop', unit), 0);
  const abort = new AbortController();
  const operation = {
    resource: unit,
    name: 'start',
    intervalMs: 0,
    timeoutMs: 20_000,
    definition: { class: 'systemd', provider: '', type: unit, parameters: {}, meta: {}, exec: undefined },
  };
  const cancelled = agent.systemd.run({ id: 'c', operation, isInterrupted: false, signal: abort.signal });
  await until('a job', () => systemctl('list-jobs').includes(unit));
  abort.abort();
  assert.equal((await cancelled).status, 'cancelled');
  assert.equal(await rcOf(agent.systemd, 'stop', unit), 0);
});

test('a monitor waits for what is on its way', async () => {
  const slow = units.write('e-slow.service', [
    'Type=oneshot',
    'RemainAfterExit=yes',
    'ExecStart=/bin/sleep 1',
    'ExecStop=/bin/sleep 1',
  ]);
  systemctl('start', '--no-block', slow);
  assert.equal(await rcOf(agent.systemd, 'monitor', slow), 0);
  systemctl('stop', '--no-block', slow);
  await until('deactivating', () => systemctl('show', '--property=ActiveState', slow).includes('deactivating'));
  assert.equal(await rcOf(agent.systemd, 'monitor', slow), 7);
});

test('templates and aliases are units like others', async () => {
  units.write('e-template@.service', ['ExecStart=/bin/sleep %i']);
  const instance = units.adopt('e-template@3600.service');
  assert.equal(await rcOf(agent.systemd, 'start', 'e-template@3600'), 0);
  assert.equal(await rcOf(agent.systemd, 'monitor', instance, { resource: 'e-template@3600' }), 0);
  const unit = units.write('e-real.service', sleeper);
  const alias = units.alias('e-alias.service', unit);
  assert.equal(await rcOf(agent.systemd, 'start', alias), 0);
  process.kill(mainPid(unit), 'SIGKILL');
  await until('the news', () => agent.seen.some(({ resource }) => resource === alias));
  process.kill(mainPid(instance), 'SIGKILL');
  await until('the news', () => agent.seen.some(({ resource }) => resource === 'e-template@3600'));
});

test('what cannot run says so, and is stopped', async () => {
  const masked = units.mask('e-masked.service');
  const broken = units.write('e-broken.service', ['Type=oneshot']);
  const table: readonly [string, number, number, RegExp][] = [
    ['e-nowhere', 7, 5, /^there is no unit e-nowhere.service$/],
    [masked, 7, 5, /^e-masked.service is masked/],
    [broken, 7, 6, /cannot be loaded \(bad-setting\)/],
    ['e-template@', 5, 5, /a template is started with an instance/],
    ['a b', 5, 5, /no unit can be named "a b"/],
  ];
  for (const [type, monitor, start, reason] of table) {
    assert.equal(await rcOf(agent.systemd, 'monitor', type), monitor, type);
    const refused = await run(agent.systemd, 'start', { type });
    assert.equal(refused.rc, start, type);
    assert.match(refused.exitReason, reason);
    assert.equal(await rcOf(agent.systemd, 'stop', type), 0, type);
  }
  const plain = units.write('e-noreload.service', sleeper);
  assert.equal(await rcOf(agent.systemd, 'start', plain), 0);
  assert.equal(await rcOf(agent.systemd, 'reload', plain), 3);
  assert.equal(await rcOf(agent.systemd, 'promote', plain), 3);
});

test('unit files may be read anew meanwhile', async () => {
  const unit = units.write('e-reread.service', ['Type=oneshot', 'RemainAfterExit=yes', 'ExecStart=/bin/sleep 1']);
  const watched = units.write('e-kept.service', sleeper);
  assert.equal(await rcOf(agent.systemd, 'start', watched), 0);
  const start = rcOf(agent.systemd, 'start', unit);
  for (let round = 0; round < 3; round += 1) systemctl('daemon-reload');
  assert.equal(await start, 0);
  assert.deepEqual(
    agent.seen.filter(({ resource }) => resource === watched),
    [],
  );
  process.kill(mainPid(watched), 'SIGKILL');
  await until('the news', () => agent.seen.some(({ resource }) => resource === watched));
});

test('forty units that die at once are all told of', async () => {
  units.write('e-many@.service', sleeper);
  const names = Array.from({ length: 40 }, (_, index) => units.adopt(`e-many@${index}.service`));
  const ends = await Promise.all(names.map((type) => run(agent.systemd, 'start', { type }, { resource: type })));
  for (const { rc, exitReason } of ends) assert.deepEqual([rc, exitReason], [0, '']);
  const pids = names.map(mainPid);
  const killedMs = performance.now();
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  const dead = () => new Set(agent.seen.flatMap(({ resource }) => (names.includes(resource) ? [resource] : [])));
  await until('all of them', () => dead().size === names.length);
  console.log(`the last told after ${(Math.max(...agent.seen.map(({ atMs }) => atMs)) - killedMs).toFixed(1)} ms`);
});

test('a service is its init script, or else its unit', async () => {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  const { service, seen, close } = executors({ initScripts: directory });
  const unit = units.write('e-service.service', sleeper);
  assert.equal(await rcOf(service, 'start', 'e-service'), 0);
  assert.deepEqual(service.watch?.('e-service'), { kind: 'unit', unit });
  process.kill(mainPid(unit), 'SIGKILL');
  await until('the news', () => seen.some(({ resource }) => resource === 'e-service'));
  const nothing = await run(service, 'start', { type: 'e-nothing' });
  assert.equal(nothing.rc, 5);
  assert.equal(nothing.exitReason, `neither init script ${directory}/e-nothing nor unit e-nothing.service is there`);
  assert.equal(await rcOf(service, 'stop', 'e-nothing'), 0);
  writeFileSync(`${directory}/e-service`, '#!/bin/sh\n', { mode: 0o755 });
  assert.equal((await run(service, 'start', { type: 'e-service' })).exitReason, 'lsb start');
  rmSync(`${directory}/e-service`);
  close();
});
