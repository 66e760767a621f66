import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../../executors/executor-fixture.js';
import type { HostHeartbeat } from '../matahari.js';
import { endCommand } from './end-machine.js';
import { machineAt } from './machine.js';
import { machineWith, ownSetting, problemOf, valueFrom } from './own-fixture.js';

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const shell = (command: string): string => execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }).trim();

test("properties are what the machine's own programs say", async () => {
  const { matahari } = ownSetting();
  const host = await valueFrom(matahari.host.get());
  assert.equal(host.hostname, shell('hostname'));
  assert.equal(host.os, shell(`uname -a | awk '{print $1,"("$3")"}'`));
  assert.equal(host.arch, shell('uname -m'));
  assert.equal(host.wordsize, Number(shell('getconf LONG_BIT')));
  assert.equal(host.memory, Number(shell("free | awk '/Mem/ {print $2}'")));
  assert.equal(host.swap, Number(shell("free | awk '/Swap/ {print $2}'")));
  assert.equal(host.cpuCount, Number(shell('nproc --all')));
  assert.ok(host.cpuCores >= 1 && host.cpuCores <= host.cpuCount);
  assert.equal(host.updateInterval, 5);
  const free = Number(shell("free | awk '/Mem/ {print $4}'"));
  assert.ok(Math.abs(host.freeMem - free) < free / 4, `${host.freeMem} kB free, free(1) says ${free}`);
  assert.deepEqual(Object.keys(host.load).sort(), ['1', '15', '5']);
  const { total = 0, ...states } = host.processStatistics;
  assert.deepEqual(Object.keys(states).sort(), ['idle', 'running', 'sleeping', 'stopped', 'zombie']);
  assert.ok(total > 0);
  assert.equal(
    Object.values(states).reduce((sum, count) => sum + count, 0),
    total,
  );
  assert.ok(Math.abs(Date.now() - host.lastUpdatedUnixMs) < 5000);
});

test('statistics stand still until the next heartbeat is due, and then are new', async () => {
  let bootMs = 1_000_000;
  const clock = { now: () => ({ unixMs: bootMs + 5, bootMs }) };
  const { matahari } = ownSetting({ clock });
  const first = await valueFrom(matahari.host.get());
  bootMs += 4999;
  const same = await valueFrom(matahari.host.get());
  assert.deepEqual([same.sequence, same.lastUpdatedUnixMs], [first.sequence, first.lastUpdatedUnixMs]);
  bootMs += 1;
  const next = await valueFrom(matahari.host.get());
  assert.deepEqual([next.sequence, next.lastUpdatedUnixMs], [first.sequence + 1, bootMs + 5]);
});

test('heartbeats come at the interval, with a sequence that has no gaps, and end at 0', async () => {
  const { matahari } = ownSetting();
  const { host } = matahari;
  const beats: HostHeartbeat[] = [];
  const remove = host.onHeartbeat((beat) => beats.push(beat));
  await until('a heartbeat at once', () => beats.length === 1);
  await valueFrom(host.setUpdateInterval(1));
  await until('two more', () => beats.length >= 3);
  const [one, two, three] = beats;
  assert.ok(one !== undefined && two !== undefined && three !== undefined);
  assert.deepEqual([two.sequence, three.sequence], [one.sequence + 1, one.sequence + 2]);
  assert.match(one.uuid, uuidForm);
  assert.equal(one.hostname, shell('hostname'));
  assert.ok(three.timestampUnixMs - two.timestampUnixMs >= 900);
  await valueFrom(host.setUpdateInterval(0));
  const state = await valueFrom(host.get());
  assert.deepEqual([state.updateInterval, state.sequence], [0, beats.at(-1)?.sequence]);
  remove();
  await matahari.close();
});

test('an interval is a whole number of seconds that a timer can wait', async () => {
  const { matahari } = ownSetting();
  for (const bad of [-1, 0.5, Number.NaN, 2 ** 31]) {
    const problem = await problemOf(matahari.host.setUpdateInterval(bad));
    assert.deepEqual([problem.code, problem.argument], ['invalid-argument', 'update_interval'], String(bad));
  }
});

test('uuids: lifetimes in any case, each as long as it says', async () => {
  const { matahari, again } = ownSetting();
  const { host } = matahari;
  const filesystem = await valueFrom(host.getUuid('filesystem'));
  assert.match(filesystem, uuidForm);
  assert.equal(await valueFrom(host.getUuid('')), filesystem);
  assert.equal((await valueFrom(host.get())).uuid, filesystem);
  assert.equal(await valueFrom(host.getUuid('REBOOT')), shell('cat /proc/sys/kernel/random/boot_id'));
  const agent = await valueFrom(host.getUuid('Agent'));
  assert.match(agent, uuidForm);
  assert.equal(await valueFrom(host.getUuid('agent')), agent);
  const next = again().host;
  assert.notEqual(await valueFrom(next.getUuid('Agent')), agent);
  assert.equal(await valueFrom(next.getUuid('Filesystem')), filesystem);
  const unknown = await problemOf(host.getUuid('lifetime'));
  assert.deepEqual([unknown.code, unknown.argument], ['invalid-argument', 'lifetime']);
  assert.match(unknown.message, /Filesystem, Hardware, Reboot, Agent, Custom/);
});

