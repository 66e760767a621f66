import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { findOwnCgroup } from '../../agent/executors/cgroup-mount.js';
import type { LauncherDriver, RunningInstance, StartOutcome } from '../../launcher/driver.js';
import { openLocalDriver } from '../../launcher/drivers/local/local-driver.js';
import { readPidScope, readProcStat } from '../../launcher/drivers/process-proof.js';
import {
  createLocalFixture,
  initsBelow,
  isRunning,
  type LocalFixture,
  packageRoot,
  pidsWhere,
  RESOURCE_ARGUMENT,
  until,
} from './launcher-driver-local-fixture.js';
import { describeDriver, startInstance } from './launcher-driver-suite.js';

/** Set in the run of this file that has no root. */
const IS_NESTED = 'CPE_TEST_WITHOUT_ROOT';
const BOUNDS = { startMs: 30_000, deathSeenMs: 30_000 };
const HOLDER = join(import.meta.dirname, 'launcher-driver-holder.js');

describeDriver('local', createLocalFixture, BOUNDS);

describe('launcher driver local: what runs in an instance', { timeout: 300_000 }, () => {
  const local = useFixture();

  test('SIGKILL of the agent starts it again and touches nothing else', async () => {
    const [driver, view] = await local.start('db');
    const resource = await resourceOf(view);
    const startTime = readProcStat(resource)?.startTime;
    for (let round = 0; round < 3; round += 1) {
      const agent = await agentOf(driver, view.instance);
      process.kill(agent, 'SIGKILL');
      await until('another agent runs', async () => (await agentOf(driver, view.instance)) !== agent);
    }
    assert.equal(readProcStat(resource)?.startTime, startTime);
    assert.equal((await driver.inspect(view.instance)).kind, 'running');
    assert.match(readFileSync(join(view.stateDirectory, 'agent.log'), 'utf8'), /the agent ended \(signal 9\)/);
  });

  test('the proof of death covers everything that ran in the instance', async () => {
    const [driver, view] = await local.start('db');
    const inside = [await resourceOf(view), await agentOf(driver, view.instance)];
    assert.equal((await driver.destroy(view.instance)).kind, 'dead');
    assert.deepEqual(inside.filter(isRunning), []);
  });

  test('a stop is graceful to everything in the instance', async () => {
    const [driver, view] = await local.start('db');
    const resource = await resourceOf(view);
    const outcome = await driver.stop(view.instance, 60_000);
    assert.ok(outcome.kind === 'dead' && !outcome.wasForced, JSON.stringify(outcome));
    assert.equal(isRunning(resource), false);
  });

  test('what does not heed SIGTERM is destroyed after the grace', async () => {
    const driver = await local.open({ agentCommand: ['/bin/sh', '-c', 'trap "" TERM; sleep 100000.3'] });
    const view = await startInstance(driver, local.spec('db'), BOUNDS);
    await until('the agent ignores SIGTERM', async () => {
      const { agentPid } = (await driver.inspect(view.instance)) as RunningInstance;
      return (
        agentPid !== undefined && /^SigIgn:\t.*[4-7c-f].{3}$/m.test(readFileSync(`/proc/${agentPid}/status`, 'utf8'))
      );
    });
    const outcome = await driver.stop(view.instance, 200);
    assert.ok(outcome.kind === 'dead' && outcome.wasForced, JSON.stringify(outcome));
  });

  test('the agent gets its environment, its signals and no descriptor of the launcher', async () => {
    const [driver, view] = await local.start('db');
    await agentOf(driver, view.instance);
    const seen = (name: string) => readFileSync(join(view.stateDirectory, `seen.${name}`), 'utf8');
    await until('the agent has written all', () => existsSync(join(view.stateDirectory, 'seen.resource')));
    const names = seen('environment')
      .split('\n')
      .map((line) => line.split('=')[0]);
    assert.deepEqual(
      names.filter((name) => !['PWD', 'OLDPWD', '_', ''].includes(name ?? '')),
      ['LANG', 'PATH'],
    );
    assert.equal(seen('descriptors').trim().split('\n').join(' '), '0 1 2 3', '3 is that of ls itself');
    assert.equal(seen('signals').match(/0000000000000000/g)?.length, 2, seen('signals'));
  });

  test('the identity reaches the agent alone, with what only the driver knows', async () => {
    const [, view] = await local.start('db');
    const file = join(view.stateDirectory, 'identity.json');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const identity = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const { instance, address, hostname, stateDirectory } = view;
    assert.deepEqual({ ...identity, instance, address, hostname, stateDirectory }, identity);
    assert.equal(identity.epoch, 1);
    assert.equal(hostname, 'db');
  });

  test('an agent that fails at once is started again with pauses, and its instance goes on', async () => {
    const driver = await local.open({ agentCommand: ['/nonexistent/agent'] });
    const view = await startInstance(driver, local.spec('db'), BOUNDS);
    const log = join(view.stateDirectory, 'agent.log');
    const attempts = () => (existsSync(log) ? readFileSync(log, 'utf8').match(/cannot be started/g)?.length : 0) ?? 0;
    const before = performance.now();
    await until('five attempts', () => attempts() >= 5);
    assert.ok(performance.now() - before > 500, 'four pauses: none, 100, 200 and 400 ms');
    assert.equal((await driver.inspect(view.instance)).kind, 'running');
  });

  test('an assembly keeps its address as long as it is free; two living instances never share one', async () => {
    const [driver, first] = await local.start('db');
    const other = await startInstance(driver, local.spec('web'), BOUNDS);
    const twin = await startInstance(driver, local.spec('db'), BOUNDS);
    assert.equal(new Set([first.address, other.address, twin.address]).size, 3);
    for (const { address } of [first, other, twin]) assert.match(address, /^127\.[1-9]\d*\.\d+\.\d+$/);
    await driver.destroy(twin.instance);
    const next = await startInstance(driver, local.spec('db'), BOUNDS);
    assert.equal(next.address, twin.address);
  });
});

