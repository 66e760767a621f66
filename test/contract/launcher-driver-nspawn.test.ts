import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { InstanceSpec, InstanceView, LauncherDriver, RunningInstance } from '../../launcher/driver.js';
import { isRunning, until } from './launcher-driver-local-fixture.js';
import {
  createNspawnFixture,
  explainNoContainer,
  type NspawnFixture,
  secret,
} from './launcher-driver-nspawn-fixture.js';
import { collectDeaths, describeDriver, startInstance } from './launcher-driver-suite.js';

const bounds = { startMs: 60_000, deathSeenMs: 20_000 };

const obstacle = explainNoContainer();
if (obstacle === undefined) {
  describeDriver('nspawn', () => createNspawnFixture(), bounds);
  describeContainers();
} else test('launcher driver nspawn', { skip: obstacle }, () => undefined);

function describeContainers(): void {
  describe('launcher driver nspawn: what can happen to a container', { timeout: 900_000 }, () => {
    const nspawn = useFixture();

    for (const [victim, choose, words] of [
      ['systemd-nspawn', (pids) => [pids.nspawn], /^systemd-nspawn was ended by signal 9; init, pid \d+/],
      [
        'the PID 1 of the container',
        (pids) => [pids.systemd],
        /^systemd-nspawn ended with exit code 1; init, pid .*KILL/,
      ],
      [
        'systemd-nspawn and the PID 1 of the container',
        (pids) => [pids.nspawn, pids.systemd],
        /^systemd-nspawn was ended by signal 9; init/,
      ],
      ['the init of the instance', (pids) => [pids.init], /^init, pid \d+/],
      ['its shell', (pids) => [pids.shell], /^sh was ended by signal 9/],
    ] as const satisfies readonly (readonly [string, (pids: Pids) => readonly number[], RegExp])[]) {
      test(`after SIGKILL of ${victim} the instance is dead with all that was in it`, async () => {
        const { driver, deaths, view } = await nspawn.start();
        const running = await nspawn.fixture.processesOf(view);
        const pids = { ...running, init: view.pid, shell: processesBelow(view.pid)[0] ?? 0 };
        await nspawn.untilBooted(view);
        const inside = processesBelow(view.pid);
        assert.ok(inside.length > 4, 'systemd has started something');
        for (const pid of choose(pids)) process.kill(pid, 'SIGKILL');
        const { evidence } = await deaths.next(view.instance, bounds.deathSeenMs);
        assert.deepEqual(inside.filter(isRunning), []);
        assert.match(evidence, words);
        assert.equal((await driver.destroy(view.instance)).kind, 'dead');
        await nspawn.assertNothingLeft(view.instance);
      });
    }

    test('a container that is powered off from inside is dead, with that for a reason', async () => {
      const { deaths, view } = await nspawn.start();
      await nspawn.untilBooted(view);
      await nspawn.fixture.run(view, 'systemctl', 'poweroff');
      const { evidence } = await deaths.next(view.instance, bounds.deathSeenMs);
      assert.match(evidence, /^the container was powered off; systemd-nspawn ended with exit code 0; init, pid \d+/);
      await until('all is removed', () => nspawn.leftovers(view.instance).length === 0);
    });

    for (const [how, reboot] of [
      ['by its driver', ({ driver }, { instance }) => driver.reboot(instance)],
      ['from inside', ({ fixture }, view) => fixture.run(view, 'systemctl', 'reboot')],
    ] as const satisfies readonly (readonly [string, (at: At, view: RunningInstance) => Promise<unknown>])[]) {
      test(`a container that is rebooted ${how} keeps its life and its files`, async () => {
        const { driver, deaths, view } = await nspawn.start();
        const before = await nspawn.fixture.processesOf(view);
        await nspawn.untilBooted(view);
        await nspawn.fixture.run(view, 'sh', '-c', 'echo kept >/root/kept; echo lost >/run/lost');
        await reboot({ driver, fixture: nspawn.fixture }, view);
        await until('another PID 1 runs', async () => {
          return !isRunning(before.systemd) && (await nspawn.fixture.processesOf(view)).systemd !== before.systemd;
        });
        await nspawn.untilBooted(view);
        assert.equal(await nspawn.fixture.run(view, 'cat', '/root/kept'), 'kept\n');
        await assert.rejects(nspawn.fixture.run(view, 'cat', '/run/lost'));
        assert.deepEqual(withoutAgent(await driver.inspect(view.instance)), withoutAgent(view));
        assert.equal(deaths.countOf(view.instance), 0);
      });
    }

    test('a systemd-nspawn that is stopped does not answer, and is not dead', async () => {
      const { driver, deaths, view } = await nspawn.start();
      const { nspawn: pid } = await nspawn.fixture.processesOf(view);
      process.kill(pid, 'SIGSTOP');
      const evidence = await nspawn.untilCondition(driver, view, 'not-answering');
      assert.match(evidence, new RegExp(`systemd-nspawn, pid ${pid}, is stopped`));
      process.kill(pid, 'SIGCONT');
      await nspawn.untilCondition(driver, view, 'working');
      assert.equal(deaths.countOf(view.instance), 0);
      process.kill(pid, 'SIGSTOP');
      const outcome = await driver.stop(view.instance, 1_000);
      assert.ok(outcome.kind === 'dead' && outcome.wasForced, JSON.stringify(outcome));
      await nspawn.assertNothingLeft(view.instance);
    });

    for (const [how, pause, resume] of [
      [
        'whose PID 1 is stopped',
        ({ systemd }) => process.kill(systemd, 'SIGSTOP'),
        ({ systemd }) => process.kill(systemd, 'SIGCONT'),
      ],
      ['that is frozen', ({ group }) => writeFileSync(group, '1'), ({ group }) => writeFileSync(group, '0')],
    ] as const satisfies readonly (readonly [string, (at: Pausable) => void, (at: Pausable) => void])[]) {
      test(`a container ${how} is paused, and is not asked to end`, async () => {
        const { driver, view } = await nspawn.start();
        const { systemd } = await nspawn.fixture.processesOf(view);
        const group = join(
          nspawn.groupsOf(view.instance).find((path) => existsSync(join(path, 'cgroup.freeze'))) ?? '',
          'cgroup.freeze',
        );
        pause({ systemd, group });
        await nspawn.untilCondition(driver, view, 'paused');
        resume({ systemd, group });
        await nspawn.untilCondition(driver, view, 'working');
        pause({ systemd, group });
        await nspawn.untilCondition(driver, view, 'paused');
        const before = performance.now();
        const outcome = await driver.stop(view.instance, 120_000);
        assert.ok(outcome.kind === 'dead' && outcome.wasForced, JSON.stringify(outcome));
        assert.ok(performance.now() - before < 60_000, 'nobody waited for an answer');
        await nspawn.assertNothingLeft(view.instance);
      });
    }

    test('a stop that comes before its PID 1 listens is heard all the same', async () => {
      const { driver, view } = await nspawn.start();
      const outcome = await driver.stop(view.instance, 60_000);
      assert.ok(outcome.kind === 'dead' && !outcome.wasForced, JSON.stringify(outcome));
    });

    test('what a container writes is its own, and gone with it', async () => {
      const { view } = await nspawn.start();
      const other = (await nspawn.start('web')).view;
      await nspawn.fixture.run(view, 'sh', '-c', 'echo mine >/root/mine; rm /etc/issue; sync');
      await assert.rejects(nspawn.fixture.run(other, 'cat', '/root/mine'));
      assert.match(await nspawn.fixture.run(other, 'cat', '/etc/issue'), /Debian/);
      const directory = nspawn.fixture.directoryOf(view.instance);
      assert.equal(readFileSync(join(directory, 'upper', 'root', 'mine'), 'utf8'), 'mine\n');
      assert.equal(readFileSync('/proc/self/mounts', 'utf8').includes(directory), false, 'nothing to unmount');
      await nspawn.driver.destroy(view.instance);
      assert.equal(await nspawn.driver.forget(view.instance), true);
      assert.equal(existsSync(directory), false);
    });

    test('two containers of one image are two machines', async () => {
      const one = (await nspawn.start()).view;
      const two = (await nspawn.start('web')).view;
      const read = (view: RunningInstance) =>
        nspawn.fixture.run(view, 'cat', '/proc/sys/kernel/hostname', '/sys/class/net/host0/address');
      const [first, second] = [await read(one), await read(two)];
      assert.match(first, /^db\n/);
      assert.match(second, /^web\n/);
      assert.notEqual(first.split('\n')[1], second.split('\n')[1]);
      assert.notEqual(one.address, two.address);
    });

    test('the identity reaches it as systemd credentials, and no command line', async () => {
      const { view, spec } = await nspawn.start();
      const read = (name: string) => nspawn.fixture.run(view, 'cat', `/run/credentials/@system/${name}`);
      await until('PID 1 has taken them', () =>
        read('cpe.identity').then(
          () => true,
          () => false,
        ),
      );
      const identity = JSON.parse(await read('cpe.identity'));
      assert.equal(identity.instance, spec.instance);
      assert.equal(identity.address, view.address);
      assert.match(identity.busServers[0], /^nats:\/\/10\.\d+\.\d+\.1:4222$/);
      assert.equal(await read('cpe.creds'), `${secret}\n`);
      assert.equal(JSON.parse(await read('cpe.network')).address, `${view.address}/24`);
      for (const pid of [view.pid, ...processesBelow(view.pid)]) {
        for (const file of ['cmdline', 'environ']) assert.ok(!readIfThere(`/proc/${pid}/${file}`).includes(secret));
      }
    });

    test('what it writes to its console is kept', async () => {
      const { driver, view } = await nspawn.start();
      await until('it has reached the login', async () =>
        /login:/.test((await driver.consoleLog(view.instance, 10_000)) ?? ''),
      );
      assert.equal((await driver.consoleLog(view.instance, 10))?.length, 10);
    });

    test('an image that cannot be booted fails with what systemd-nspawn says', async () => {
      const { driver } = await nspawn.open();
      const spec = nspawn.nextSpec('db');
      const outcome = await driver.start({ ...spec, image: 'empty-0123456789ab' });
      assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
      assert.match(outcome.reason, /exit code 1.*os-release/);
      assert.equal((await driver.start({ ...nspawn.nextSpec('db'), image: 'none' })).kind, 'failed');
      await nspawn.assertNothingLeft(spec.instance);
    });

    test('its control groups are where systemd keeps those of machines, if it rules this one', async () => {
      const { view } = await nspawn.start();
      const groups = nspawn.groupsOf(view.instance);
      assert.ok(groups.length > 0);
      const isRuled = existsSync('/run/systemd/system');
      for (const group of groups) {
        assert.equal(/\/machine\.slice\/cpe[0-9a-f]{9}\.scope$/.test(group), isRuled, group);
        assert.ok(existsSync(join(group, 'payload')), 'systemd-nspawn uses it');
      }
      await nspawn.driver.destroy(view.instance);
      await nspawn.assertNothingLeft(view.instance);
    });

    test('sizes that the kernel does not enforce are told of once', async () => {
      const { driver } = await nspawn.open();
      const before = nspawn.fixture.logged.length;
      let view: RunningInstance | undefined;
      for (const assembly of ['db', 'web']) {
        view = await startInstance(driver, { ...nspawn.nextSpec(assembly), cpus: 1, memoryMiB: 256 }, bounds);
      }
      const told = nspawn.fixture.logged.slice(before).filter((message) => /not enforced/.test(message)).length;
      const groups = nspawn.groupsOf(view?.instance ?? '');
      const limit = groups.map((group) => join(group, 'memory.max')).find((file) => existsSync(file));
      if (limit === undefined) assert.equal(told, 1);
      else assert.deepEqual([readFileSync(limit, 'utf8'), told], [`${256 << 20}\n`, 0]);
    });

    test('one whose journal is lost is found, adopted and ended', async () => {
      const { driver, view } = await nspawn.start();
      await nspawn.closeDriver();
      const directory = nspawn.fixture.directoryOf(view.instance);
      renameSync(directory, join(nspawn.fixture.directory, `lost-${view.instance}`));
      const { driver: later, deaths } = await nspawn.open();
      assert.notEqual(later, driver);
      assert.deepEqual((await later.orphans()).filter(({ instance }) => instance === view.instance).length, 1);
      assert.equal((await later.inspect(view.instance)).kind, 'unknown');
      assert.equal((await later.adoptOrphan(view.instance)).kind, 'started');
      assert.deepEqual(
        (await later.orphans()).filter(({ instance }) => instance === view.instance),
        [],
      );
      assert.equal((await later.destroy(view.instance)).kind, 'dead');
      await deaths.next(view.instance, bounds.deathSeenMs);
      assert.equal(isRunning(view.pid), false);
      await nspawn.assertNothingLeft(view.instance);
    });

    test('what was left because a launcherd was not there is removed by the next one', async () => {
      const { view } = await nspawn.start();
      await nspawn.closeDriver();
      process.kill(view.pid, 'SIGKILL');
      await until('it is gone', () => !isRunning(view.pid));
      const { deaths } = await nspawn.open();
      await deaths.next(view.instance, bounds.deathSeenMs);
      await nspawn.assertNothingLeft(view.instance);
    });
  });
}

