import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Variant } from '@jellybrick/dbus-next';
import { type PrivateBus, startPrivateBus } from '../dbus/private-bus.js';
import { until } from '../executors/executor-fixture.js';
import { connectSystemd } from './connect-systemd.js';
import { killed, running, type ScriptedSystemd, scriptedSystemd } from './scripted-systemd.js';
import type { SystemdReply, UnitState } from './systemd-manager.js';

const unit = 'web.service';
const job = '/org/freedesktop/systemd1/job/7';
const timeoutMs = 20_000;

let daemon: PrivateBus;

before(async () => {
  daemon = await startPrivateBus();
});

after(() => daemon.close());

async function withSystemd(
  use: (systemd: ReturnType<typeof connectSystemd>, scripted: ScriptedSystemd) => Promise<void>,
): Promise<void> {
  const scripted = await scriptedSystemd(daemon.address);
  const systemd = connectSystemd(daemon.address);
  try {
    await use(systemd, scripted);
  } finally {
    systemd.close();
    await scripted.leave();
  }
}

function done<T>(reply: SystemdReply<T>): T {
  if (reply.kind !== 'done') assert.fail(`${reply.kind}: ${reply.message}`);
  return reply.value;
}

test('a job ends with its signal, even one that comes before the answer to what queued it', async () => {
  await withSystemd(async (systemd, scripted) => {
    scripted.answer('StartUnit', (call) => {
      scripted.endJob('/org/freedesktop/systemd1/job/6', unit, 'failed');
      scripted.endJob(job, unit, 'done');
      return scripted.reply(call, 'o', job);
    });
    assert.equal(done(await systemd.runJob(unit, 'start', timeoutMs)), 'done');
    const stop = systemd.runJob(unit, 'stop', timeoutMs);
    await until('the job', () => scripted.calls.includes('StopUnit'));
    scripted.endJob('/org/freedesktop/systemd1/job/6', unit, 'done');
    scripted.endJob(job, unit, 'dependency');
    assert.equal(done(await stop), 'dependency');
  });
});

test('a job that is late is cancelled, and so is one that nobody waits for any more', async () => {
  await withSystemd(async (systemd, scripted) => {
    assert.equal(done(await systemd.runJob(unit, 'start', 2000)), 'timeout');
    await until('its end', () => scripted.calls.includes('Cancel'));
    const abort = new AbortController();
    abort.abort();
    assert.equal(done(await systemd.runJob(unit, 'restart', timeoutMs, abort.signal)), 'canceled');
    assert.ok(!scripted.calls.includes('RestartUnit'));
    const later = new AbortController();
    const cancelled = systemd.runJob(unit, 'restart', timeoutMs, later.signal);
    await until('the job', () => scripted.calls.includes('RestartUnit'));
    later.abort();
    assert.equal(done(await cancelled), 'canceled');
    await until('both ends', () => scripted.calls.filter((call) => call === 'Cancel').length === 2);
  });
});

test('a job whose end was missed is known by its unit', async () => {
  const table = [
    ['start', running(5), 'done'],
    ['start', killed, 'failed'],
    ['stop', running(5), 'failed'],
    ['stop', killed, 'done'],
  ] as const;
  for (const [kind, state, expected] of table) {
    const first = await scriptedSystemd(daemon.address);
    const systemd = connectSystemd(daemon.address);
    const result = systemd.runJob(unit, kind, timeoutMs);
    await until('the job', () => first.calls.includes(kind === 'start' ? 'StartUnit' : 'StopUnit'));
    await systemd.unit(unit);
    await first.leave();
    const second = await scriptedSystemd(daemon.address);
    second.answer('Get', (call) => second.error(call, 'org.freedesktop.DBus.Error.UnknownObject'));
    second.change(unit, state);
    assert.equal(done(await result), expected, `${kind} ${expected}`);
    systemd.close();
    await second.leave();
  }
});

test('a systemd that is away for a moment is waited for, one that never was is not', async () => {
  const systemd = connectSystemd(daemon.address);
  const began = performance.now();
  assert.equal((await systemd.unit(unit)).kind, 'unavailable');
  assert.ok(performance.now() - began < 15_000);
  const first = await scriptedSystemd(daemon.address);
  done(await systemd.unit(unit));
  await first.leave();
  const asked = systemd.unit(unit);
  const second = await scriptedSystemd(daemon.address);
  second.change(unit, running(5));
  done(await asked);
  systemd.close();
  await second.leave();
});

test('changes come with their values, and what was missed is looked at', async () => {
  const first = await scriptedSystemd(daemon.address);
  const systemd = connectSystemd(daemon.address);
  const heard: UnitState[] = [];
  const remove = systemd.onUnitChange(unit, (state) => heard.push(state));
  done(await systemd.unit(unit));
  first.change(unit, running(5));
  await until('the start', () => heard.length > 0);
  assert.deepEqual([heard[0]?.activeState, heard[0]?.mainPid], ['active', 5]);
  first.change(unit, { service: running(6).service });
  await until('another main process', () => heard.length > 1);
  assert.deepEqual([heard[1]?.activeState, heard[1]?.mainPid], ['active', 6]);
  first.change(unit, {});
  await first.leave();
  const second = await scriptedSystemd(daemon.address, { [unit]: killed });
  await until('the death', () => heard.at(-1)?.activeState === 'failed');
  assert.deepEqual([heard.length, heard[2]?.result, heard[2]?.exitStatus], [3, 'signal', 9]);
  remove();
  second.change(unit, running(7));
  done(await systemd.unit(unit));
  assert.equal(heard.length, 3);
  systemd.close();
  await second.leave();
});

test('what changes while it is read is told of when it is known, and not half of it', async () => {
  await withSystemd(async (systemd, scripted) => {
    const heard: UnitState[] = [];
    let reads = 0;
    scripted.answer('GetAll', (call) => {
      reads += 1;
      if (reads === 1) scripted.change(unit, running(5));
      const activeState = reads === 1 ? 'inactive' : 'active';
      return scripted.reply(call, 'a{sv}', { ActiveState: new Variant('s', activeState) });
    });
    const remove = systemd.onUnitChange(unit, (state) => heard.push(state));
    await until('a second look', () => reads > 1);
    assert.equal(done(await systemd.unit(unit)).mainPid, 5);
    scripted.change(unit, running(6));
    await until('both changes', () => heard.length > 1);
    assert.deepEqual(
      heard.map(({ activeState, mainPid }) => [activeState, mainPid]),
      [
        ['active', 5],
        ['active', 6],
      ],
    );
    remove();
  });
});

test('unit files that are read anew at the same time are read once more, and not once each', async () => {
  await withSystemd(async (systemd, scripted) => {
    await Promise.all([systemd.reload(), systemd.reload(), systemd.enable(unit)]);
    const reads = () => scripted.calls.filter((call) => call === 'Reload').length;
    assert.ok(reads() <= 2, `${reads()}`);
    done(await systemd.disable(unit));
    assert.deepEqual(scripted.calls.slice(-2), ['DisableUnitFiles', 'Reload']);
  });
});
