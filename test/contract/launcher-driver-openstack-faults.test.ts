import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { InstanceView } from '../../launcher/driver.js';
import { collectDeaths, startInstance } from './launcher-driver-suite.js';
import { silenceHost } from './openstack-cloud-servers.js';
import { type CloudSettings, runningGuests } from './openstack-cloud-state.js';
import { type Fault, next } from './openstack-faults.js';
import { useOpenStackFixture } from './openstack-test-bench.js';

const BOUNDS = { startMs: 30_000 };
const CREATE = /^POST \/compute\/v2\.1\/servers$/;

describe('launcher driver openstack: what goes wrong in a cloud', { timeout: 300_000 }, () => {
  const it = useOpenStackFixture();

  const astray: readonly (readonly [string, Fault, 'started' | 'failed'])[] = [
    ['carried out, and the connection reset', { kind: 'reset-after' }, 'started'],
    ['carried out, and answered by a load balancer', { kind: 'page-after', status: 504 }, 'started'],
    ['carried out, and its answer cut short', { kind: 'truncated' }, 'started'],
    ['carried out, and its answer stuck', { kind: 'stuck' }, 'started'],
    ['reset before anybody saw it', { kind: 'reset' }, 'failed'],
    ['turned away by a load balancer', { kind: 'page', status: 503 }, 'failed'],
    ['turned away by a load balancer in words of its own', { kind: 'page', status: 403 }, 'failed'],
  ];
  for (const [what, fault, expected] of astray) {
    test(`a creation that is ${what}: one server or none, asked for once`, async () => {
      const driver = await it.open();
      it.fixture.cloud.faults.push(next(CREATE, fault));
      const spec = it.spec('db');
      const outcome = await driver.start(spec);
      assert.equal(outcome.kind, expected, JSON.stringify(outcome));
      assert.equal(it.count(CREATE), 1);
      assert.equal(it.fixture.serversOf(spec.instance).length, expected === 'started' ? 1 : 0);
      assert.equal(runningGuests(it.fixture.cloud.state).length, expected === 'started' ? 1 : 0);
      if (expected === 'started') await it.destroy(driver, spec.instance);
      assert.equal(it.fixture.cloud.state.ports.size, 0, 'no port is left');
    });
  }

  test('a creation that arrives after its start was given up makes no server', async () => {
    const driver = await it.open();
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    it.fixture.cloud.faults.push(next(CREATE, { kind: 'late', until }));
    const spec = it.spec('db');
    const outcome = await driver.start(spec);
    assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
    release();
    await it.until('it has arrived', () => it.count(CREATE) === 1 && it.fixture.cloud.faults.length === 0);
    it.fixture.cloud.state.advance(60_000);
    assert.deepEqual(it.fixture.serversOf(spec.instance), []);
    assert.deepEqual(runningGuests(it.fixture.cloud.state), []);
  });

  test('a launcherd that is killed between asking and hearing finds its server', async () => {
    const driver = await it.open();
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    it.fixture.cloud.faults.push(next(CREATE, { kind: 'late', until }));
    const spec = it.spec('db');
    const starting = driver.start(spec);
    await it.until('it was asked for', () => it.count(CREATE) === 1);
    const home = join(it.fixture.directory, 'after-the-kill');
    cpSync(join(it.fixture.directory, 'home'), home, { recursive: true });
    release();
    const started = await starting;
    const later = await it.open({ home });
    await it.until('it is found', async () => (await later.inspect(spec.instance)).kind === 'running');
    assert.ok(started.kind === 'started');
    assert.equal(it.fixture.serversOf(spec.instance).length, 1);
    await it.destroy(later, spec.instance);
  });

  const refusals: readonly (readonly [string, Partial<CloudSettings>, RegExp])[] = [
    [
      'a quota of servers',
      { quota: { instances: 0, cores: 9, ram: 9_999, ports: 9 } },
      /403 forbidden: over quota: instances \(0 of 0 used, 1 more asked for\)/,
    ],
    ['a quota of ports', { quota: { instances: 9, cores: 9, ram: 9_999, ports: 0 } }, /409 OverQuota: .*'port'/],
    ['no host that can take it', { buildFault: 'No valid host was found. ' }, /could not start server .*No valid host/],
  ];
  for (const [what, settings, reason] of refusals) {
    test(`a start fails with the reason and leaves nothing: ${what}`, async () => {
      Object.assign(it.fixture.cloud.state.settings, settings);
      const driver = await it.open();
      const spec = it.spec('db');
      const outcome = await driver.start(spec);
      assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
      assert.match(outcome.reason, reason);
      assert.equal((await driver.inspect(spec.instance)).kind, 'unknown');
      assert.deepEqual(it.fixture.serversOf(spec.instance), []);
      assert.equal(it.fixture.cloud.state.ports.size, 0);
    });
  }

  test('a server that is not up by its boot deadline is removed, and the start has failed', async () => {
    it.fixture.cloud.state.settings.buildMs = 10_000_000;
    const driver = await it.open();
    const spec = { ...it.spec('db'), bootDeadlineMs: 300 };
    const outcome = await driver.start(spec);
    assert.ok(outcome.kind === 'failed' && /boot deadline/.test(outcome.reason), JSON.stringify(outcome));
    assert.deepEqual(it.fixture.serversOf(spec.instance), []);
    it.fixture.cloud.state.advance(20_000_000);
    assert.deepEqual(runningGuests(it.fixture.cloud.state), []);
  });

  test('a server whose host does not answer is not deleted, and ends when the host is back', async () => {
    const driver = await it.open({ proofDeadlineMs: 5_000 });
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    silenceHost(it.fixture.cloud.state, 'compute-1', { guestsDie: false });
    const outcome = await driver.destroy(view.instance);
    assert.ok(outcome.kind === 'unproven' && /does not answer/.test(outcome.reason), JSON.stringify(outcome));
    assert.equal(it.fixture.serversOf(view.instance).length, 1);
    Object.assign(it.fixture.cloud.state.hosts.get('compute-1') ?? {}, { isUp: true });
    await it.destroy(driver, view.instance);
    assert.deepEqual(runningGuests(it.fixture.cloud.state), []);
  });

  test('a server that Nova has forgotten without its silent host is unknown: the guest runs on', async () => {
    const driver = await it.open({ proofDeadlineMs: 500 });
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    silenceHost(it.fixture.cloud.state, 'compute-1', { guestsDie: false });
    await it.ask('DELETE', `/servers/${it.serverOf(view.instance)}`);
    await it.until('it is unknown', async () => (await driver.inspect(view.instance)).kind === 'unknown');
    assert.deepEqual(it.fixture.serversOf(view.instance), []);
    assert.equal(runningGuests(it.fixture.cloud.state).length, 1);
    const outcome = await driver.destroy(view.instance);
    assert.ok(outcome.kind === 'unproven', JSON.stringify(outcome));
    assert.match(
      outcome.reason,
      /without its host: the last that its host reported is compute__do_build_and_run_instance/,
    );
  });

  test('where the cloud shows that a host is silent, its servers are unknown and not deleted', async () => {
    it.fixture.cloud.state.settings.showsHostStatus = true;
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    silenceHost(it.fixture.cloud.state, 'compute-1', { guestsDie: true });
    await it.until('it is seen', async () => (await driver.inspect(view.instance)).kind === 'unknown');
    const outcome = await driver.destroy(view.instance);
    assert.ok(
      outcome.kind === 'unproven' && /is UNKNOWN; ACTIVE is what it was/.test(outcome.reason),
      JSON.stringify(outcome),
    );
    assert.equal(it.fixture.serversOf(view.instance).length, 1);
  });

  test('a server that is deleted behind our back is dead, because its host has said so', async () => {
    const driver = await it.open();
    const deaths = collectDeaths(driver);
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    await it.ask('DELETE', `/servers/${it.serverOf(view.instance)}`);
    const death = await deaths.next(view.instance, 30_000);
    assert.match(death.evidence, /is gone: its host has terminated it \(req-/);
  });

  const misleading: readonly (readonly [string, () => void])[] = [
    ['answers 404 with a page', () => it.everything({ kind: 'page', status: 404 })],
    ['answers 500', () => it.everything({ kind: 'page', status: 500 })],
    ['cuts its answers short', () => it.everything({ kind: 'truncated' })],
    ['does not finish its answers', () => it.everything({ kind: 'stuck' })],
    ['resets connections', () => it.everything({ kind: 'reset' })],
    ['does not believe the token', () => it.everything({ kind: 'unauthorized' })],
    ['does not hear the cell', () => Object.assign(it.fixture.cloud.state.settings, { isCellDown: true })],
  ];
  for (const [what, begin] of misleading) {
    test(`a cloud that ${what} makes an instance unknown, never dead`, async () => {
      const driver = await it.open({ limits: { timeoutMs: 300 } });
      const deaths = collectDeaths(driver);
      const view = await startInstance(driver, it.spec('db'), BOUNDS);
      begin();
      await it.until('it is unknown', async () => (await driver.inspect(view.instance)).kind === 'unknown');
      assert.equal((await driver.destroy(view.instance)).kind, 'unproven');
      it.fixture.cloud.faults.length = 0;
      it.fixture.cloud.state.settings.isCellDown = false;
      await it.until('it is back', async () => (await driver.inspect(view.instance)).kind === 'running');
      assert.equal(deaths.countOf(view.instance), 0);
      await it.destroy(driver, view.instance);
    });
  }

  test('credentials of another project prove nothing', async () => {
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    await driver.close();
    const file = join(it.fixture.directory, 'home/launcher/local/instances', view.instance, 'openstack.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...record, project: 'another' }));
    const later = await it.open();
    const seen = await later.inspect(view.instance);
    assert.ok(seen.kind === 'unknown' && /started in project another/.test(seen.reason), JSON.stringify(seen));
    assert.equal((await later.destroy(view.instance)).kind, 'unproven');
  });

  test('a paused server is not dead, and can be destroyed', async () => {
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    await it.act(view, { pause: null });
    const paused = (seen: InstanceView) => seen.kind === 'running' && seen.condition.kind === 'paused';
    await it.until('it is seen', async () => paused(await driver.inspect(view.instance)));
    const outcome = await driver.stop(view.instance, 10_000);
    assert.ok(outcome.kind === 'dead' && outcome.wasForced, JSON.stringify(outcome));
  });

  test('a locked server is not ended, and the reason says why', async () => {
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    await it.act(view, { lock: null });
    const outcome = await driver.destroy(view.instance);
    assert.ok(outcome.kind === 'unproven' && /is locked/.test(outcome.reason), JSON.stringify(outcome));
    await it.act(view, { unlock: null });
    await it.destroy(driver, view.instance);
  });

  test('what Nova only puts aside is dead, and then deleted for good', async () => {
    it.fixture.cloud.state.settings.deletesSoftly = true;
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    await it.destroy(driver, view.instance);
    assert.deepEqual(it.fixture.serversOf(view.instance), []);
    assert.equal(it.fixture.cloud.state.ports.size, 0);
  });

  test('what is gone before Nova is asked to delete it for good is as good as deleted', async () => {
    Object.assign(it.fixture.cloud.state.settings, { deletesSoftly: true, endMs: 5_000 });
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    const server = it.fixture.cloud.state.servers.get(it.serverOf(view.instance));
    const until = it.until('it is gone', () => server?.isDeleted === true);
    it.fixture.cloud.faults.push({
      fault: { kind: 'late', until },
      applies: (name) => name.startsWith('POST') && server?.task === 'deleting',
    });
    await it.destroy(driver, view.instance);
    await until;
    assert.equal(it.fixture.cloud.state.ports.size, 0);
  });

  test('an operation that comes while Nova is busy with the server waits for it', async () => {
    it.fixture.cloud.state.settings.endMs = 5_000;
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    await it.act(view, { reboot: { type: 'HARD' } });
    const outcome = await driver.stop(view.instance, 30_000);
    assert.ok(outcome.kind === 'dead' && !outcome.wasForced, JSON.stringify(outcome));
  });
});
