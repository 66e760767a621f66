import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { InstanceSpec, InstanceView, LauncherDriver, RunningInstance } from '../../launcher/driver.js';
import { authList, connectOpen, createDomain } from '../../launcher/drivers/libvirt/libvirt-calls.js';
import { parseLibvirtUri } from '../../launcher/drivers/libvirt/libvirt-uri.js';
import { connectRpc, type RpcConnection } from '../../launcher/drivers/libvirt/rpc-connection.js';
import { createLibvirtFixture, type LibvirtFixture } from './launcher-driver-libvirt-fixture.js';
import { isRunning, packageRoot, until } from './launcher-driver-local-fixture.js';
import { collectDeaths, describeDriver, startInstance } from './launcher-driver-suite.js';
import { guestUser, withoutLibvirtd, withoutRoot } from './private-libvirtd.js';

const BOUNDS = { startMs: 60_000, deathSeenMs: 15_000 };
/** Set in the run of this file that has no root. */
const IS_NESTED = 'CPE_TEST_WITHOUT_ROOT';
const without = withoutLibvirtd();
const missing = without === false ? withoutRoot() : without;

if (without === false) describeDriver('libvirt', createLibvirtFixture, BOUNDS);
else test('launcher driver libvirt', { skip: without }, () => {});

const noNested = missing === false ? unreadableForOthers() : missing;
test('the whole contract holds for a user, with qemu:///session', { skip: noNested, timeout: 600_000 }, () => {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const run = spawnSync(
    'setpriv',
    ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, import.meta.filename],
    { env: { ...environment, [IS_NESTED]: '1', HOME: '/nonexistent' }, encoding: 'utf8' },
  );
  assert.equal(run.status, 0, run.stdout + run.stderr);
});

