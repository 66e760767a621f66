import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createCloud } from '../../launcher/drivers/openstack/cloud.js';
import { createCloudSession } from '../../launcher/drivers/openstack/cloud-session.js';
import { findCloudAccess } from '../../launcher/drivers/openstack/clouds-yaml.js';
import { openGlance } from '../../launcher/drivers/openstack/glance.js';
import { configDriveUserData, guestCredentials } from '../../proto/guest-credentials.js';
import { renderClouds } from './launcher-driver-openstack-fixture.js';
import { startInstance } from './launcher-driver-suite.js';
import { every, next } from './openstack-faults.js';
import { useOpenStackFixture } from './openstack-test-bench.js';

const BOUNDS = { startMs: 30_000 };
const TOKENS = /^POST \/identity\/v3\/auth\/tokens$/;
const LIST = /^GET \/compute\/v2\.1\/servers\/detail$/;
const SERVER = /^GET \/compute\/v2\.1\/servers\/[0-9a-f]{8}-[0-9a-f-]{27}$/;
const CREATE = /^POST \/compute\/v2\.1\/servers$/;

describe('launcher driver openstack: how it deals with a cloud', { timeout: 300_000 }, () => {
  const it = useOpenStackFixture();

  const access = async () => {
    const found = await findCloudAccess({ environment: { OS_CLIENT_CONFIG_FILE: it.fixture.cloudsFile } });
    assert.ok(found.kind === 'access', JSON.stringify(found));
    return found.access;
  };

  test('one token does for everything, and is renewed before it ends', async () => {
    it.fixture.cloud.state.settings.tokenLifeMs = 60_000;
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    await it.destroy(driver, view.instance);
    assert.equal(it.count(TOKENS), 1);
    it.fixture.cloud.state.tokens.clear();
    const other = await startInstance(driver, it.spec('db'), BOUNDS);
    assert.equal(it.count(TOKENS), 2);
    await it.destroy(driver, other.instance);
  });

  test('a refused token is renewed exactly once for a request, also for a creation', async () => {
    const driver = await it.open();
    it.fixture.cloud.faults.push(next(CREATE, { kind: 'unauthorized' }));
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    assert.deepEqual([it.count(TOKENS), it.count(CREATE)], [2, 2]);
    await it.destroy(driver, view.instance);
    it.fixture.cloud.faults.push(every(CREATE, { kind: 'unauthorized' }));
    const outcome = await driver.start(it.spec('db'));
    assert.ok(outcome.kind === 'failed' && /401/.test(outcome.reason), JSON.stringify(outcome));
    assert.equal(it.count(CREATE), 4);
  });

  const limits: readonly (readonly [string, () => string | undefined])[] = [
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 1_500).toUTCString()],
    ['nothing', () => undefined],
  ];
  for (const [what, retryAfter] of limits) {
    test(`too many requests are asked again later, a creation too, when the service says: ${what}`, async () => {
      const driver = await it.open();
      const begin = performance.now();
      it.fixture.cloud.faults.push(next(CREATE, { kind: 'too-many', retryAfter: retryAfter() }));
      it.fixture.cloud.faults.push(next(SERVER, { kind: 'too-many', retryAfter: '0' }));
      const view = await startInstance(driver, it.spec('db'), BOUNDS);
      if (what === 'seconds') assert.ok(performance.now() - begin >= 1_000);
      assert.equal(it.count(CREATE), 2);
      assert.equal(it.fixture.serversOf(view.instance).length, 1);
      await it.destroy(driver, view.instance);
    });
  }

  test('what fails for a moment is asked again, except for a creation', async () => {
    const driver = await it.open();
    it.fixture.cloud.faults.push(
      next(/GET .*\/flavors\/detail$/, { kind: 'page', status: 503 }),
      next(/GET .*\/networks$/, { kind: 'reset' }),
      next(/GET .*\/images$/, { kind: 'truncated' }),
      next(LIST, { kind: 'page', status: 502 }),
      next(TOKENS, { kind: 'page', status: 500 }),
    );
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    assert.equal(it.count(CREATE), 1);
    await it.destroy(driver, view.instance);
  });

  test('all instances are looked at with one listing, page by page', async () => {
    it.fixture.cloud.state.settings.pageLimit = 3;
    const driver = await it.open({ pollMs: 300 });
    const views = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => startInstance(driver, it.spec(name), BOUNDS)),
    );
    await it.until('everything is listed', async () => (await driver.list()).every(({ kind }) => kind === 'running'));
    const [single, listed] = [it.count(SERVER), it.count(LIST)];
    await it.until('it is listed again', () => it.count(LIST) >= listed + 9);
    for (let round = 0; round < 20; round += 1) await driver.list();
    assert.equal(it.count(SERVER), single);
    for (const { instance } of views) await it.destroy(driver, instance);
  });

  test('the guest gets identity and credentials by user_data, and they are nowhere else', async () => {
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    assert.match(view.address, /^10\.0\.0\.\d+$/);
    const [server] = it.fixture.serversOf(view.instance);
    assert.equal(server?.body.config_drive, true);
    assert.equal(configDriveUserData, 'openstack/latest/user_data');
    const userData = JSON.parse(Buffer.from(String(server.body.user_data), 'base64').toString()) as Record<
      string,
      string
    >;
    assert.equal(userData[guestCredentials.bus], 'the secret of the bus');
    const identity = JSON.parse(userData[guestCredentials.identity] ?? '') as Record<string, unknown>;
    assert.equal(identity.instance, view.instance);
    assert.equal(identity.address, view.address);
    assert.ok(!JSON.stringify([server.metadata, server.tags, server.name]).includes('the secret'));
    await it.destroy(driver, view.instance);
    const logged = JSON.stringify(it.fixture.logged);
    for (const secret of ['the secret of the bus', it.fixture.cloud.state.user.password, 'never-logged', 'gAAAAA']) {
      assert.ok(!logged.includes(secret), secret);
    }
  });

  test('what a server is made of follows from the words of the deployable and of the cloud', async () => {
    const clouds = JSON.parse(renderClouds(it.fixture.cloud)) as { clouds: { test: object } };
    const cpe = { 'security-groups': 'default', 'server-group': 'apart', network: 'private', flavor: 'm1.medium' };
    writeFileSync(it.fixture.cloudsFile, JSON.stringify({ clouds: { test: { ...clouds.clouds.test, cpe } } }));
    const driver = await it.open();
    const spec = {
      ...it.spec('db'),
      networks: ['storage', 'private'],
      disks: [{ name: 'data', sizeMiB: 1_500 }],
      placement: { 'root-volume': '10', 'availability-zone': 'nova', 'cpu-model': 'of another platform' },
    };
    const view = await startInstance(driver, spec, BOUNDS);
    const [server] = it.fixture.serversOf(view.instance);
    assert.equal(server?.flavor.name, 'm1.medium');
    assert.equal(server.body.imageRef, '');
    assert.equal(server.body.availability_zone, 'nova');
    assert.deepEqual(
      (server.body.block_device_mapping_v2 as { volume_size?: number; tag?: string }[]).map(({ volume_size, tag }) => [
        volume_size,
        tag,
      ]),
      [
        [10, undefined],
        [2, 'data'],
      ],
    );
    const networks = server.ports.map((id) => it.fixture.cloud.state.ports.get(id)?.networkId);
    assert.deepEqual(
      networks,
      ['storage', 'private'].map((name) => it.fixture.cloud.state.networks.find((it) => it.name === name)?.id),
    );
    await it.destroy(driver, view.instance);
  });

  const missing: readonly (readonly [string, object, RegExp])[] = [
    ['an image', { image: 'plan9' }, /no active image "plan9"/],
    ['a network', { networks: ['nowhere'] }, /network "nowhere": there is none/],
    ['a flavor', { cpus: 64 }, /no flavor of the cloud has 64 processors/],
    ['a server group', { placement: { 'server-group': 'x' } }, /no server group "x"/],
    ['a security group', { placement: { 'security-groups': 'x' } }, /security group "x": there is none/],
  ];
  for (const [what, changes, reason] of missing) {
    test(`a start names what the cloud does not have: ${what}`, async () => {
      const outcome = await (await it.open()).start({ ...it.spec('db'), ...changes });
      assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
      assert.match(outcome.reason, reason);
      assert.equal(it.count(CREATE), 0);
      assert.equal(it.fixture.cloud.state.ports.size, 0);
    });
  }

  test('an application credential does as well, and so do unversioned endpoints', async () => {
    const { state, authUrl } = it.fixture.cloud;
    state.settings.unversionedEndpoints = true;
    const { id, secret } = state.applicationCredential;
    const auth = {
      auth_url: authUrl.replace('/v3', ''),
      application_credential_id: id,
      application_credential_secret: secret,
    };
    writeFileSync(it.fixture.cloudsFile, JSON.stringify({ clouds: { test: { auth, region_name: state.region } } }));
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    await it.destroy(driver, view.instance);
  });

  test('a cloud without tags is searched by metadata, and one that proves nothing is refused', async () => {
    it.fixture.cloud.state.settings.minor = 51;
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    assert.deepEqual(it.fixture.serversOf(view.instance)[0]?.tags, []);
    await it.destroy(driver, view.instance);
    await driver.close();
    it.fixture.cloud.state.settings.minor = 50;
    const outcome = await (await it.open()).start(it.spec('db'));
    assert.ok(
      outcome.kind === 'failed' && /microversions up to 2\.50; at least 2\.51/.test(outcome.reason),
      JSON.stringify(outcome),
    );
  });

  test('credentials that are refused are said to be, and a launcherd opens without its cloud', async () => {
    const right = readFileSync(it.fixture.cloudsFile, 'utf8');
    writeFileSync(it.fixture.cloudsFile, right.replace(it.fixture.cloud.state.user.password, 'wrong'));
    const outcome = await (await it.open()).start(it.spec('db'));
    assert.ok(
      outcome.kind === 'failed' && /refuses the credentials of cloud "test"/.test(outcome.reason),
      JSON.stringify(outcome),
    );
    assert.ok(!outcome.reason.includes('wrong'));
    writeFileSync(it.fixture.cloudsFile, right.replace(/"auth_url":"[^"]*"/, '"auth_url":"http://127.0.0.1:9"'));
    await it.open();
  });

  test('what runs under our name and is in no journal is an orphan, and can be adopted', async () => {
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    const later = await it.open({ home: join(it.fixture.directory, 'another-home') });
    const what = `server ${it.serverOf(view.instance)}, ACTIVE`;
    assert.deepEqual(await later.orphans(), [{ instance: view.instance, what }]);
    const again = await later.start({ ...it.spec('db'), instance: view.instance });
    assert.ok(
      again.kind === 'failed' && /has the name of this instance already/.test(again.reason),
      JSON.stringify(again),
    );
    const adopted = await later.adoptOrphan(view.instance);
    assert.ok(adopted.kind === 'started', JSON.stringify(adopted));
    assert.equal(adopted.view.address, view.address);
    await it.destroy(later, view.instance);
    assert.equal(it.fixture.cloud.state.ports.size, 0);
    await it.until('the first journal hears of it', async () => (await driver.inspect(view.instance)).kind === 'dead');
  });

  test('a guest is restarted without a new life, and its console and the cloud are seen', async () => {
    const driver = await it.open();
    const view = await startInstance(driver, it.spec('db'), BOUNDS);
    assert.match((await driver.consoleLog(view.instance, 7)) ?? '', /^login:\n$/);
    assert.deepEqual(await driver.reboot(view.instance), { kind: 'rebooting' });
    const guest = () => it.fixture.cloud.state.hosts.get('compute-1')?.guests.get(it.serverOf(view.instance));
    await it.until('it is booted again', () => guest()?.boots === 2);
    assert.equal((await driver.inspect(view.instance)).kind, 'running');
    const { cores, ram } = it.fixture.cloud.state.settings.quota;
    assert.deepEqual(await driver.capacity(), { cpus: cores, memoryMiB: ram });
    await it.destroy(driver, view.instance);
  });

  test('an image is uploaded, and nothing of it stays when that fails', async () => {
    const session = createCloudSession({ access: await access() });
    const file = join(it.fixture.directory, 'disk.raw');
    writeFileSync(file, Buffer.alloc(300_000, 7));
    const glance = await openGlance(session);
    const image = {
      name: 'baked',
      file,
      format: 'raw' as const,
      minDiskGiB: 1,
      properties: { os_shutdown_timeout: '30' },
    };
    const made = await glance.uploadImage(image, 30_000);
    assert.deepEqual([made.status, it.fixture.cloud.state.images.get(made.id)?.size], ['active', 300_000]);
    it.fixture.cloud.faults.push(next(/^PUT /, { kind: 'reset' }));
    await assert.rejects(glance.uploadImage(image, 30_000));
    assert.equal([...it.fixture.cloud.state.images.values()].filter(({ name }) => name === 'baked').length, 1);
    session.close();
  });

  test('a region that the catalogue does not have is said, with those it has', async () => {
    const cloud = createCloud({
      access: { ...(await access()), region: 'Moon' },
      launcherHost: 'local',
      log: () => undefined,
    });
    await assert.rejects(cloud.nova(), /no endpoint for compute \(public in region Moon\); it has public in RegionOne/);
    cloud.close();
  });
});
