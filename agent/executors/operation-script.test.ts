import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Operation, OperationOutcome } from '../core/operation.js';
import { listCgroup } from './cgroup.js';
import { scriptFixture, temporaryDirectory, until, withoutCgroups, writeScript } from './executor-fixture.js';
import { isAlive, readProcess } from './process-table.js';
import { runToken, runVariable } from './resource-executor.js';

const instance = 'shop.web.local.1-1';
const resource = 'web.a';
let runs = 0;

interface Options {
  readonly timeoutMs?: number;
  readonly interruptedRun?: string;
  readonly environment?: Record<string, string>;
  readonly pidFile?: string;
}

/** A resource whose agent is this shell script; what is left of it is killed at the end. */
function fixture(context: TestContext, text: string, isInCgroups = true) {
  const directory = temporaryDirectory();
  const path = writeScript(join(directory, 'agent'), `cd ${directory}\ncase $1 in\n${text}\nesac`);
  const around = scriptFixture(directory, { instance, isInCgroups });
  const { scripts, cgroups, watches } = around;
  context.after(async () => {
    watches.close();
    for (const part of ['run', 'op', 'left'] as const) await cgroups.kill(resource, part);
    for (const name of readdirSync(directory).filter((file) => file.endsWith('.pid'))) kill(pidIn(name));
    cgroups.close();
  });
  const program = (name: string, environment: Record<string, string> = {}) => ({
    path,
    arguments: [name],
    environment: { PATH: process.env.PATH ?? '', ...environment },
    toOcf: (code: number) => code,
  });
  const run = (name: string, options: Options = {}): Promise<OperationOutcome> => {
    runs += 1;
    const { timeoutMs = 20_000, interruptedRun, environment, pidFile } = options;
    const definition = { class: 'ocf', provider: 'test', type: 'agent', parameters: {}, meta: {}, exec: undefined };
    const operation: Operation = { resource, name, intervalMs: 0, timeoutMs, definition };
    const asked = { id: interruptedRun ?? `test.${runs}`, operation, isInterrupted: interruptedRun !== undefined };
    const monitor = () => program('monitor', environment);
    return scripts.run(asked, { ...program(name, environment), monitor, isWatched: true, pidFile });
  };
  const pidIn = (name: string): number | undefined => {
    const file = join(directory, name);
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) || undefined : undefined;
  };
  const pid = (name: string) => until(`a pid in ${name}`, () => pidIn(name));
  return { ...around, directory, path, run, pid, pidIn };
}

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function isGone(pid: number): boolean {
  return !isAlive(readProcess(pid));
}

/** Double-forks, leaves its session, clears its environment and closes everything. */
const getAway = (file: string, more = '') =>
  `(setsid env -i sh -c '${more} echo $$ > ${file}; exec sleep 600' </dev/null >/dev/null 2>&1 &)
   until test -s ${file}; do sleep 0.01; done`;
const monitorByPid = (file: string) => `monitor) kill -0 $(cat ${file}) 2>/dev/null || exit 7 ;;`;

test('a daemon that got away as far as it can is seen to end within milliseconds', {
  skip: withoutCgroups,
}, async (context) => {
  const { run, pid, watches, changed } = fixture(context, `start) ${getAway('d.pid')} ;;`);
  assert.equal((await run('start')).rc, 0);
  const daemon = await pid('d.pid');
  assert.deepEqual(watches.watch(resource), { kind: 'cgroup', processes: 1 });
  process.kill(daemon, 'SIGKILL');
  await until('the event', () => changed.length > 0);
});

test('a daemon that a login session has taken away comes back', { skip: withoutCgroups }, async (context) => {
  const { run, pid, watches, changed, directory } = fixture(
    context,
    `start) setsid sh -c 'echo $$ > $(dirname $(cat cgroup))/cgroup.procs; echo $$ > d.pid; exec sleep 600' >/dev/null 2>&1 &
     until test -s d.pid; do sleep 0.01; done; ls -d $(cat cgroup)/*/run/* ;;`,
  );
  await run('start');
  const daemon = await pid('d.pid');
  assert.deepEqual(watches.watch(resource), { kind: 'cgroup', processes: 1 }, directory);
  process.kill(daemon, 'SIGKILL');
  await until('the event', () => changed.length > 0);
});

test('what a monitor runs, or leaves running, is not the life of the resource', {
  skip: withoutCgroups,
}, async (context) => {
  const { run, pid, watches, cgroups } = fixture(context, `start) ;;\nmonitor) ${getAway('m.pid')} ;;`);
  await run('start');
  await run('monitor');
  const left = await pid('m.pid');
  assert.equal(cgroups.populated(resource, 'run'), undefined);
  assert.deepEqual(watches.watch(resource), { kind: 'interval', reason: 'no process of it runs in its cgroup' });
  assert.ok(!isGone(left));
  assert.equal((await run('monitor')).rc, 0, 'the next one has a place of its own');
});

