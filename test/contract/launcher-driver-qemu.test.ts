import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { InstanceSpec, LauncherDriver, RunningInstance } from '../../launcher/driver.js';
import { findMachines } from '../../launcher/drivers/qemu/find-machines.js';
import { makeWarmTemplate } from '../../launcher/drivers/qemu/make-warm-template.js';
import { openImageStore } from '../../launcher/images/image-store.js';
import { isRunning, until } from './launcher-driver-local-fixture.js';
import { commandLineOf, createQemuFixture, type QemuFixture, qemuPidOf } from './launcher-driver-qemu-fixture.js';
import { collectDeaths, describeDriver, startInstance } from './launcher-driver-suite.js';

const BOUNDS = { startMs: 30_000, deathSeenMs: 10_000 };

describeDriver('qemu', createQemuFixture, BOUNDS);

describe('launcher driver qemu: what can happen to a machine', { timeout: 600_000 }, () => {
  const qemu = useFixture();

  test('a machine that is paused is not dead, and says so', async () => {
    const { driver, view, instance } = await qemu.start();
    await qemu.fixture.tell(instance, 'stop');
    const paused = await qemu.inspectUntil(driver, instance, 'paused');
    assert.match(evidenceOf(paused), /does not run \(paused\)/);
    await until('it is told of', () => driver.conditions().some(({ condition }) => condition.kind === 'paused'));
    await qemu.fixture.tell(instance, 'cont');
    assert.equal((await qemu.inspectUntil(driver, instance, 'working')).pid, view.pid);
    await until('it is told of no more', () => driver.conditions().length === 0);
  });

  test('a paused machine is not continued to be asked to end', async () => {
    const { driver, instance } = await qemu.start();
    await qemu.fixture.tell(instance, 'stop');
    const before = performance.now();
    const outcome = await driver.stop(instance, 60_000);
    assert.ok(outcome.kind === 'dead' && outcome.wasForced, JSON.stringify(outcome));
    assert.ok(performance.now() - before < 30_000);
  });

  test('a guest that panics is dead, and its last words are kept', async () => {
    const { deaths, instance } = await qemu.start();
    await qemu.fixture.press(instance, 'p');
    const { evidence } = await deaths.next(instance, BOUNDS.deathSeenMs);
    assert.match(
      evidence,
      /^guest panic: "tiny guest: Kernel panic - not syncing: asked for" \(at 20..-.*Z\); qemu-system/,
    );
  });

  test('a panic while no launcherd runs is reported by the next one', async () => {
    const { view, instance } = await qemu.start();
    await qemu.closeDriver();
    await qemu.fixture.press(instance, 'p');
    await until('it has ended', () => !isRunning(view.pid));
    const { driver, deaths } = await qemu.open();
    assert.match((await deaths.next(instance, BOUNDS.deathSeenMs)).evidence, /^guest panic/);
    assert.match((await driver.consoleLog(instance, 1000)) ?? '', /Kernel panic/);
  });

  test('a guest that is powered off from inside is dead, with that for a reason', async () => {
    const { deaths, instance } = await qemu.start();
    await qemu.fixture.press(instance, 'o');
    const { evidence } = await deaths.next(instance, BOUNDS.deathSeenMs);
    assert.match(evidence, /^the guest was powered off from inside \(at /);
  });

  test('a QEMU that is stopped does not answer, and is not dead', async () => {
    const { driver, view, instance } = await qemu.start();
    process.kill(qemuPidOf(view), 'SIGSTOP');
    const silent = await qemu.inspectUntil(driver, instance, 'not-answering');
    assert.match(evidenceOf(silent), /does not answer .*is stopped by a signal/);
    assert.ok(driver.running().includes(instance));
    process.kill(qemuPidOf(view), 'SIGCONT');
    await qemu.inspectUntil(driver, instance, 'working');
    process.kill(qemuPidOf(view), 'SIGSTOP');
    const outcome = await driver.stop(instance, 60_000);
    assert.ok(outcome.kind === 'dead' && outcome.wasForced, JSON.stringify(outcome));
  });

  test('a later driver finds a QEMU that is stopped, and takes it for what it is', async () => {
    const { view, instance } = await qemu.start();
    process.kill(qemuPidOf(view), 'SIGSTOP');
    await qemu.closeDriver();
    const { driver } = await qemu.open();
    await qemu.inspectUntil(driver, instance, 'not-answering');
    process.kill(qemuPidOf(view), 'SIGCONT');
    await qemu.inspectUntil(driver, instance, 'working');
  });

  test('a QEMU that is killed is told of at once, and by what', async () => {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const { deaths, view, instance } = await qemu.start();
      process.kill(qemuPidOf(view), signal);
      const { evidence } = await deaths.next(instance, BOUNDS.deathSeenMs);
      if (signal === 'SIGKILL') assert.match(evidence, /without a word.*qemu-system.* was ended by signal 9/);
      else assert.match(evidence, /^QEMU was ended by a signal: ".*terminating on signal 15/);
    }
  });

  test('init that is killed takes QEMU with it', async () => {
    const { deaths, view, instance } = await qemu.start();
    const qemuPid = qemuPidOf(view);
    process.kill(view.pid, 'SIGKILL');
    await deaths.next(instance, BOUNDS.deathSeenMs);
    assert.equal(existsSync(`/proc/${qemuPid}`), false);
  });

  test('a reboot is no new life', async () => {
    const { driver, view, instance } = await qemu.start();
    const ups = async () => ((await driver.consoleLog(instance, 10_000)) ?? '').split('tiny guest: up').length - 1;
    await until('it is up', async () => (await ups()) === 1);
    assert.deepEqual(await driver.reboot(instance), { kind: 'rebooting' });
    await until('it is up again', async () => (await ups()) === 2);
    await qemu.fixture.press(instance, 'r');
    await until('it has rebooted by itself', async () => (await ups()) === 3);
    assert.equal((await qemu.inspectUntil(driver, instance, 'working')).pid, view.pid);
  });

  test('a guest that does not listen is ended by force when its grace is over', async () => {
    const { driver, instance } = await qemu.start({ image: 'deaf-0123456789ab' });
    const outcome = await driver.stop(instance, 2_500);
    assert.ok(outcome.kind === 'dead' && outcome.wasForced, JSON.stringify(outcome));
  });
});

describe('launcher driver qemu: starts', { timeout: 600_000 }, () => {
  const qemu = useFixture();

  test('what is secret is in files of its own user alone, and on no command line', async () => {
    const { view, instance } = await qemu.start();
    const directory = join(qemu.fixture.directoryOf(instance), 'guest');
    const owner = statSync(directory).uid;
    for (const name of ['cpe.identity', 'cpe.creds', 'cpe.network', 'root.qcow2']) {
      const { mode, uid } = statSync(join(directory, name));
      assert.deepEqual([name, mode & 0o777, uid], [name, name === 'root.qcow2' ? mode & 0o777 : 0o600, owner]);
    }
    assert.equal(statSync(directory).mode & 0o777, 0o700);
    assert.match(readFileSync(join(directory, 'cpe.creds'), 'utf8'), /secret of the agents/);
    const identity = JSON.parse(readFileSync(join(directory, 'cpe.identity'), 'utf8'));
    assert.equal(identity.instance, instance);
    assert.equal(identity.address, view.address);
    assert.doesNotMatch(identity.busServers.join(), /127\.0\.0\.1/);
    assert.doesNotMatch(commandLineOf(qemuPidOf(view)).join(' '), /secret/);
    assert.match(readFileSync(`/proc/${qemuPidOf(view)}/status`, 'utf8'), new RegExp(`^Uid:\t${owner}\t${owner}`, 'm'));
    assert.match(readFileSync(`/proc/${qemuPidOf(view)}/status`, 'utf8'), /^Seccomp:\t2$/m);
  });

  test('of a dead machine its last words are left, and neither its disks nor its secrets', async () => {
    const { driver, instance } = await qemu.start({ disks: [{ name: 'data', sizeMiB: 8 }] });
    const directory = join(qemu.fixture.directoryOf(instance), 'guest');
    const users = join(qemu.fixture.images, 'tiny-0123456789ab', 'used-by');
    const uses = () => readdirSync(users).filter((name) => name.includes(instance)).length;
    assert.ok(existsSync(join(directory, 'disk-0.qcow2')));
    assert.equal(uses(), 1);
    assert.equal((await driver.destroy(instance)).kind, 'dead');
    assert.deepEqual(readdirSync(directory).sort(), ['console.log', 'record.out']);
    assert.equal(uses(), 0);
    assert.match((await driver.consoleLog(instance, 1000)) ?? '', /: up/);
  });

  test('extra disks, processors and memory are as they were asked for', async () => {
    const disks = [
      { name: 'data', sizeMiB: 8 },
      { name: 'log', sizeMiB: 16 },
    ];
    const { instance } = await qemu.start({ disks, cpus: 2, memoryMiB: 48 });
    const ask = async (command: string) => {
      const answer = await qemu.fixture.tell(instance, command);
      assert.ok(answer.kind === 'returned', JSON.stringify(answer));
      return JSON.stringify(answer.value);
    };
    assert.match(await ask('query-named-block-nodes'), /"virtual-size": ?8388608.*16777216|16777216.*8388608/);
    assert.equal((await ask('query-cpus-fast')).split('"cpu-index"').length, 3);
    assert.match(await ask('query-memory-size-summary'), new RegExp(`${48 * 1024 * 1024}`));
  });

  test('what cannot be started says why, and nothing is left of it', async () => {
    const { driver } = await qemu.open();
    const cases: [Partial<InstanceSpec>, RegExp][] = [
      [{ image: undefined }, /needs an image/],
      [{ image: 'nothing' }, /there is no image nothing/],
      [{ networks: ['dmz'] }, /one network, default, not dmz/],
      [{ disks: [{ name: 'a,b', sizeMiB: 1 }] }, /no name of a disk/],
      [{ cpus: 0 }, /1 to 255 cpus/],
      [{ memoryMiB: 1 }, /at least 16 MiB/],
      [{ identity: { ...qemu.spec().identity, credentialsFile: '/nonexistent' } }, /ENOENT.*\/nonexistent/],
    ];
    for (const [changes, reason] of cases) {
      const spec = { ...qemu.spec(), ...changes };
      const outcome = await driver.start(spec);
      assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
      assert.match(outcome.reason, reason);
      assert.equal(existsSync(qemu.fixture.directoryOf(spec.instance)), false);
    }
    const users = join(qemu.fixture.images, 'tiny-0123456789ab', 'used-by');
    assert.deepEqual(existsSync(users) ? readdirSync(users).filter((name) => name.includes('=shop.nobody')) : [], []);
  });

  test('QEMU that does not start says why', async () => {
    const kernel = join(qemu.fixture.images, 'deaf-0123456789ab', 'kernel');
    renameSync(kernel, `${kernel}.good`);
    writeFileSync(kernel, 'no kernel');
    try {
      const { driver } = await qemu.open();
      const outcome = await driver.start({ ...qemu.spec(), image: 'deaf-0123456789ab' });
      assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
      assert.match(outcome.reason, /its log with ".*kernel/);
    } finally {
      renameSync(`${kernel}.good`, kernel);
    }
  });

  test('what the journal has lost is an orphan, which can be taken in and ended', async () => {
    const { view, instance } = await qemu.start();
    await qemu.closeDriver();
    const directory = qemu.fixture.directoryOf(instance);
    renameSync(directory, join(qemu.fixture.home, 'lost'));
    const { driver } = await qemu.open();
    const orphans = (await driver.orphans()).filter((orphan) => orphan.instance === instance);
    assert.deepEqual(orphans, [{ instance, what: `QEMU, pid ${qemuPidOf(view)}` }]);
    const adopted = await driver.adoptOrphan(instance);
    assert.ok(adopted.kind === 'started' && adopted.view.pid === view.pid, JSON.stringify(adopted));
    assert.equal((await driver.destroy(instance)).kind, 'dead');
    assert.equal(isRunning(view.pid), false);
    assert.equal((await driver.orphans()).length, 0);
  });

  test('a launcher host tells what it has for guests', async () => {
    const { driver } = await qemu.open();
    const capacity = await driver.capacity();
    assert.ok(capacity !== undefined && capacity.cpus > 0 && capacity.memoryMiB > 0);
  });
});

describe('launcher driver qemu: starts from a template', { timeout: 600_000 }, () => {
  const qemu = useFixture();
  const image = 'waits-0123456789ab';
  const template = () => join(qemu.fixture.images, image, 'warm');
  before(async () => {
    const found = await openImageStore(qemu.fixture.images).find(image);
    assert.ok(found.kind === 'image');
    await makeWarmTemplate(found.image, { accelerator: 'tcg', memoryMiB: 32 });
    assert.deepEqual(readdirSync(template()).sort(), ['root.qcow2', 'state', 'template.json']);
  });
  /** Starts one, restored or booted as is expected, and has it say something: it runs. */
  const startLoud = async (expected: 'restored' | 'booted', changes: Partial<InstanceSpec> = {}) => {
    const { driver, deaths } = await qemu.open();
    const { instance } = await startInstance(driver, qemu.spec({ image, ...changes }), BOUNDS);
    const said = async () => (await driver.consoleLog(instance, 1_000_000)) ?? '';
    // Its firmware would take the key otherwise.
    if (expected === 'booted') await until('it has booted', async () => (await said()).includes('tiny guest: up'));
    await qemu.fixture.press(instance, 'd');
    await until('it says something', async () => (await said()).includes('exactly sixty-four bytes'));
    assert.equal((await said()).includes('tiny guest: up'), expected === 'booted', JSON.stringify(changes));
    return { driver, deaths, instance };
  };

  test('an instance of the same size is restored, has its own interface, and ends like any other', async () => {
    const { driver, instance } = await startLoud('restored');
    const interfaces = await qemu.fixture.tell(instance, 'query-rx-filter', { name: 'nic' });
    assert.ok(interfaces.kind === 'returned', JSON.stringify(interfaces));
    const directory = join(qemu.fixture.directoryOf(instance), 'guest');
    const { mac } = JSON.parse(readFileSync(join(directory, 'cpe.network'), 'utf8'));
    if (mac !== undefined) assert.match(JSON.stringify(interfaces.value), new RegExp(mac));
    assert.match(readFileSync(join(directory, 'cpe.time'), 'utf8'), /^\d{13} *$/);
    assert.equal(Buffer.from(readFileSync(join(directory, 'cpe.seed'), 'utf8'), 'base64').length, 64);
    assert.equal(statSync(join(directory, 'cpe.identity')).size, 4096);
    const outcome = await driver.stop(instance, 60_000);
    assert.ok(outcome.kind === 'dead' && !outcome.wasForced, JSON.stringify(outcome));
  });

  test('it is found again by a later driver, and its death is seen', async () => {
    const { instance } = await startLoud('restored');
    await qemu.closeDriver();
    const { driver, deaths } = await qemu.open();
    const view = await qemu.inspectUntil(driver, instance, 'working');
    assert.deepEqual(await driver.reboot(instance), { kind: 'rebooting' });
    await until('it is up', async () => /: up/.test((await driver.consoleLog(instance, 1_000_000)) ?? ''));
    process.kill(qemuPidOf(view), 'SIGKILL');
    assert.match((await deaths.next(instance, BOUNDS.deathSeenMs)).evidence, /was ended by signal 9/);
    assert.equal(await driver.forget(instance), true);
  });

  test('two are two', async () => {
    const { driver, instance } = await startLoud('restored');
    const other = await startInstance(driver, qemu.spec({ image }), BOUNDS);
    assert.equal((await driver.destroy(instance)).kind, 'dead');
    assert.equal((await qemu.inspectUntil(driver, other.instance, 'working')).pid, other.pid);
  });

  test('what the template does not fit boots', async () => {
    for (const changes of [{ memoryMiB: 48 }, { cpus: 2 }, { placement: { warm: 'no' } }] as const) {
      await startLoud('booted', changes);
    }
  });

  test('what cannot be restored boots, once', async () => {
    const state = join(template(), 'state');
    const good = readFileSync(state);
    for (const broken of [good.subarray(0, good.length / 2), Buffer.from('no stream'), Buffer.alloc(0)]) {
      writeFileSync(state, broken);
      const { driver, instance } = await startLoud('booted');
      assert.equal(
        (await findMachines(qemu.fixture.home, 'local')).filter((one) => one.instance === instance).length,
        1,
      );
      assert.equal((await driver.destroy(instance)).kind, 'dead');
      assert.equal(
        (await findMachines(qemu.fixture.home, 'local')).filter((one) => one.instance === instance).length,
        0,
      );
    }
    writeFileSync(state, good);
    await startLoud('restored');
  });
});

function useFixture() {
  let fixture: QemuFixture;
  let driver: LauncherDriver | undefined;
  let incarnation = 0;
  before(async () => {
    fixture = await createQemuFixture();
  });
  after(async () => {
    await driver?.close();
    await fixture.dispose();
  });
  const closeDriver = async () => {
    await driver?.close();
    driver = undefined;
  };
  /** The one driver that has the journal. */
  const open = async () => {
    await closeDriver();
    driver = await fixture.open();
    return { driver, deaths: collectDeaths(driver) };
  };
  const spec = (changes: Partial<InstanceSpec> = {}) => {
    incarnation += 1;
    return { ...fixture.spec({ assembly: 'db', incarnation }), ...changes };
  };
  return {
    get fixture() {
      return fixture;
    },
    spec,
    open,
    closeDriver,
    /** Waits until the guest itself is up: before, it does not hear what is said to it. */
    start: async (changes: Partial<InstanceSpec> = {}) => {
      const opened = await open();
      const given = spec(changes);
      const view = await startInstance(opened.driver, given, BOUNDS);
      const { instance } = given;
      await until('the guest is up', async () => /: up/.test((await opened.driver.consoleLog(instance, 1000)) ?? ''));
      return { ...opened, view, instance };
    },
    inspectUntil: async (opened: LauncherDriver, instance: string, kind: string): Promise<RunningInstance> => {
      let view = await opened.inspect(instance);
      await until(`it is ${kind}`, async () => {
        view = await opened.inspect(instance);
        return view.kind === 'running' && view.condition.kind === kind;
      });
      assert.ok(view.kind === 'running');
      return view;
    },
  };
}

function evidenceOf({ condition }: RunningInstance): string {
  return condition.kind === 'working' ? '' : condition.evidence;
}