describe('launcher driver local: its journal', { timeout: 300_000 }, () => {
  const local = useFixture();

  test('a pid that now belongs to another process is a proof of death, and that process is left alone', async () => {
    const instance = await local.writeEntry({ initPid: `${process.pid} 1\n` });
    const driver = await local.open();
    const view = await driver.inspect(instance);
    assert.ok(view.kind === 'dead' && /belongs to a process started at/.test(view.evidence), JSON.stringify(view));
    assert.equal((await driver.destroy(instance)).kind, 'dead');
  });

  test('everything of an earlier boot is dead', async () => {
    const own = readProcStat(process.pid)?.startTime;
    const instance = await local.writeEntry({ initPid: `${process.pid} ${own}\n`, bootId: 'an earlier boot' });
    const view = await (await local.open()).inspect(instance);
    assert.ok(view.kind === 'dead' && /the machine was restarted/.test(view.evidence), JSON.stringify(view));
  });

  test('a pid of another PID namespace proves nothing', async () => {
    const instance = await local.writeEntry({ initPid: '1234567 1\n', pidNamespace: 'pid:[1]' });
    const driver = await local.open();
    assert.equal((await driver.inspect(instance)).kind, 'unknown');
    assert.equal((await driver.destroy(instance)).kind, 'unproven');
    assert.equal(await driver.forget(instance), false);
  });

  test('an entry that cannot be read is unknown and stays', async () => {
    const instance = await local.writeEntry({ initPid: 'torn' });
    const driver = await local.open();
    const view = await driver.inspect(instance);
    assert.ok(view.kind === 'unknown' && /cannot be read/.test(view.reason), JSON.stringify(view));
    assert.ok((await driver.list()).some((listed) => listed.instance === instance));
    assert.equal(await driver.forget(instance), false);
  });

  test('a start that was cut short before its commitment leaves nothing, and a late init of it starts nothing', async () => {
    const instance = await local.writeEntry({});
    const directory = local.directoryOf(instance);
    const driver = await local.open();
    assert.equal((await driver.inspect(instance)).kind, 'unknown');
    assert.equal(existsSync(directory), false);
    const late = spawnSync(local.fixture.options().initBinary, [directory, '/bin/sleep', '100000.4']);
    assert.match(late.stdout.toString(), /^failed cannot create .*\/init\.alive/);

    await mkdir(directory, { recursive: true });
    writeFileSync(join(directory, 'init.pid'), 'abandoned\n');
    assert.equal(
      spawnSync(local.fixture.options().initBinary, [directory, '/bin/sleep', '100000.4']).stdout.toString(),
      'lost\n',
    );
    assert.deepEqual(
      pidsWhere((args) => args.includes('100000.4')),
      [],
    );
  });

  test('a start that cannot work says why and leaves nothing', async () => {
    const driver = await local.open({ initBinary: '/nonexistent/cpe-instance-init' });
    const spec = local.spec('db');
    const outcome = await driver.start(spec);
    assert.ok(outcome.kind === 'failed' && /ENOENT/.test(outcome.reason), JSON.stringify(outcome));
    assert.equal((await driver.inspect(spec.instance)).kind, 'unknown');
    assert.equal(existsSync(local.directoryOf(spec.instance)), false);
    for (const instance of ['', '../up', '.hidden', 'a/b', 'x'.repeat(300)]) {
      assert.equal((await driver.start({ ...spec, instance })).kind, 'failed', instance);
    }
  });

  test('a kernel that refuses the namespaces is a precise error, and nothing is started', {
    skip: withoutRoot(),
  }, async () => {
    const forbid = 'echo 0 > /proc/sys/user/max_pid_namespaces && exec "$0" "$@"';
    const holder = hold(local.fixture, [local.spec('db')], ['unshare', '-Ur', 'sh', '-c', forbid]);
    const [outcome] = await holder.outcomes(1);
    await holder.kill();
    assert.ok(outcome?.kind === 'failed', JSON.stringify(outcome));
    assert.match(outcome.reason, /cannot create a PID namespace: No space left on device/);
    // The one that reported may still be on its way out; an instance would stay.
    await until('nothing runs', () => initsBelow(local.fixture.directory).length === 0);
  });
});