test('the Custom uuid is not there before it is set, and stays', async () => {
  const { matahari, again } = ownSetting();
  assert.equal((await problemOf(matahari.host.getUuid('Custom'))).code, 'not-found');
  assert.equal((await valueFrom(matahari.host.get())).customUuid, '');
  assert.equal(await valueFrom(matahari.host.setUuid('custom', 'K7ZQ0A1B2C3D4E5F6G7H')), 0);
  const { host } = again();
  assert.equal(await valueFrom(host.getUuid('CUSTOM')), 'K7ZQ0A1B2C3D4E5F6G7H');
  assert.equal((await valueFrom(host.get())).customUuid, 'K7ZQ0A1B2C3D4E5F6G7H');
  await valueFrom(host.setUuid('Custom', ''));
  assert.equal((await problemOf(host.getUuid('Custom'))).code, 'not-found');
});

test('only the Custom uuid can be set, and only to an identifier', async () => {
  const { matahari } = ownSetting();
  for (const lifetime of ['Filesystem', 'Hardware', 'Reboot', 'Agent', 'never', '']) {
    const problem = await problemOf(matahari.host.setUuid(lifetime, 'x'));
    assert.deepEqual([problem.code, problem.argument], ['invalid-argument', 'lifetime'], lifetime);
  }
  const empty = await problemOf(matahari.host.setUuid('', 'x'));
  assert.match(empty.message, /the Filesystem uuid cannot be set/, 'an empty lifetime is Filesystem');
  for (const uuid of ['two words', '../x', 'a\nb', `x${'y'.repeat(128)}`, '-a']) {
    const problem = await problemOf(matahari.host.setUuid('Custom', uuid));
    assert.deepEqual([problem.code, problem.argument], ['invalid-argument', 'uuid'], uuid);
  }
});

const machines = [
  { files: { '/etc/machine-id': '3d1219c7c4c5404aaa1f6d2a48adfda4\n' }, id: '3d1219c7-c4c5-404a-aa1f-6d2a48adfda4' },
  { files: { '/etc/machine-id': '3D1219C7-C4C5-404A-AA1F-6D2A48ADFDA4' }, id: '3d1219c7-c4c5-404a-aa1f-6d2a48adfda4' },
  {
    files: { '/etc/machine-id': 'uninitialized\n', '/var/lib/dbus/machine-id': '00000000000000000000000000000001\n' },
    id: '00000000-0000-0000-0000-000000000001',
  },
];
for (const { files, id } of machines) {
  test(`the Filesystem uuid is ${id} by ${Object.keys(files).join(' and ')}`, async () => {
    const { matahari } = ownSetting({ machineRoot: machineWith(files) });
    assert.equal(await valueFrom(matahari.host.getUuid('Filesystem')), id);
  });
}

test('a machine without a machine-id gets a Filesystem uuid of ours, which stays', async () => {
  const { matahari, again } = ownSetting({ machineRoot: machineWith({}) });
  const uuid = await valueFrom(matahari.host.getUuid(''));
  assert.match(uuid, uuidForm);
  assert.equal(await valueFrom(again().host.getUuid('')), uuid);
});