describe('launcher driver libvirt: what can happen to a domain', { skip: missing, timeout: 900_000 }, () => {
  const libvirt = useFixture();

  test('people see the domain, and nothing secret in it', async () => {
    const { view, instance, domain } = await libvirt.start();
    assert.match(await libvirt.virsh('list'), new RegExp(`${domain} +running`));
    const description = await libvirt.virsh('dumpxml', domain);
    const credentials = /name='opt\/io.systemd.credentials\/cpe.creds' file='([^']+)'/.exec(description)?.[1] ?? '';
    assert.equal(readFileSync(credentials, 'utf8'), 'secret of the agents\n');
    const commandLine = readFileSync(`/proc/${view.pid}/cmdline`, 'utf8');
    for (const seen of [description, commandLine]) assert.doesNotMatch(seen, /secret of the agents/);
    // Not the console, which libvirtd opens for it.
    const files = readdirSync(libvirt.guestDirectory(instance)).filter((name) => name !== 'console.log');
    for (const name of files) {
      const { uid, mode } = statSync(join(libvirt.guestDirectory(instance), name));
      assert.equal(uid, guestUser, name);
      if (!name.endsWith('.qcow2')) assert.equal(mode & 0o077, 0, name);
    }
    assert.match(readFileSync(`/proc/${view.pid}/status`, 'utf8'), new RegExp(`^Uid:\t${guestUser}\t`, 'm'));
    const image = join(libvirt.fixture.settings().imagesDirectory, 'tiny-0123456789ab');
    for (const name of ['kernel', 'disk.qcow2']) assert.equal(statSync(join(image, name)).uid, 0);
  });

  test('a domain that is destroyed with virsh is dead, soon and with that for a reason', async () => {
    const { deaths, instance, domain } = await libvirt.start();
    await libvirt.virsh('destroy', domain);
    const { evidence } = await deaths.next(instance, BOUNDS.deathSeenMs);
    assert.match(evidence, /^it was destroyed through libvirt; QEMU, pid \d+, is gone/);
    await until('its files are gone', () => !existsSync(libvirt.guestDirectory(instance)));
  });

  test('a QEMU that is killed is told of', async () => {
    const { deaths, view, instance } = await libvirt.start();
    process.kill(view.pid, 'SIGKILL');
    await deaths.next(instance, BOUNDS.deathSeenMs);
  });

  test('a guest that is powered off from inside is dead, with that for a reason', async () => {
    const { deaths, instance, domain } = await libvirt.start();
    await libvirt.virsh('send-key', domain, 'KEY_O');
    assert.match((await deaths.next(instance, BOUNDS.deathSeenMs)).evidence, /^the guest has powered off/);
  });

  test('a guest that panics is dead, and its last words are kept', async () => {
    const { driver, deaths, instance, domain } = await libvirt.start();
    await libvirt.virsh('send-key', domain, 'KEY_P');
    const { evidence } = await deaths.next(instance, BOUNDS.deathSeenMs);
    assert.match(evidence, /^its kernel has panicked; .*on its console: "tiny guest: Kernel panic/);
    assert.match((await driver.consoleLog(instance, 1000)) ?? '', /Kernel panic/);
  });

  test('a domain that is paused is not dead, and not continued to be asked to end', async () => {
    const { driver, view, instance, domain } = await libvirt.start();
    await libvirt.virsh('suspend', domain);
    const paused = await libvirt.inspectUntil(driver, instance, 'paused');
    assert.match(evidenceOf(paused), /paused \(by an operator\)/);
    await until('it is told of', () => driver.conditions().some(({ condition }) => condition.kind === 'paused'));
    await libvirt.virsh('resume', domain);
    assert.equal((await libvirt.inspectUntil(driver, instance, 'working')).pid, view.pid);
    await libvirt.virsh('suspend', domain);
    const outcome = await driver.stop(instance, 120_000);
    assert.ok(outcome.kind === 'dead' && outcome.wasForced, JSON.stringify(outcome));
  });

  test('a guest that does not listen is destroyed after its grace', async () => {
    const { driver, instance } = await libvirt.start({ image: 'deaf-0123456789ab' });
    const outcome = await driver.stop(instance, 1000);
    assert.ok(outcome.kind === 'dead' && outcome.wasForced, JSON.stringify(outcome));
  });

  test('a QEMU that is stopped does not answer, is not dead, and can be ended', async () => {
    const { driver, view, instance } = await libvirt.start();
    process.kill(view.pid, 'SIGSTOP');
    assert.match(evidenceOf(await libvirt.inspectUntil(driver, instance, 'not-answering')), /is stopped by a signal/);
    const outcome = await driver.destroy(instance);
    assert.ok(outcome.kind === 'dead', JSON.stringify(outcome));
  });

  test('a reboot is no new life', async () => {
    const { driver, view, instance } = await libvirt.start();
    const boots = async () => ((await driver.consoleLog(instance, 10_000)) ?? '').split('tiny guest: up').length - 1;
    await until('it is up', async () => (await boots()) === 1);
    assert.deepEqual(await driver.reboot(instance), { kind: 'rebooting' });
    await until('it is up again', async () => (await boots()) === 2);
    const after = await driver.inspect(instance);
    assert.ok(after.kind === 'running' && after.pid === view.pid);
  });

  test('a domain cannot be saved, and so never comes back', async () => {
    const { driver, instance, domain } = await libvirt.start();
    await assert.rejects(libvirt.virsh('save', domain, '/var/lib/saved'), /nvme|migrat/i);
    await libvirt.inspectUntil(driver, instance, 'working');
  });

  test('a domain that somebody has made persistent cannot be started a second time', async () => {
    const { driver, instance, domain } = await libvirt.start();
    const description = join(libvirt.fixture.home, 'defined.xml');
    writeFileSync(description, await libvirt.virsh('dumpxml', '--inactive', domain));
    await libvirt.virsh('define', description);
    assert.equal((await driver.destroy(instance)).kind, 'dead');
    await assert.rejects(libvirt.virsh('start', domain), /No such file/);
    assert.equal((await driver.inspect(instance)).kind, 'dead');
    await libvirt.virsh('undefine', domain);
  });

  test('extra disks are there, and go with the instance', async () => {
    const { driver, instance, domain } = await libvirt.start({ disks: [{ name: 'data', sizeMiB: 8 }] });
    assert.match(await libvirt.virsh('domblklist', domain), /vdb +.*disk-0\.qcow2/);
    await driver.destroy(instance);
    assert.equal(existsSync(libvirt.guestDirectory(instance)), false);
  });

  test('an image that its user cannot read is refused with what to do', async () => {
    const { driver, spec } = await libvirt.prepare();
    const kernel = join(libvirt.fixture.settings().imagesDirectory, 'tiny-0123456789ab/kernel');
    const hidden = `${kernel}.hidden`;
    renameSync(kernel, hidden);
    writeFileSync(kernel, readFileSync(hidden), { mode: 0o600 });
    try {
      const outcome = await driver.start(spec);
      assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
      assert.match(outcome.reason, /user 64055, who cannot read .*kernel: let others read it/);
    } finally {
      renameSync(hidden, kernel);
    }
  });

  test('an image in a directory that its user cannot search is refused with the name of that', async () => {
    const { driver, spec } = await libvirt.prepare();
    const { imagesDirectory } = libvirt.fixture.settings();
    chmodSync(imagesDirectory, 0o700);
    try {
      const outcome = await driver.start(spec);
      assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
      assert.match(outcome.reason, /user 64055, who cannot read .*disk\.qcow2: let others search .*\/images, or keep/);
    } finally {
      chmodSync(imagesDirectory, 0o755);
    }
  });
});