describe('launcher driver local: deaths of the launcher', { timeout: 600_000 }, () => {
  const local = useFixture();

  test('a kill of the whole tree, as pm2 does it, does not reach instances', async () => {
    const holder = hold(local.fixture, [local.spec('db'), local.spec('web')]);
    const outcomes = await holder.outcomes(2);
    const tree = treeOf(holder.child.pid ?? 0);
    for (const pid of tree) process.kill(pid, 'SIGKILL');
    process.kill(-(holder.child.pid ?? 0), 'SIGKILL');
    await holder.ended;
    const driver = await local.open();
    for (const outcome of outcomes) {
      assert.ok(outcome.kind === 'started');
      const found = await driver.inspect(outcome.view.instance);
      assert.ok(found.kind === 'running' && found.pid === outcome.view.pid, JSON.stringify(found));
    }
  });

  test('SIGKILL of the launcher at any moment loses no instance: each is in the journal, or gone', async () => {
    for (let round = 0; round < 12; round += 1) {
      const holder = hold(
        local.fixture,
        Array.from({ length: 30 }, (_, at) => local.spec(`a${at}`)),
      );
      await holder.ready;
      await new Promise((resolve) => setTimeout(resolve, round * 17));
      await holder.kill();
      const driver = await openLocalDriver(local.fixture.options());
      const listed = await driver.list();
      const running = listed.filter((view) => view.kind === 'running').map(({ pid }) => pid);
      const known = running.toSorted().join();
      await until(`only ${known} runs`, () => initsBelow(local.fixture.home).toSorted().join() === known);
      assert.deepEqual(
        listed.filter(({ kind }) => kind === 'unknown'),
        [],
      );
      for (const { instance } of listed) {
        assert.equal((await driver.destroy(instance)).kind, 'dead');
        await driver.forget(instance);
      }
      await driver.close();
    }
  });

  test('what an agent has made in the cgroups of the machine ends with its instance', {
    skip: withoutCgroups(),
  }, async () => {
    const own = ownCgroup();
    const stranger = join(own, `cpe-stranger.${process.pid}`);
    mkdirSync(stranger);
    try {
      for (const isSeen of [true, false]) {
        const [driver, view] = await local.start('grouped');
        const directory = local.directoryOf(view.instance);
        const cgroup = join(own, `cpe-${view.instance}.0123456789ab`);
        mkdirSync(join(cgroup, 'web.a', 'run', 'one'), { recursive: true });
        mkdirSync(join(directory, 'agent'));
        writeFileSync(join(directory, 'agent', 'cgroup'), `${cgroup}\n`);
        writeFileSync(
          join(cgroup, 'web.a', 'run', 'one', 'cgroup.procs'),
          String(await agentOf(driver, view.instance)),
        );
        if (isSeen) {
          assert.equal((await driver.destroy(view.instance)).kind, 'dead');
        } else {
          await driver.close();
          await local.fixture.kill(view);
          await local.open();
          await until('the cleaning up', () => !existsSync(cgroup));
        }
        assert.ok(!existsSync(cgroup));
      }
      const [driver, { instance }] = await local.start('liar');
      mkdirSync(join(local.directoryOf(instance), 'agent'));
      writeFileSync(join(local.directoryOf(instance), 'agent', 'cgroup'), `${stranger}\n`);
      assert.equal((await driver.destroy(instance)).kind, 'dead');
      assert.ok(existsSync(stranger), 'only what has the name of the instance is removed');
    } finally {
      rmdirSync(stranger);
    }
  });

  test('without root an instance runs in a user namespace, as the same user', { skip: withoutRoot() }, async () => {
    const nobody = 65534;
    await mkdir(local.fixture.home, { recursive: true });
    chownTree(local.fixture.home, nobody);
    const spec = local.spec('nobody');
    const user = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
    const holder = hold(local.fixture, [spec], user);
    const [outcome] = await holder.outcomes(1);
    await holder.kill();
    assert.ok(outcome?.kind === 'started', JSON.stringify(outcome));
    const driver = await local.open();
    const agent = await agentOf(driver, spec.instance);
    const status = () => readFileSync(`/proc/${agent}/status`, 'utf8');
    // Until it has become the agent it is a copy of init, with init's capabilities in its namespace.
    await until('the agent has become what it is', () => !/^Name:\tcpe-instance/m.test(status()));
    assert.match(status(), new RegExp(`^Uid:\t${nobody}\t${nobody}`, 'm'));
    assert.match(status(), /^CapEff:\t0+$/m);
    assert.equal((await driver.destroy(spec.instance)).kind, 'dead');
  });
});

