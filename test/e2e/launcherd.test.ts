import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { RequestOutcome } from '../../proto/bus.js';
import { encodeEnvelope } from '../../proto/codec.js';
import { launcherBeat, launcherList, launcherOrder, launcherReport } from '../../proto/subjects.js';
import { initsBelow, until } from '../contract/launcher-driver-local-fixture.js';
import { createLauncherBench, inventoryOf, type LauncherBench, stateOf } from './launcherd-bench.js';

describe('launcherd', { timeout: 300_000 }, () => {
  let bench: LauncherBench;
  before(async () => {
    bench = await createLauncherBench();
  });
  afterEach(() => bench.killLauncherds());
  after(() => bench.close());

  const adopt = (epoch = 1, host = 'local') => bench.order({ kind: 'adoptLauncher', value: {} }, { epoch, host });
  const start = async (instance: string, options = {}) => {
    const credentials = await bench.mintForAgent(instance);
    return bench.order({ kind: 'startInstance', value: { instance, credentials } }, options);
  };
  const destroy = (instance: string, options = {}) =>
    bench.order({ kind: 'destroyInstance', value: { instance } }, options);
  const inspect = async (instance: string) =>
    stateOf(await bench.order({ kind: 'inspectInstance', value: { instance } }));
  const reportsOf = (instance: string) => bench.reports.filter(({ death }) => death?.instance === instance);

  test('instances outlive a killed launcherd; a death meanwhile is reported exactly once', async () => {
    const first = bench.startLauncherd();
    assert.deepEqual(inventoryOf(await adopt()).instances, []);
    const [living, lost] = [bench.nextInstance('db'), bench.nextInstance('web')];
    const states = [stateOf(await start(living)), stateOf(await start(lost))];
    assert.deepEqual(
      states.map(({ state }) => state),
      ['running', 'running'],
    );
    await first.kill();
    process.kill(states[1]?.pid ?? 0, 'SIGKILL');

    const second = bench.startLauncherd();
    await until('the death is reported', () => reportsOf(lost).length > 0);
    assert.equal(reportsOf(lost)[0]?.death?.state, 'dead');
    assert.equal((await inspect(living)).pid, states[0]?.pid);
    assert.equal((await inspect(lost)).state, 'dead');
    await second.kill('SIGTERM');

    const third = bench.startLauncherd();
    assert.equal((await inspect(living)).pid, states[0]?.pid);
    assert.equal(stateOf(await destroy(living)).state, 'dead');
    // Reports go in order: when a later one has come, no earlier one is still on its way.
    await until('the later death is reported', () => reportsOf(living).length > 0);
    assert.equal(reportsOf(lost).length, 1);
    await third.kill();
  });

  test('only the decider whose epoch was adopted last is obeyed, also by a later launcherd', async () => {
    const first = bench.startLauncherd();
    const instance = bench.nextInstance('db');
    assert.equal(errorOf(await start(instance, { epoch: 9 })), 'not-adopted');
    assert.ok(inventoryOf(await adopt(5)));
    assert.equal(errorOf(await start(instance, { epoch: 4 })), 'stale-epoch');
    assert.equal(errorOf(await adopt(4)), 'stale-epoch');
    assert.equal(errorOf(await start(instance, { epoch: 6 })), 'not-adopted');
    await first.kill();
    const second = bench.startLauncherd();
    assert.equal(errorOf(await start(instance, { epoch: 4 })), 'stale-epoch');
    assert.equal(errorOf(await adopt(4)), 'stale-epoch');
    assert.equal(stateOf(await start(instance, { epoch: 5 })).state, 'running');
    assert.equal(stateOf(await destroy(instance, { epoch: 5 })).state, 'dead');
    await second.kill();
  });

  test("a repeated order gets the first one's result, at once, later and from a later launcherd", async () => {
    const first = bench.startLauncherd();
    assert.ok(inventoryOf(await adopt(5)));
    const instance = bench.nextInstance('db');
    const [begin, end] = [
      { epoch: 5, operationId: '5-test-begin' },
      { epoch: 5, operationId: '5-test-end' },
    ];
    const started = (await Promise.all([start(instance, begin), start(instance, begin)])).map(stateOf);
    assert.deepEqual(started[1], started[0]);
    assert.equal(started[0]?.state, 'running');
    const ended = stateOf(await destroy(instance, end));
    assert.equal(ended.state, 'dead');
    assert.deepEqual(stateOf(await start(instance, begin)), started[0]);
    await first.kill();
    const second = bench.startLauncherd();
    assert.deepEqual(stateOf(await start(instance, begin)), started[0]);
    assert.deepEqual(stateOf(await destroy(instance, end)), ended);
    assert.equal(errorOf(await destroy(instance, begin)), 'conflict');
    assert.equal(stateOf(await start(instance, { epoch: 5 })).state, 'failed', 'an id lives once');
    await second.kill();
  });

  test('an order that is none is refused, and changes nothing', async () => {
    const launcherd = bench.startLauncherd();
    assert.ok(inventoryOf(await adopt(5)));
    const wrong = ['', 'shop.db.local', 'shop.db.other.1-1', 'blog.db.local.1-1', 'shop.*.local.1-1', '../..'];
    for (const instance of wrong)
      assert.equal(errorOf(await start(instance, { epoch: 5 })), 'invalid-request', instance);
    const stray = bench.nextInstance('db');
    assert.equal(errorOf(await bench.order({ kind: 'getCib', value: {} }, { epoch: 5 })), 'invalid-request');
    assert.equal(stateOf(await destroy(stray, { epoch: 5 })).state, 'unknown', 'not in the journal is not dead');
    assert.equal((await inspect(stray)).state, 'unknown');
    await launcherd.kill();
  });

  test('a death waits on disk until its DPE acknowledges it, also while the bus is away', async () => {
    const launcherd = bench.startLauncherd();
    assert.ok(inventoryOf(await adopt(5)));
    const instance = bench.nextInstance('db');
    const { pid } = stateOf(await start(instance, { epoch: 5 }));
    bench.acknowledge(false);
    await bench.stopBus();
    process.kill(pid, 'SIGKILL');
    await until('launcherd has noticed', () => launcherd.log().includes('instance died'));
    await launcherd.kill();
    const second = bench.startLauncherd();
    await bench.startBus();
    await until('the death is sent', () => reportsOf(instance).length > 0);
    const sequence = reportsOf(instance)[0]?.sequence;
    bench.acknowledge(true);
    await until('the death is sent again', () => reportsOf(instance).length > 1);
    assert.deepEqual([...new Set(reportsOf(instance).map((report) => report.sequence))], [sequence]);
    const count = bench.reports.length;
    const next = bench.nextInstance('db');
    await start(next, { epoch: 5 });
    await destroy(next, { epoch: 5 });
    await until('the next death is reported', () => reportsOf(next).length > 0);
    const later = bench.reports.slice(count).map(({ death }) => death?.instance);
    assert.deepEqual(later, [next], 'what was acknowledged is not sent again');
    await second.kill();
  });

  test('a launcherd killed at any moment of reporting a death doubles no report', async () => {
    bench.startLauncherd();
    assert.ok(inventoryOf(await adopt(5)));
    for (let round = 0; round < 6; round += 1) {
      const instance = bench.nextInstance('db');
      const { pid } = stateOf(await start(instance, { epoch: 5 }));
      process.kill(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      await bench.killLauncherds();
      bench.startLauncherd();
      await until('the death is reported', () => reportsOf(instance).length > 0);
      // Its successor in the outbox would come before the next round's report.
      assert.equal(new Set(reportsOf(instance).map(({ sequence }) => sequence)).size, 1);
    }
    const sequences = new Map(bench.reports.map(({ sequence, death }) => [sequence, death?.instance]));
    assert.equal(new Set(sequences.values()).size, sequences.size, 'one report per instance');
    await until('old dead instances are forgotten', async () => {
      const { instances } = inventoryOf(await bench.ask('cpe'));
      return instances.filter(({ state, assembly }) => state === 'dead' && assembly === 'db').length <= 3;
    });
  });

  test('anyone may ask what runs; beats say it every second', async () => {
    const launcherd = bench.startLauncherd();
    assert.ok(inventoryOf(await adopt(5)));
    const instance = bench.nextInstance('db');
    const { pid } = stateOf(await start(instance, { epoch: 5 }));
    await until('the agent runs', async () => (await inspect(instance)).agentPid > 0);
    for (const role of ['cpe', 'dpe', 'operator'] as const) {
      const { instances, driver, launcherHost } = inventoryOf(await bench.ask(role));
      assert.deepEqual([driver, launcherHost], ['local', 'local']);
      const shown = instances.find((candidate) => candidate.instance === instance);
      assert.equal(shown?.pid, pid);
      assert.ok((shown?.agentPid ?? 0) > 0);
    }
    await until('a beat tells of it', () => bench.beats.at(-1)?.running.includes(instance) === true);
    await destroy(instance, { epoch: 5 });
    await until('a beat tells of its end', () => bench.beats.at(-1)?.running.includes(instance) === false);
    await bench.order({ kind: 'forgetInstance', value: { instance } }, { epoch: 5 });
    assert.equal((await inspect(instance)).state, 'unknown');
    await launcherd.kill();
  });

  test('garbage on every subject does not disturb it', async () => {
    const launcherd = bench.startLauncherd();
    assert.ok(inventoryOf(await adopt(5)));
    const sender = { role: 'dpe', id: 'shop', incarnation: 'x' } as const;
    const envelope = (more: object) =>
      encodeEnvelope({ messageId: 'm', sender, body: { kind: 'startInstance', value: {} }, ...more });
    const payloads = [
      new Uint8Array(),
      Uint8Array.from({ length: 1000 }, (_, at) => (at * 73) % 256),
      new Uint8Array(2_000_000),
      envelope({}),
      envelope({ deployable: '>', epoch: 5, operationId: 'x'.repeat(100_000) }),
      envelope({ deployable: 'shop', epoch: Number.MAX_SAFE_INTEGER, operationId: 'x' }),
      envelope({ sender: { ...sender, role: 'agent' }, deployable: 'shop', epoch: 5, operationId: 'x' }),
      envelope({ body: { kind: 'launcherBeat', value: { launcherHost: 'local' } } }),
    ];
    const subjects = [
      launcherOrder('local'),
      launcherList('local'),
      launcherBeat('local'),
      launcherReport('local', 'shop'),
    ];
    await bench.sendRaw(subjects.flatMap((subject) => payloads.map((bytes) => ({ subject, bytes }))));
    assert.ok(inventoryOf(await adopt(5)));
    assert.equal(launcherd.child.exitCode, null);
    assert.match(launcherd.log(), /bus: garbage/);
    await launcherd.kill();
  });

  test('two launcher hosts on one machine keep apart', async () => {
    const [one, two] = [bench.startLauncherd('one'), bench.startLauncherd('two')];
    for (const host of ['one', 'two']) assert.ok(inventoryOf(await adopt(5, host)));
    const [first, second] = [bench.nextInstance('db', 'one'), bench.nextInstance('db', 'two')];
    const states = [
      stateOf(await start(first, { host: 'one', epoch: 5 })),
      stateOf(await start(second, { host: 'two', epoch: 5 })),
    ];
    assert.notEqual(states[0]?.address, states[1]?.address);
    assert.equal(errorOf(await destroy(second, { host: 'one', epoch: 5 })), 'invalid-request');
    assert.deepEqual(
      inventoryOf(await bench.ask('cpe', 'one')).instances.map(({ instance }) => instance),
      [first],
    );
    await one.kill();
    assert.equal(stateOf(await destroy(second, { host: 'two', epoch: 5 })).state, 'dead');
    await two.kill();
    const again = bench.startLauncherd('one');
    assert.equal(stateOf(await destroy(first, { host: 'one', epoch: 5 })).state, 'dead');
    await again.kill();
  });

  test('a second launcherd of a host waits until the first has gone', async () => {
    const first = bench.startLauncherd();
    assert.ok(inventoryOf(await adopt(5)));
    const second = bench.startLauncherd();
    await until('it says so', () => second.log().includes('another launcherd has this host'));
    assert.doesNotMatch(second.log(), /ready/);
    await first.kill();
    await until('it takes over', () => second.log().includes('"ready"'));
    assert.ok(inventoryOf(await adopt(5)));
    await second.kill();
  });

  test('wrong arguments and unusable state are said precisely', async () => {
    const program = join(import.meta.dirname, '../../launcher/launcherd.js');
    const base = ['--home', bench.local.home, '--host', 'bad', '--bus', 'nats://127.0.0.1:1', '--credentials', '/x'];
    const cases = [
      { args: [], status: 2, says: /--home, --host, --bus and --credentials are required/ },
      { args: ['--nonsense'], status: 2, says: /--nonsense/ },
      { args: [...base, '--host', 'a.b'], status: 2, says: /--host: not a name of a launcher host: "a\.b"/ },
      { args: [...base, '--driver', 'xen'], status: 2, says: /--driver: xen is none of local/ },
      { args: [...base, '--agent-command', 'node'], status: 2, says: /--agent-command: not a JSON array/ },
      { args: base, status: 1, says: /epochs\.json is damaged/ },
    ];
    const launcherd = bench.startLauncherd('bad');
    await adopt(5, 'bad');
    await launcherd.kill();
    writeFileSync(join(bench.local.home, 'launcher/bad/epochs.json'), '{"shop":');
    for (const { args, status, says } of cases) {
      const run = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
      assert.match(run.stdout + run.stderr, says);
      assert.equal(run.status, status);
    }
  });

  test('nothing runs that was not meant to', () => {
    assert.deepEqual(initsBelow(bench.local.directory), []);
  });
});

function errorOf(outcome: RequestOutcome): string {
  return outcome.kind === 'error' ? outcome.error.code : `no error but ${JSON.stringify(outcome.envelope.body)}`;
}