test('a Hardware uuid that means nothing is none', async () => {
  const dmi = '/sys/class/dmi/id/product_uuid';
  const known = ownSetting({ machineRoot: machineWith({ [dmi]: '4C4C4544-0034-3310-8051-B4C04F4A3332\n' }) });
  assert.equal(await valueFrom(known.matahari.host.getUuid('Hardware')), '4c4c4544-0034-3310-8051-b4c04f4a3332');
  for (const text of ['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'Not Settable']) {
    const { matahari } = ownSetting({ machineRoot: machineWith({ [dmi]: text }) });
    assert.equal((await problemOf(matahari.host.getUuid('hardware'))).code, 'not-found', text);
  }
});

test('only an init system that is the first process ends the machine', async () => {
  const programs = { '/usr/bin/systemctl': '#!/bin/sh\n', '/sbin/shutdown': '#!/bin/sh\n' };
  const tables = [
    { files: { '/proc/1/comm': 'systemd\n', '/run/systemd/system/x': '', ...programs }, reboot: /systemctl .*reboot$/ },
    { files: { '/proc/1/comm': 'init\n', '/run/initctl': '', ...programs }, reboot: /shutdown -r now$/ },
    { files: { '/proc/1/comm': 'systemd\n', '/run/systemd/system/x': '' }, code: 'not-installed' },
    { files: { '/proc/1/comm': 'cpe-instance-in\n', '/run/systemd/system/x': '', ...programs }, code: 'unavailable' },
    { files: { '/proc/1/comm': 'init\n', ...programs }, code: 'unavailable' },
    { files: { ...programs }, code: 'unavailable' },
  ];
  for (const { files, reboot, code } of tables) {
    const root = machineWith(files as Readonly<Record<string, string>>);
    const command = endCommand(machineAt(root), 'reboot');
    if (command.kind === 'done') assert.match([command.value.path, ...command.value.argv].join(' '), reboot ?? /^$/);
    else assert.equal(command.problem.code, code);
  }
  const { matahari } = ownSetting({ machineRoot: machineWith({ '/proc/1/comm': 'sh\n' }) });
  assert.equal((await problemOf(matahari.host.shutdown())).code, 'unavailable');
  assert.equal((await problemOf(matahari.host.reboot())).code, 'unavailable');
});

test('a machine without speaker and console says so', async () => {
  const { matahari } = ownSetting({ machineRoot: machineWith({}) });
  assert.equal((await problemOf(matahari.host.identify())).code, 'unavailable');
});

test('a machine with a console rings its bell', async () => {
  const root = machineWith({ '/dev/tty0': '' });
  const { matahari } = ownSetting({ machineRoot: root });
  await valueFrom(matahari.host.identify());
  assert.equal(machineAt(root).read('/dev/tty0'), '\x07');
});

const tunedAdm = `#!/bin/sh
active="$(dirname "$0")/active"
case "$1" in
  list) echo 'Available profiles:'; echo '- balanced                    - General non-specialized tuned profile'
        echo '- powersave'; echo "Current active profile: $(cat "$active")" ;;
  active) if test -f "$active"; then echo "Current active profile: $(cat "$active")"; else echo 'No current active profile.'; exit 1; fi ;;
  profile) echo "$2" > "$active" ;;
  off) rm -f "$active" ;;
esac
`;

test('power profiles are those of tuned', async () => {
  const { matahari } = ownSetting({ machineRoot: machineWith({ '/usr/sbin/tuned-adm': tunedAdm }) });
  const { host } = matahari;
  assert.deepEqual(await valueFrom(host.listPowerProfiles()), ['balanced', 'powersave', 'off']);
  assert.equal(await valueFrom(host.getPowerProfile()), 'off');
  assert.equal(await valueFrom(host.setPowerProfile('powersave')), 0);
  assert.equal(await valueFrom(host.getPowerProfile()), 'powersave');
  assert.equal(await valueFrom(host.setPowerProfile('off')), 0);
  assert.equal(await valueFrom(host.getPowerProfile()), 'off');
  const unknown = await problemOf(host.setPowerProfile('--help'));
  assert.deepEqual([unknown.code, unknown.argument], ['invalid-argument', 'profile']);
});

test('without tuned the power profiles are not installed', async () => {
  const { host } = ownSetting({ machineRoot: machineWith({}) }).matahari;
  for (const answer of [host.listPowerProfiles(), host.getPowerProfile(), host.setPowerProfile('balanced')]) {
    assert.equal((await problemOf(answer)).code, 'not-installed');
  }
});

test('a state directory that cannot be used is a problem, not the end', async () => {
  const { matahari, directory } = ownSetting({ stateDirectory: '/dev/null/state', machineRoot: machineWith({}) });
  assert.equal((await problemOf(matahari.host.setUuid('Custom', 'x'))).code, 'failed');
  assert.equal((await problemOf(matahari.host.get())).code, 'failed');
  rmSync(directory, { recursive: true, force: true });
});

test('a listener that fails harms neither the agent nor the others', async () => {
  const logged: string[] = [];
  const { matahari } = ownSetting({ log: (_, message) => logged.push(message) });
  const heard: number[] = [];
  matahari.host.onHeartbeat(() => {
    throw new Error('broken');
  });
  matahari.host.onHeartbeat(({ sequence }) => heard.push(sequence));
  await until('a heartbeat', () => heard.length === 1);
  assert.deepEqual(logged, ['a listener of heartbeat has failed']);
  await matahari.close();
});

test('a PC speaker plays a tone for a second, and is silent again', async () => {
  const speaker = '/dev/input/by-path/platform-pcspkr-event-spkr';
  const root = machineWith({ [speaker]: '' });
  const { matahari } = ownSetting({ machineRoot: root });
  const began = performance.now();
  await valueFrom(matahari.host.identify());
  assert.ok(performance.now() - began >= 900);
  const events = readFileSync(join(root, speaker));
  const length = events.length / 2;
  const fields = [0, length].map((at) => {
    const event = events.subarray(at + length - 8);
    return [event.readUInt16LE(0), event.readUInt16LE(2), event.readInt32LE(4)];
  });
  assert.deepEqual(fields, [
    [0x12, 0x02, 440],
    [0x12, 0x02, 0],
  ]);
});