for (const name of ['start', 'monitor'] as const) {
  test(`a ${name} that takes too long is ended with all that got away from it`, {
    skip: withoutCgroups,
  }, async (context) => {
    const { run, pidIn } = fixture(
      context,
      `${name}) ${getAway('d.pid', 'trap "" TERM;')}; trap '' TERM; sleep 600 ;;`,
    );
    const done = await run(name, { timeoutMs: 1000 });
    assert.deepEqual([done.status, done.exitReason], ['timeout', 'did not end within 1 s']);
    const pid = pidIn('d.pid');
    assert.ok(pid !== undefined && isGone(pid));
  });
}

test('a promote that takes too long does not take the running daemon with it', {
  skip: withoutCgroups,
}, async (context) => {
  const { run, pid } = fixture(context, `start) ${getAway('d.pid')} ;;\npromote) ${getAway('p.pid')}; sleep 600 ;;`);
  await run('start');
  assert.equal((await run('promote', { timeoutMs: 1000 })).status, 'timeout');
  assert.ok(isGone(await pid('p.pid')));
  assert.ok(!isGone(await pid('d.pid')));
});

test('what a good stop leaves is named, goes on, and makes way for the next start', {
  skip: withoutCgroups,
}, async (context) => {
  const { run, pid, cgroups } = fixture(context, `start) ${getAway('d.pid')} ;;\nstop) echo bye ;;`);
  await run('start');
  const daemon = await pid('d.pid');
  const stopped = await run('stop');
  assert.equal(stopped.rc, 0);
  assert.equal(
    stopped.output,
    `bye\nstill running after the stop: ${daemon} (sleep); will be killed before the next start`,
  );
  assert.ok(!isGone(daemon));
  assert.equal(cgroups.populated(resource, 'run'), undefined);
  await run('start');
  assert.ok(isGone(daemon));
});

test('a start of what runs already leaves it alone', async (context) => {
  const { run, pid } = fixture(context, `start) test -s d.pid && exit 0; ${getAway('d.pid')} ;;`);
  await run('start');
  const daemon = await pid('d.pid');
  assert.equal((await run('start')).rc, 0);
  assert.ok(!isGone(daemon));
});

test('nothing is told of what ends during a stop, and nothing stays behind', {
  skip: withoutCgroups,
}, async (context) => {
  const { run, cgroups, changed, directory } = fixture(
    context,
    `start) ${getAway('d.pid')} ;;\nstop) kill -9 $(cat d.pid) ;;`,
  );
  await run('start');
  assert.equal((await run('stop')).output, '');
  await until('the cgroups are gone', () => {
    cgroups.close();
    return !existsSync(readFileSync(join(directory, 'cgroup'), 'utf8').trim());
  });
  assert.deepEqual(changed, []);
});

/** As an agent that was killed has left it: the script is gone, its daemon runs. */
function leftover(fixed: ReturnType<typeof fixture>, id: string): ChildProcess {
  const directory = fixed.cgroups.enter(resource, 'run', id);
  const enter = directory === undefined ? '' : `echo 0 > ${directory}/cgroup.procs;`;
  const env = { PATH: process.env.PATH, [runVariable]: runToken(instance, id) };
  return spawn('sh', ['-c', `${enter} echo $$ > half.pid; exec sleep 600`], {
    cwd: fixed.directory,
    detached: true,
    stdio: 'ignore',
    env,
  });
}

for (const isInCgroups of [true, false]) {
  const where = isInCgroups ? 'in cgroups' : 'without cgroups';
  test(`what an interrupted start has left half-way does not run beside the next one (${where})`, {
    skip: isInCgroups && withoutCgroups,
  }, async (context) => {
    const text = `start) ${getAway('d.pid')} ;;\n${monitorByPid('d.pid')}`;
    const fixed = fixture(context, text, isInCgroups);
    const id = `interrupted.${isInCgroups}`;
    leftover(fixed, id);
    const half = await fixed.pid('half.pid');
    assert.equal((await fixed.run('start', { interruptedRun: id })).rc, 0);
    assert.ok(isGone(half));
    assert.ok(!isGone(await fixed.pid('d.pid')));
  });

  test(`what an interrupted start has started well goes on (${where})`, {
    skip: isInCgroups && withoutCgroups,
  }, async (context) => {
    const text = `start) test -s half.pid || exit 1 ;;\n${monitorByPid('half.pid')}`;
    const fixed = fixture(context, text, isInCgroups);
    const id = `interrupted.well.${isInCgroups}`;
    leftover(fixed, id);
    const half = await fixed.pid('half.pid');
    assert.equal((await fixed.run('start', { interruptedRun: id })).rc, 0);
    assert.ok(!isGone(half));
  });
}

