import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { machine as hardwareName } from 'node:os';
import type { HostHeartbeat, Matahari } from '../../agent/matahari/matahari.js';
import {
  assertNoSuch,
  assertProblem,
  type Create,
  doneValue,
  eventually,
  type Shared,
  shared,
  timeFor,
} from './matahari-under-test.js';

export function hostContract(create: Create): void {
  const { test } = shared(create);
  propertyTests(test);
  heartbeatTests(test);
  uuidTests(test);
  orderTests(test);
}

type Test = Shared['test'];

function propertyTests(test: Test): void {
  test('the properties are those of the running system', async ({ host }, { hostname }) => {
    const state = doneValue(await host.get());
    assert.equal(state.hostname, hostname);
    assert.match(state.uuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(state.customUuid, '');
    assert.notEqual(state.os, '');
    assert.equal(state.arch, hardwareName());
    assert.equal(state.wordsize, 64);
    assert.equal(state.memory, memoryInfo('MemTotal'));
    assert.equal(state.swap, memoryInfo('SwapTotal'));
    assert.equal(state.cpuCount, cpuInfo('processor').length);
    assert.ok(Number.isInteger(state.cpuCores) && state.cpuCores >= 1 && state.cpuCores <= state.cpuCount);
    assert.equal(state.cpuModel, cpuInfo('model name')[0] ?? state.cpuModel);
    assert.equal(state.cpuFlags, cpuInfo('flags')[0] ?? state.cpuFlags);
  });

  test('the statistics are of the last heartbeat', async ({ host }) => {
    await nextBeats(host, 1);
    const state = doneValue(await host.get());
    assert.ok(state.freeMem > 0 && state.freeMem <= state.memory, `${state.freeMem} kB`);
    assert.ok(state.freeSwap >= 0 && state.freeSwap <= state.swap, `${state.freeSwap} kB`);
    assert.deepEqual(Object.keys(state.load).sort(), ['1', '15', '5']);
    assert.ok(Object.values(state.load).every((load) => Number.isFinite(load) && load >= 0));
    for (const kind of ['running', 'sleeping', 'stopped', 'zombie', 'idle']) {
      const count = state.processStatistics[kind];
      assert.ok(Number.isInteger(count) && count !== undefined && count >= 0, `${kind}: ${count}`);
    }
    assert.ok(Object.values(state.processStatistics).some((count) => count > 0));
    assert.ok(Math.abs(state.lastUpdatedUnixMs - Date.now()) < 60_000, `${state.lastUpdatedUnixMs}`);
  });
}

function heartbeatTests(test: Test): void {
  test('heartbeats come at update_interval, and their sequence has no gap', async ({ host }) => {
    const beats = await nextBeats(host, 3);
    const { uuid, hostname, sequence, lastUpdatedUnixMs, updateInterval } = doneValue(await host.get());
    assert.equal(updateInterval, 1);
    beats.forEach((beat, index) => {
      assert.equal(beat.sequence, (beats[0]?.sequence ?? 0) + index);
      assert.deepEqual([beat.uuid, beat.hostname], [uuid, hostname]);
      assert.ok(Math.abs(beat.timestampUnixMs - Date.now()) < 60_000);
    });
    const last = beats.at(-1);
    assert.ok(last !== undefined && sequence >= last.sequence && lastUpdatedUnixMs >= last.timestampUnixMs);
  });

  test('an update_interval of 0 ends the heartbeats, and another one starts them again', async ({ host }) => {
    const [before] = await nextBeats(host, 1);
    doneValue(await host.setUpdateInterval(0));
    const { sequence, updateInterval } = doneValue(await host.get());
    assert.equal(updateInterval, 0);
    await timeFor(1_500);
    assert.equal(doneValue(await host.get()).sequence, sequence);
    const [after] = await nextBeats(host, 1);
    assert.ok(before !== undefined && after?.sequence === sequence + 1 && sequence >= before.sequence);
  });

  test('a listener that was removed hears nothing', async ({ host }) => {
    let heard = 0;
    const remove = host.onHeartbeat(() => {
      heard += 1;
    });
    remove();
    await nextBeats(host, 2);
    assert.equal(heard, 0);
  });

  test('an update_interval that is no number of seconds is refused', async ({ host }) => {
    for (const seconds of [-1, 0.5, Number.NaN, 2 ** 32]) {
      assertProblem(await host.setUpdateInterval(seconds), 'invalid-argument', 'update_interval');
    }
  });
}

function uuidTests(test: Test): void {
  test('every lifetime has its UUID, however it is written', async ({ host }, { hasHardwareUuid }) => {
    const filesystem = doneValue(await host.getUuid('Filesystem'));
    assert.equal(filesystem, doneValue(await host.get()).uuid);
    for (const lifetime of ['', 'filesystem', 'FILESYSTEM']) {
      assert.equal(doneValue(await host.getUuid(lifetime)), filesystem);
    }
    const reboot = doneValue(await host.getUuid('Reboot'));
    const agent = doneValue(await host.getUuid('Agent'));
    assert.equal(new Set([filesystem, reboot, agent]).size, 3);
    assert.equal(doneValue(await host.getUuid('reBoot')), reboot);
    assert.equal(doneValue(await host.getUuid('AGENT')), agent);
    if (hasHardwareUuid) assert.notEqual(doneValue(await host.getUuid('Hardware')), '');
    else assertProblem(await host.getUuid('Hardware'), 'not-found');
  });

  test('an unknown lifetime is refused', async ({ host }) => {
    for (const lifetime of ['lifetime', 'Filesystem ', 'invalid-lifetime']) {
      assertProblem(await host.getUuid(lifetime), 'invalid-argument', 'lifetime');
    }
  });

  test('the Custom UUID is there once it was set, and stays', async ({ host }, _machine, { restart }) => {
    assertProblem(await host.getUuid('Custom'), 'not-found');
    for (const uuid of ['first-of-two', '0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0']) {
      assert.equal(doneValue(await host.setUuid('cUSTOM', uuid)), 0);
      assert.equal(doneValue(await host.getUuid('Custom')), uuid);
      assert.equal(doneValue(await host.get()).customUuid, uuid);
    }
    const before = await uuids(host);
    const after = await uuids((await restart()).host);
    assert.deepEqual({ ...after, Agent: '' }, { ...before, Agent: '' });
    assert.notEqual(after.Agent, before.Agent);
  });

  test('no other lifetime can be set, and no Custom UUID of several lines', async ({ host }) => {
    const before = await uuids(host);
    for (const lifetime of ['Filesystem', 'Hardware', 'Reboot', 'Agent', '', 'lifetime']) {
      assertProblem(await host.setUuid(lifetime, 'other'), 'invalid-argument', 'lifetime');
    }
    assertProblem(await host.setUuid('Custom', 'one\ntwo'), 'invalid-argument', 'uuid');
    assert.deepEqual(await uuids(host), before);
  });
}

function orderTests(test: Test): void {
  test('identify makes itself heard, or says why not', async ({ host }, { speaker }) => {
    const outcome = await host.identify();
    if (speaker === 'present') doneValue(outcome);
    if (speaker === 'absent') assertProblem(outcome, 'unavailable');
  });

  test('power profiles are listed, read and set', async ({ host }, { powerProfiles }) => {
    if (powerProfiles === undefined) {
      assertProblem(await host.listPowerProfiles(), 'not-installed');
      assertProblem(await host.getPowerProfile(), 'not-installed');
      assertProblem(await host.setPowerProfile('balanced'), 'not-installed');
      return;
    }
    assert.deepEqual([...doneValue(await host.listPowerProfiles())].sort(), [...powerProfiles].sort());
    for (const profile of powerProfiles.slice(0, 2)) {
      assert.equal(doneValue(await host.setPowerProfile(profile)), 0);
      assert.equal(doneValue(await host.getPowerProfile()), profile);
    }
    for (const profile of ['no-such-profile', '', '--help']) {
      assertNoSuch(await host.setPowerProfile(profile), 'profile');
    }
  });

  test('shutdown and reboot are of the whole machine', async ({ host }, { asked }, { context }) => {
    if (asked === undefined) return context.skip('this machine would really go down');
    doneValue(await host.shutdown());
    doneValue(await host.reboot());
    // Each is a process of its own, and is answered before that has begun.
    assert.deepEqual([...(await asked())].sort(), ['reboot', 'shutdown']);
  });
}

/** The next heartbeats, at one a second. */
async function nextBeats(host: Matahari['host'], count: number): Promise<readonly HostHeartbeat[]> {
  const beats: HostHeartbeat[] = [];
  const remove = host.onHeartbeat((beat) => beats.push(beat));
  try {
    doneValue(await host.setUpdateInterval(1));
    await eventually(`${count} heartbeats`, () => beats.length >= count);
  } finally {
    remove();
  }
  return beats;
}

async function uuids(host: Matahari['host']) {
  return {
    Filesystem: doneValue(await host.getUuid('Filesystem')),
    Hardware: await host.getUuid('Hardware'),
    Reboot: doneValue(await host.getUuid('Reboot')),
    Agent: doneValue(await host.getUuid('Agent')),
    Custom: await host.getUuid('Custom'),
  };
}

/** kB. */
function memoryInfo(key: string): number {
  return Number(new RegExp(`^${key}: +([0-9]+) kB$`, 'm').exec(readFileSync('/proc/meminfo', 'latin1'))?.[1]);
}

function cpuInfo(key: string): readonly string[] {
  return readFileSync('/proc/cpuinfo', 'latin1')
    .split('\n')
    .filter((line) => line.split(':')[0]?.trim() === key)
    .map((line) => line.slice(line.indexOf(':') + 1).trim());
}