describe('launcher driver libvirt: domains of others', { skip: missing, timeout: 600_000 }, () => {
  const libvirt = useFixture();

  test('what is not tagged as ours is left alone, whatever its name or UUID', async () => {
    const { fixture } = libvirt;
    const mine = await libvirt.start();
    const description = await libvirt.virsh('dumpxml', '--inactive', mine.domain);
    const uuid = /<uuid>(.*)<\/uuid>/.exec(description)?.[1] ?? '';
    await mine.driver.destroy(mine.instance);
    await mine.driver.forget(mine.instance);
    const foreign = (name: string, id: string, tag: string) =>
      `<domain type='qemu'><name>${name}</name><uuid>${id}</uuid><metadata>${tag}</metadata><memory unit='MiB'>32</memory>` +
      `<os><type arch='x86_64' machine='q35'>hvm</type></os></domain>`;
    const other =
      "<cpe:instance xmlns:cpe='https://pacemaker-cloud.org/xmlns/libvirt/1' home='0' host='local' id='shop.x.local.9-1'/>";
    assert.match(description, /xmlns:cpe="https:\/\/pacemaker-cloud\.org\/xmlns\/libvirt\/1"/);
    const domains = [
      foreign('somebody', uuid, ''),
      foreign('cpe-shop.x.local.9-1', '00000000-0000-4000-8000-000000000001', other),
      foreign('cpe-shop.y.local.9-1', '00000000-0000-4000-8000-000000000002', ''),
    ];
    for (const [at, text] of domains.entries()) {
      const file = join(fixture.home, `foreign-${at}.xml`);
      writeFileSync(file, text);
      await libvirt.virsh('create', file);
    }
    const { driver } = await libvirt.open();
    assert.deepEqual(await driver.orphans(), []);
    const outcome = await driver.start({ ...mine.spec, instance: mine.instance });
    assert.ok(outcome.kind === 'unproven', JSON.stringify(outcome));
    assert.match(outcome.reason, /does not say that it is ours/);
    assert.equal((await driver.destroy(mine.instance)).kind, 'unproven');
    assert.equal((await driver.adoptOrphan('shop.y.local.9-1')).kind, 'failed');
    await libvirt.closeDriver();
    const running = await libvirt.virsh('list');
    for (const name of ['somebody', 'cpe-shop.x.local.9-1', 'cpe-shop.y.local.9-1']) {
      assert.match(running, new RegExp(`${name} +running`));
      await libvirt.virsh('destroy', name);
    }
    // With the other one gone it can be told that nothing of this start has run.
    const later = await libvirt.open();
    await until('it is settled', async () =>
      (await later.driver.list()).every((view) => view.instance !== mine.instance),
    );
  });

  test('a domain that the journal has lost is an orphan, and can be adopted and ended', async () => {
    const { view, instance } = await libvirt.start();
    await libvirt.closeDriver();
    rmSync(libvirt.fixture.directoryOf(instance), { recursive: true });
    const { driver } = await libvirt.open();
    assert.equal((await driver.inspect(instance)).kind, 'unknown');
    const [orphan] = await driver.orphans();
    assert.deepEqual([orphan?.instance, orphan?.what], [instance, `libvirt domain cpe-${instance}, running`]);
    const adopted = await driver.adoptOrphan(instance);
    assert.ok(adopted.kind === 'started' && adopted.view.pid === view.pid, JSON.stringify(adopted));
    assert.deepEqual(await driver.orphans(), []);
    assert.equal((await driver.destroy(instance)).kind, 'dead');
    assert.equal(existsSync(libvirt.guestDirectory(instance)), false);
    assert.equal(await driver.forget(instance), true);
  });
});