test('the whole contract holds without root', { skip: withoutRoot(), timeout: 600_000 }, () => {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const run = spawnSync(
    'setpriv',
    ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, import.meta.filename],
    { env: { ...environment, [IS_NESTED]: '1', HOME: '/nonexistent' }, encoding: 'utf8' },
  );
  assert.equal(run.status, 0, run.stdout + run.stderr);
});

function ownCgroup(): string {
  const own = findOwnCgroup(readFileSync('/proc/self/mountinfo', 'utf8'), readFileSync('/proc/self/cgroup', 'utf8'));
  return own.kind === 'found' ? own.directory : '';
}

/** Loud in the output: what is not tested where there are no cgroups to write to. */
function withoutCgroups(): string | false {
  try {
    accessSync(join(ownCgroup(), 'cgroup.procs'), constants.W_OK);
    return false;
  } catch (error) {
    return `no cgroup of version 2 can be written here: ${error}`;
  }
}

/** Loud in the output: what is not tested without root, or where another user cannot read the checkout. */
function withoutRoot(): string | false {
  if (process.env[IS_NESTED] !== undefined) return 'this run is the one without root';
  if (process.getuid?.() !== 0) return 'needs root; run the tests as root to have both sides tested';
  let directory = packageRoot();
  for (; directory !== '/'; directory = join(directory, '..')) {
    if ((statSync(directory).mode & 0o005) !== 0o005) return `${directory} cannot be read by other users`;
  }
  accessSync(process.execPath, constants.X_OK);
  return false;
}