interface Pids {
  readonly nspawn: number;
  readonly systemd: number;
  readonly init: number;
  readonly shell: number;
}

interface Pausable {
  readonly systemd: number;
  readonly group: string;
}

interface At {
  readonly driver: LauncherDriver;
  readonly fixture: NspawnFixture;
}

/** One driver at a time on one fixture; what a test has started ends with it. */
function useFixture() {
  let fixture: NspawnFixture;
  let current: { readonly driver: LauncherDriver; readonly deaths: ReturnType<typeof collectDeaths> } | undefined;
  let incarnation = 1000;
  before(async () => {
    fixture = await createNspawnFixture();
  });
  after(async () => {
    await current?.driver.close();
    await fixture.dispose();
  });

  const nextSpec = (assembly: string): InstanceSpec => fixture.spec({ assembly, incarnation: ++incarnation });
  const open = async () => {
    if (current === undefined) {
      const driver = await fixture.open();
      current = { driver, deaths: collectDeaths(driver) };
    }
    return current;
  };
  const groupsOf = (instance: string) => {
    const file = join(fixture.directoryOf(instance), 'cgroups');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  };
  const leftovers = (instance: string) => {
    const groups = groupsOf(instance);
    const machine =
      groups[0]
        ?.split('/')
        .at(-1)
        ?.replace(/\.scope$/, '') ?? 'none';
    return [...groups, `/sys/class/net/vb-${machine}`, `/run/systemd/nspawn/propagate/${machine}`].filter((path) =>
      existsSync(path),
    );
  };
  return {
    get fixture() {
      return fixture;
    },
    get driver() {
      assert.ok(current !== undefined);
      return current.driver;
    },
    nextSpec,
    open,
    groupsOf,
    leftovers,
    async closeDriver() {
      await current?.driver.close();
      current = undefined;
    },
    async start(assembly = 'db') {
      const { driver, deaths } = await open();
      const spec = nextSpec(assembly);
      return { driver, deaths, spec, view: await startInstance(driver, spec, bounds) };
    },
    async untilBooted(view: RunningInstance) {
      await until('it has booted', () =>
        fixture.run(view, 'systemctl', 'is-active', 'multi-user.target').then(
          () => true,
          () => false,
        ),
      );
    },
    async untilCondition(driver: LauncherDriver, { instance }: RunningInstance, kind: string): Promise<string> {
      let view: InstanceView | undefined;
      await until(`it is ${kind}`, async () => {
        view = await driver.inspect(instance);
        return view.kind === 'running' && view.condition.kind === kind;
      });
      assert.ok(view?.kind === 'running');
      return 'evidence' in view.condition ? view.condition.evidence : '';
    },
    async assertNothingLeft(instance: string) {
      if (existsSync(fixture.directoryOf(instance)))
        assert.ok(groupsOf(instance).length > 0, 'it is known where it was');
      await until('all is removed', () => leftovers(instance).length === 0).catch(() => undefined);
      assert.deepEqual(leftovers(instance), []);
    },
  };
}

function processesBelow(pid: number): readonly number[] {
  // Whatever is left in the container of a process that has ended belongs to its PID 1, and is found there.
  const children = readIfThere(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...processesBelow(child)]);
}

/** Empty when the process has ended meanwhile. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function withoutAgent(view: InstanceView): Omit<InstanceView, 'agentPid'> {
  const { agentPid: _, ...rest } = view as InstanceView & { agentPid?: number };
  return rest;
}