test('a monitor that hung when its agent was killed is ended by the next agent', {
  skip: withoutCgroups,
}, async (context) => {
  const fixed = fixture(context, `monitor) test -s d.pid && exit 0; ${getAway('d.pid')}; sleep 600 ;;`);
  const hanging = fixed.run('monitor');
  const pid = await fixed.pid('d.pid');
  const next = scriptFixture(fixed.directory, { instance });
  const program = {
    path: '/bin/true',
    arguments: [],
    environment: {},
    toOcf: (code: number) => code,
    isWatched: false,
  };
  const definition = { class: 'ocf', provider: 'test', type: 'agent', parameters: {}, meta: {}, exec: undefined };
  const operation = { resource, name: 'monitor', intervalMs: 0, timeoutMs: 5000, definition };
  await next.scripts.run({ id: 'next.1', operation, isInterrupted: false }, program);
  assert.equal((await hanging).exitReason, 'ended by SIGKILL');
  assert.ok(isGone(pid));
});

test('without cgroups the same is done, and the reason said', async (context) => {
  const { run, watches, pid, changed, directory } = fixture(context, `start) ${getAway('d.pid')} ;;`, false);
  assert.equal((await run('start')).rc, 0);
  const reason = 'there are no cgroups: it is a test without them';
  assert.deepEqual(watches.watch(resource), { kind: 'interval', reason });
  const daemon = await pid('d.pid');
  rmSync(join(directory, 'd.pid'));
  assert.equal((await run('start')).rc, 0);
  // It writes its pid when it likes, perhaps after its start has ended.
  const second = await pid('d.pid');
  assert.equal((await run('monitor', { pidFile: join(directory, 'd.pid') })).rc, 0);
  assert.deepEqual(watches.watch(resource), { kind: 'processes', pids: [second] });
  kill(daemon);
  process.kill(second, 'SIGKILL');
  await until('the event', () => changed.length > 0);
});

test('parameters reach the script as they are, also those that no shell can name', async (context) => {
  const { run, directory, path } = fixture(context, '');
  const script = `require('fs').writeFileSync('${directory}/env', Object.entries(process.env).map((pair) => pair.join('=')).join('\\0'))`;
  writeFileSync(path, `#!${process.execPath}\n${script}\n`, { mode: 0o755 });
  const environment = { 'OCF_RESKEY_a-b': 'x', IFS: 'y', OCF_RESKEY_c: '$(touch never)\n`id` "q"; \\ ü' };
  for (const names of [['OCF_RESKEY_c'], ['OCF_RESKEY_c', 'OCF_RESKEY_a-b'], ['OCF_RESKEY_c', 'IFS']] as const) {
    const given = Object.fromEntries(names.map((name) => [name, environment[name] ?? '']));
    await run('start', { environment: given });
    const found = readFileSync(join(directory, 'env'), 'utf8').split('\0');
    for (const [name, value] of Object.entries(given)) assert.ok(found.includes(`${name}=${value}`), name);
  }
  assert.ok(!existsSync(join(directory, 'never')));
});

test('a script whose interpreter is missing is not installed', async (context) => {
  const fixed = fixture(context, 'start) exit 127 ;;');
  assert.equal((await fixed.run('start')).rc, 127, 'its own exit code is its own');
  writeFileSync(fixed.path, '#!/no/such/interpreter\n', { mode: 0o755 });
  const done = await fixed.run('start');
  assert.deepEqual([done.rc, done.status], [5, 'not-installed']);
  assert.match(done.exitReason, /\/no\/such\/interpreter/);
});

test('a flood of output is read at a bounded pace, and its end is kept', async (context) => {
  const { run } = fixture(context, `monitor) yes line | head -c 8000000; echo last; exit 1 ;;\nstatus) yes ;;`);
  const loud = await run('monitor');
  assert.ok(loud.output.endsWith('line\nlast\n') && loud.output.length <= 4096);
  const before = process.cpuUsage();
  assert.equal((await run('status', { timeoutMs: 2000 })).status, 'timeout');
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 1_000_000, `${(user + system) / 1e6} s of CPU time`);
});

test('the cgroup of the resource holds its processes wherever they are below it', {
  skip: withoutCgroups,
}, async (context) => {
  const { run, pid, cgroups } = fixture(context, `start) ${getAway('a.pid')}; ${getAway('b.pid')} ;;`);
  await run('start');
  const directory = cgroups.populated(resource, 'run');
  assert.ok(directory !== undefined);
  const pids = [await pid('a.pid'), await pid('b.pid')];
  assert.deepEqual([...listCgroup(directory)].toSorted(), pids.toSorted());
});