describe('launcher driver libvirt: what can happen to libvirtd', { skip: missing, timeout: 900_000 }, () => {
  const libvirt = useFixture();

  test('a libvirtd that is down is no death; what it ran is found when it is back', async () => {
    const { driver, deaths, view, instance, domain } = await libvirt.start();
    await libvirt.fixture.libvirtd.kill();
    const silent = await libvirt.inspectUntil(driver, instance, 'not-answering');
    assert.equal(silent.pid, view.pid);
    assert.match(evidenceOf(silent), /libvirtd.*, but its QEMU, pid \d+, runs/);
    const other = await driver.start((await libvirt.prepare()).spec);
    assert.ok(
      other.kind === 'failed' && /no libvirtd|ECONNREFUSED|has ended/.test(other.reason),
      JSON.stringify(other),
    );
    await libvirt.fixture.libvirtd.start();
    assert.equal((await libvirt.inspectUntil(driver, instance, 'working')).pid, view.pid);
    assert.equal(deaths.countOf(instance), 0);
    await libvirt.virsh('destroy', domain);
    assert.match((await deaths.next(instance, BOUNDS.deathSeenMs)).evidence, /destroyed through libvirt/);
  });

  test('a later driver finds what runs while libvirtd is down', async () => {
    const { view, instance } = await libvirt.start();
    await libvirt.closeDriver();
    await libvirt.fixture.libvirtd.kill();
    const { driver, deaths } = await libvirt.open();
    assert.equal((await libvirt.inspectUntil(driver, instance, 'not-answering')).pid, view.pid);
    process.kill(view.pid, 'SIGKILL');
    const { evidence } = await deaths.next(instance, BOUNDS.deathSeenMs);
    assert.match(evidence, /QEMU, pid \d+, is gone/);
    await libvirt.fixture.libvirtd.start();
    assert.equal((await driver.inspect(instance)).kind, 'dead');
  });

  test('an instance is ended with proof also while libvirtd is down', async () => {
    const { driver, view, instance, domain } = await libvirt.start();
    await libvirt.fixture.libvirtd.kill();
    const outcome = await driver.destroy(instance);
    assert.ok(outcome.kind === 'dead', JSON.stringify(outcome));
    assert.equal(isRunning(view.pid), false);
    await libvirt.fixture.libvirtd.start();
    assert.doesNotMatch(await libvirt.virsh('list', '--all'), new RegExp(domain));
  });

  test('a libvirtd that has lost its state proves nothing', async () => {
    const { driver, deaths, view, instance, domain } = await libvirt.start();
    await libvirt.fixture.libvirtd.kill();
    rmSync(libvirt.fixture.libvirtd.stateDirectory, { recursive: true });
    await libvirt.fixture.libvirtd.start();
    assert.doesNotMatch(await libvirt.virsh('list', '--all'), new RegExp(domain));
    const silent = await libvirt.inspectUntil(driver, instance, 'not-answering');
    await until('it says so', async () =>
      /has no such domain/.test(evidenceOf((await driver.inspect(instance)) as RunningInstance)),
    );
    assert.equal(silent.pid, view.pid);
    assert.equal(deaths.countOf(instance), 0);
    const outcome = await driver.destroy(instance);
    assert.ok(outcome.kind === 'dead', JSON.stringify(outcome));
    assert.equal(isRunning(view.pid), false);
  });

  test('a libvirtd that hangs is told from one that works', async () => {
    const { driver, view, instance } = await libvirt.start();
    const pid = libvirt.fixture.libvirtd.pid();
    process.kill(pid, 'SIGSTOP');
    const silent = await libvirt.inspectUntil(driver, instance, 'not-answering');
    assert.match(evidenceOf(silent), /libvirtd has not answered/);
    assert.equal(silent.pid, view.pid);
    process.kill(pid, 'SIGCONT');
    await libvirt.inspectUntil(driver, instance, 'working');
  });

  test('a start that was cut short is settled: adopted if it runs, and never again if not', async () => {
    const running = await libvirt.start();
    const ended = await libvirt.start();
    const description = join(libvirt.fixture.home, 'ended.xml');
    writeFileSync(description, await libvirt.virsh('dumpxml', '--inactive', ended.domain));
    await libvirt.closeDriver();
    for (const { instance } of [running, ended]) rmSync(join(libvirt.fixture.directoryOf(instance), 'domain.json'));
    await libvirt.virsh('destroy', ended.domain);
    const { driver } = await libvirt.open();
    const view = await driver.inspect(running.instance);
    assert.ok(view.kind === 'running' && view.pid === running.view.pid, JSON.stringify(view));
    assert.equal((await driver.inspect(ended.instance)).kind, 'unknown');
    await assert.rejects(libvirt.virsh('create', description), /No such file/, 'there is nothing left to start');
    await driver.destroy(running.instance);
  });

  test('a start that lies in the queue of libvirtd when it is given up runs with our knowledge, or never', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { instance, domain } = await libvirt.start();
      const xml = await libvirt.virsh('dumpxml', '--inactive', domain);
      await libvirt.closeDriver();
      await libvirt.virsh('destroy', domain);
      rmSync(join(libvirt.fixture.directoryOf(instance), 'domain.json'));

      const queue = await connectToLibvirtd(libvirt.fixture.libvirtd.uri);
      process.kill(libvirt.fixture.libvirtd.pid(), 'SIGSTOP');
      const queued = queue.call(createDomain, { xml }, 60_000).then(
        () => 'started',
        (error: Error) => error.message,
      );
      const opening = libvirt.open();
      process.kill(libvirt.fixture.libvirtd.pid(), 'SIGCONT');
      const { driver } = await opening;
      const said = await queued;
      queue.close('the test is over');
      await until('it is settled', async () =>
        (await driver.list()).every((view) => view.instance !== instance || view.kind !== 'unknown'),
      );
      const isThere = (await libvirt.virsh('list')).includes(domain);
      assert.equal((await driver.inspect(instance)).kind === 'running', isThere, said);
      if (isThere) await libvirt.inspectUntil(driver, instance, 'working');
    }
  });
});