function useFixture() {
  let fixture: LocalFixture;
  let incarnation = 0;
  const drivers: LauncherDriver[] = [];
  before(async () => {
    fixture = await createLocalFixture();
  });
  after(async () => {
    for (const driver of drivers) await driver.close();
    await fixture.dispose();
  });
  const spec = (assembly: string) => fixture.spec({ assembly, incarnation: ++incarnation });
  const directoryOf = (instance: string) => join(fixture.home, 'launcher/local/instances', instance);
  /** One driver at a time has a journal: opening another one closes the one before. */
  const open = async (changes: Partial<ReturnType<LocalFixture['options']>> = {}) => {
    await drivers.at(-1)?.close();
    const driver = await openLocalDriver({ ...fixture.options(), ...changes });
    drivers.push(driver);
    return driver;
  };
  return {
    get fixture() {
      return fixture;
    },
    spec,
    open,
    directoryOf,
    start: async (assembly: string) => {
      const driver = await open();
      return [driver, await startInstance(driver, spec(assembly), BOUNDS)] as const;
    },
    /** Writes what an earlier driver could have left. */
    writeEntry: async (entry: { initPid?: string; bootId?: string; pidNamespace?: string }) => {
      const { instance, deployable, assembly } = spec('old');
      await drivers.at(-1)?.close();
      const directory = directoryOf(instance);
      await mkdir(directory, { recursive: true });
      const { initPid, ...scope } = entry;
      const life = { address: '127.1.2.3', hostname: 'old', startedAt: 1, ...readPidScope(), ...scope };
      writeFileSync(
        join(directory, 'instance.json'),
        JSON.stringify({ version: 1, instance, deployable, assembly, ...life }),
      );
      writeFileSync(join(directory, 'init.pid.abandoned'), 'abandoned\n');
      if (initPid !== undefined) writeFileSync(join(directory, 'init.pid'), initPid);
      return instance;
    },
  };
}

/** Starts a launcher that can be killed, in a process group of its own. */
function hold(fixture: LocalFixture, specs: readonly object[], through: readonly string[] = []) {
  const argv = [...through, process.execPath, HOLDER, JSON.stringify(fixture.options())];
  const [program, ...args] = [...argv, ...specs.map((spec) => JSON.stringify(spec))];
  const child: ChildProcess = spawn(program ?? '', args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      for (const listener of listeners) listener();
    });
  }
  const atLeast = (count: number) => until(`${count} lines of the launcher`, () => lines.length >= count);
  return {
    child,
    ended,
    ready: atLeast(1),
    outcomes: async (count: number): Promise<StartOutcome[]> => {
      await atLeast(count + 1);
      return lines.slice(1, count + 1).map((line) => JSON.parse(line) as StartOutcome);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function treeOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter((child) => child !== ''),
  );
  return [pid, ...children.flatMap((child) => treeOf(Number(child)))];
}

async function agentOf(driver: LauncherDriver, instance: string): Promise<number> {
  let agent: number | undefined;
  await until('the agent runs', async () => {
    const view = await driver.inspect(instance);
    agent = view.kind === 'running' ? view.agentPid : undefined;
    return agent !== undefined;
  });
  return agent ?? 0;
}

/** The resource's pid here, found by the one inside that the agent wrote down. */
async function resourceOf(view: RunningInstance): Promise<number> {
  const file = join(view.stateDirectory, 'seen.resource');
  await until('the resource is written down', () => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
  const inner = readFileSync(file, 'utf8').trim();
  const namespace = (pid: number) => readlinkSync(`/proc/${pid}/ns/pid`);
  const innermost = (pid: number) => /^NSpid:.*\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  let found: number | undefined;
  // The shell writes the pid before its child has become the resource.
  await until('the resource runs', () => {
    [found] = pidsWhere(
      ([program, argument], pid) =>
        program === 'sleep' &&
        argument === RESOURCE_ARGUMENT &&
        innermost(pid) === inner &&
        namespace(pid) === namespace(view.pid),
    );
    return found !== undefined;
  });
  return found ?? 0;
}

function chownTree(path: string, user: number): void {
  chownSync(path, user, user);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) chownTree(join(path, name), user);
}