/** Loud in the output: what is not tested where another user cannot read the checkout. */
function unreadableForOthers(): string | false {
  if (process.env[IS_NESTED] !== undefined) return 'this run is the one without root';
  for (let at = packageRoot(); at !== '/'; at = dirname(at)) {
    if ((statSync(at).mode & 0o005) !== 0o005) return `${at} cannot be read by other users`;
  }
  return false;
}

function useFixture() {
  let fixture: LibvirtFixture;
  let incarnation = 0;
  let open: LauncherDriver | undefined;
  before(async () => {
    if (missing === false) fixture = await createLibvirtFixture();
  });
  after(async () => {
    await open?.close();
    await fixture?.dispose();
  });
  const closeDriver = async () => {
    await open?.close();
    open = undefined;
  };
  /** One driver at a time has a journal: each start is that of a new one, and ends what the one before has left. */
  const openDriver = async () => {
    await closeDriver();
    open = await fixture.open();
    return { driver: open, deaths: collectDeaths(open) };
  };
  const prepare = async () => ({
    driver: open ?? (await openDriver()).driver,
    spec: fixture.spec({ assembly: 'db', incarnation: ++incarnation }),
  });
  return {
    get fixture() {
      return fixture;
    },
    virsh: (...args: readonly string[]) => fixture.libvirtd.virsh(...args),
    guestDirectory: (instance: string) => {
      const path = join(fixture.directoryOf(instance), 'guest.json');
      return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { directory: string }).directory : '';
    },
    open: openDriver,
    closeDriver,
    prepare,
    start: async (changes: Partial<InstanceSpec> = {}) => {
      if (fixture.libvirtd.pid() === 0) await fixture.libvirtd.start();
      const { driver, deaths } = await openDriver();
      const { spec } = await prepare();
      const view = await startInstance(driver, { ...spec, ...changes }, BOUNDS);
      // Before that it looks neither at its power button nor at its keyboard.
      await until('the guest is up', async () => /up/.test((await driver.consoleLog(spec.instance, 1000)) ?? ''));
      return { driver, deaths, view, spec, instance: spec.instance, domain: `cpe-${spec.instance}` };
    },
    inspectUntil: async (driver: LauncherDriver, instance: string, kind: string) => {
      let view: InstanceView = await driver.inspect(instance);
      await until(`${instance} is ${kind}`, async () => {
        view = await driver.inspect(instance);
        return view.kind === 'running' && view.condition.kind === kind;
      });
      assert.ok(view.kind === 'running');
      return view;
    },
  };
}

async function connectToLibvirtd(uri: string): Promise<RpcConnection> {
  const parsed = parseLibvirtUri(uri, {});
  assert.ok(parsed.kind === 'address');
  const listeners = { onEvent: () => {}, onClose: () => {} };
  const connection = await connectRpc(parsed.address.sockets[0] ?? '', listeners, 10_000);
  await connection.call(authList, undefined, 10_000);
  await connection.call(connectOpen, { uri: parsed.address.uri }, 10_000);
  return connection;
}

function evidenceOf({ condition }: RunningInstance): string {
  return condition.kind === 'working' ? '' : condition.evidence;
}
