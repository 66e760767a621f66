import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { HealthCheck } from '../core/operation.js';
import { Journal } from '../journal.js';
import { boundLog } from './bounded-log.js';
import type { CgroupTree } from './cgroup-tree.js';
import { ExecExecutor } from './exec-executor.js';
import { execRecords, type RecordJournal } from './exec-record.js';
import {
  execDefinition,
  run,
  scriptFixture,
  spawnerStarter,
  temporaryDirectory,
  until,
  withoutCgroups,
} from './executor-fixture.js';
import { isAlive, readArguments, readProcess } from './process-table.js';
import { runToken, runVariable } from './resource-executor.js';

const instance = 'shop.web.local.1-1';

interface Fixture {
  readonly directory: string;
  readonly executor: ExecExecutor;
  readonly journal: RecordJournal;
  readonly changed: string[];
  readonly cgroups: CgroupTree;
  readonly pid: (name: string) => Promise<number>;
  /** As the next agent finds it. */
  readonly next: () => ExecExecutor;
}

function fixture(context: TestContext): Fixture {
  const directory = temporaryDirectory();
  const changed: string[] = [];
  const opened: ExecExecutor[] = [];
  const { journal } = Journal.open(join(directory, 'journal'));
  const { cgroups } = scriptFixture(directory);
  const open = () => {
    const onChange = (name: string) => changed.push(name);
    const starter = spawnerStarter(context, directory);
    const executor = new ExecExecutor({
      directory: join(directory, 'exec'),
      journal,
      instance,
      cgroups,
      starter,
      onChange,
    });
    opened.push(executor);
    return executor;
  };
  context.after(async () => {
    await run(open(), 'stop', {}).catch(() => undefined);
    const last = open();
    await last.takeOver();
    await run(last, 'stop', {}, { timeoutMs: 500 });
    for (const executor of opened) executor.close();
  });
  return {
    directory,
    executor: open(),
    journal,
    cgroups,
    changed,
    next: open,
    pid: (name) =>
      until(`${name} with a pid`, () => {
        const path = join(directory, name);
        return existsSync(path) && Number(readFileSync(path, 'utf8'));
      }),
  };
}

function isGone(pid: number): boolean {
  return !isAlive(readProcess(pid));
}

/** Writes its pid to a file, and sleeps. */
function sleeper({ directory }: Fixture, more = '') {
  return execDefinition(['sh', '-c', `echo $$ > ${join(directory, 'pid')}; ${more} exec sleep 600`]);
}

const timing = { intervalMs: 50, timeoutMs: 2000, failures: 2, initialDelayMs: 0 };

async function httpServer(context: TestContext): Promise<{ server: Server; port: number; status: { code: number } }> {
  const status = { code: 200 };
  const server = createServer((_request, response) => response.writeHead(status.code).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  return { server, port: (server.address() as AddressInfo).port, status };
}

test('a command starts in a session of its own, is seen to end at once, and says how', async (context) => {
  const all = fixture(context);
  const { executor, changed } = all;
  assert.equal((await run(executor, 'monitor', sleeper(all))).rc, 7);
  assert.equal((await run(executor, 'start', sleeper(all))).rc, 0);
  const pid = await all.pid('pid');
  assert.equal(readProcess(pid)?.session, pid);
  assert.equal((await run(executor, 'start', sleeper(all))).rc, 0, 'starting twice is starting once');
  assert.equal((await run(executor, 'monitor', sleeper(all))).rc, 0);
  process.kill(pid, 'SIGKILL');
  await until('the event', () => changed.length > 0);
  const after = await run(executor, 'monitor', sleeper(all));
  assert.deepEqual([after.rc, after.exitReason], [7, `process ${pid} was ended by SIGKILL`]);
  assert.equal((await run(executor, 'stop', sleeper(all))).rc, 0);
  assert.deepEqual(changed, ['web.a']);
});

test('its output goes to a file, and its end is told with a failure', async (context) => {
  const { executor, changed } = fixture(context);
  const command = execDefinition(['sh', '-c', 'echo "port in use" >&2; exit 3']);
  await run(executor, 'start', command);
  await until('the end', () => changed.length > 0);
  const after = await run(executor, 'monitor', command);
  assert.match(after.exitReason, /ended with exit code 3/);
  assert.equal(after.output, 'port in use\n');
});

test('environment, arguments, directory and user reach the command as they are', async (context) => {
  const all = fixture(context);
  const { executor, directory } = all;
  const isRoot = process.getuid?.() === 0;
  const script = `console.log(JSON.stringify([process.argv.slice(1), process.env.GREETING, process.cwd(), process.getuid(), process.env.HOME]))`;
  const command = [process.execPath, '-e', script, 'a b', '$(id)'];
  const more = { environment: { GREETING: 'hello "you"' }, directory: '/usr', user: isRoot ? 'nobody' : '' };
  await run(executor, 'start', execDefinition(command, more));
  const log = join(directory, 'exec/web.a.log');
  const line = await until('its output', () => readFileSync(log, 'utf8') || undefined);
  const [args, greeting, cwd, uid, home] = JSON.parse(line);
  assert.deepEqual([args, greeting, cwd], [['a b', '$(id)'], 'hello "you"', '/usr']);
  if (isRoot) assert.deepEqual([uid, home], [65534, '/nonexistent']);
});

const impossible = [
  { name: 'no command', definition: execDefinition([]), rc: 6, reason: /the command is empty/ },
  {
    name: 'a missing binary',
    definition: execDefinition(['no-such-binary']),
    rc: 5,
    reason: /^no-such-binary: no such executable in \/usr/,
  },
  {
    name: 'a missing path',
    definition: execDefinition(['/no/such/binary']),
    rc: 5,
    reason: /^\/no\/such\/binary: no such executable$/,
  },
  {
    name: 'a file that is not executable',
    definition: execDefinition(['/etc/passwd']),
    rc: 5,
    reason: /no such executable/,
  },
  {
    name: 'a missing directory',
    definition: execDefinition(['sleep', '1'], { directory: '/no/such' }),
    rc: 6,
    reason: /^\/no\/such: no such directory$/,
  },
  {
    name: 'an unknown user',
    definition: execDefinition(['sleep', '1'], { user: 'nobody-of-this-name' }),
    rc: 6,
    reason: /no user "nobody-of-this-name"/,
  },
  {
    name: 'an environment that is none',
    definition: execDefinition(['sleep', '1'], { environment: { 'A=B': 'c' } }),
    rc: 6,
    reason: /no name of a parameter/,
  },
] as const;

for (const { name, definition, rc, reason } of impossible) {
  test(`a start that is impossible says why: ${name}`, async (context) => {
    const { executor } = fixture(context);
    const started = await run(executor, 'start', definition);
    assert.equal(started.rc, rc);
    assert.match(started.exitReason, reason);
    assert.equal((await run(executor, 'monitor', definition)).rc, 7);
    assert.equal((await run(executor, 'stop', definition)).rc, 0);
  });
}

test('a stop ends what ignores SIGTERM and what has left the session, before its timeout', async (context) => {
  const all = fixture(context);
  const { executor, directory } = all;
  const orphan = `(setsid sh -c 'echo $$ > ${join(directory, 'orphan')}; exec sleep 600' &)`;
  const script = `trap '' TERM; ${orphan}; echo $$ > ${join(directory, 'pid')}; while :; do sleep 0.1; done`;
  const command = execDefinition(['sh', '-c', script]);
  await run(executor, 'start', command);
  const pids = [await all.pid('pid'), await all.pid('orphan')];
  const startedAt = performance.now();
  const stopped = await run(executor, 'stop', command, { timeoutMs: 1000 });
  assert.equal(stopped.rc, 0, stopped.exitReason);
  assert.ok(performance.now() - startedAt < 60_000);
  assert.deepEqual(pids.map(isGone), [true, true]);
});

test('a stop ends what has got away as far as it can', { skip: withoutCgroups }, async (context) => {
  const all = fixture(context);
  const { executor, directory, cgroups } = all;
  const file = join(directory, 'away');
  const away = `(setsid env -i sh -c 'echo $$ > ${file}; exec sleep 600' </dev/null >/dev/null 2>&1 &)`;
  const until_ = `until test -e ${directory}/now; do sleep 0.01; done`;
  const command = execDefinition([
    'sh',
    '-c',
    `echo $$ > ${join(directory, 'pid')}; ${until_}; ${away}; exec sleep 600`,
  ]);
  await run(executor, 'start', command);
  await until('its cgroup', () => cgroups.populated('web.a', 'exec'));
  writeFileSync(join(directory, 'now'), '');
  const pid = await all.pid('away');
  assert.equal((await run(executor, 'stop', command)).rc, 0);
  assert.ok(isGone(pid));
  assert.equal(cgroups.populated('web.a', 'exec'), undefined);
});

test('what a dead command left behind is ended before it is started again', async (context) => {
  const all = fixture(context);
  const { executor, changed, directory } = all;
  const script = `sleep 600 & echo $! > ${join(directory, 'child')}; echo $$ > ${join(directory, 'pid')}; wait`;
  const command = execDefinition(['sh', '-c', script]);
  await run(executor, 'start', command);
  const [pid, child] = [await all.pid('pid'), await all.pid('child')];
  process.kill(pid, 'SIGKILL');
  await until('the event', () => changed.length > 0);
  assert.ok(!isGone(child));
  assert.equal((await run(executor, 'start', command)).rc, 0);
  assert.ok(isGone(child));
});

test('the next agent finds a running command, sees its end, and can stop it', async (context) => {
  const all = fixture(context);
  await run(all.executor, 'start', sleeper(all));
  const pid = await all.pid('pid');
  all.executor.close();

  const next = all.next();
  await next.takeOver();
  assert.deepEqual(all.changed, []);
  assert.equal((await run(next, 'monitor', sleeper(all))).rc, 0);
  assert.ok(!isGone(pid));
  process.kill(pid, 'SIGKILL');
  await until('the event', () => all.changed.length > 0);
  assert.equal((await run(next, 'monitor', sleeper(all))).rc, 7);
  next.close();

  const third = all.next();
  all.changed.length = 0;
  await third.takeOver();
  assert.deepEqual(all.changed, ['web.a'], 'what ended meanwhile is told');
});

test('a process that was spawned but not recorded before the agent was killed is found by its token', async (context) => {
  const all = fixture(context);
  const definition = sleeper(all);
  const id = 'unrecorded.1';
  const token = runToken(instance, id);
  const child: ChildProcess = spawn('sleep', ['600'], {
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env.PATH, [runVariable]: token },
  });
  assert.ok(child.pid);
  await until('its exec', () => readFileSync(`/proc/${child.pid}/comm`, 'utf8') === 'sleep\n');
  const next = all.next();
  await next.takeOver();
  const repeated = await run(next, 'start', definition, { interruptedRun: id });
  assert.equal(repeated.rc, 0);
  assert.ok(!isGone(child.pid), 'it was taken over, not started a second time');
  assert.equal((await run(next, 'stop', definition)).rc, 0);
  assert.ok(isGone(child.pid));
});

test('a pid that belongs to somebody else by now is neither adopted nor killed', async (context) => {
  const all = fixture(context);
  const stranger = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  context.after(() => stranger.kill('SIGKILL'));
  const { pid } = stranger;
  assert.ok(pid);
  const definition = sleeper(all);
  const process_ = { pid, startTime: (readProcess(pid)?.startTime ?? 0) - 1 };
  const record = { resource: 'web.a', token: 'of another life', definition: definition.exec, process: process_ };
  await execRecords(all.journal, all.directory).write({ ...record, isStarted: true });
  const next = all.next();
  await next.takeOver();
  assert.equal((await run(next, 'monitor', definition)).rc, 7);
  assert.equal((await run(next, 'stop', definition)).rc, 0);
  assert.ok(!isGone(pid));
});

test('a start waits until each health check has passed, and ends what never becomes healthy', async (context) => {
  const all = fixture(context);
  const { executor, directory } = all;
  const { port } = await httpServer(context);
  const ready = join(directory, 'ready');
  const health: HealthCheck[] = [
    { kind: 'tcp', host: '127.0.0.1', port, ...timing },
    { kind: 'http', url: `http://127.0.0.1:${port}/`, status: [], ...timing },
    { kind: 'command', command: ['test', '-e', ready], ...timing },
  ];
  const definition = execDefinition(['sh', '-c', `echo $$ > ${join(directory, 'pid')}; exec sleep 600`], { health });
  const failing = await run(executor, 'start', definition, { timeoutMs: 1000 });
  assert.equal(failing.status, 'timeout');
  assert.match(failing.exitReason, /not healthy within 1 s: health check command test -e .*: exit code 1$/);
  assert.ok(isGone(await all.pid('pid')));
  assert.equal((await run(executor, 'monitor', definition)).rc, 7);

  const starting = run(executor, 'start', definition);
  rmSync(join(directory, 'pid'));
  await all.pid('pid');
  writeFileSync(ready, '');
  assert.equal((await starting).rc, 0);
});

test('a health check that crosses its threshold is told at once, and again when it is well', async (context) => {
  const all = fixture(context);
  const { executor, changed } = all;
  const { port, status } = await httpServer(context);
  const health: HealthCheck[] = [{ kind: 'http', url: `http://127.0.0.1:${port}/`, status: [200, 204], ...timing }];
  const definition = execDefinition(['sleep', '600'], { health });
  assert.equal((await run(executor, 'start', definition)).rc, 0);
  status.code = 500;
  await until('the failure', () => changed.length === 1);
  const sick = await run(executor, 'monitor', definition);
  assert.equal(sick.rc, 1);
  assert.match(sick.exitReason, /^health check http .* failed \d+ times: status 500$/);
  status.code = 204;
  await until('the recovery', () => changed.length === 2);
  assert.equal((await run(executor, 'monitor', definition)).rc, 0);
});

test('a check that failed is good again only after as many successes in a row as it asks for', async (context) => {
  const all = fixture(context);
  const { executor, changed, directory } = all;
  const [bad, calls] = [join(directory, 'bad'), join(directory, 'calls')];
  const command = ['sh', '-c', `echo >> ${calls}; test ! -e ${bad}`];
  const health: HealthCheck[] = [{ kind: 'command', command, ...timing, failures: 1, successes: 4 }];
  const definition = { ...sleeper(all), exec: { ...sleeper(all).exec, health } };
  assert.equal((await run(executor, 'start', definition)).rc, 0);
  const count = () => readFileSync(calls, 'utf8').length;
  writeFileSync(bad, '');
  await until('the failure', () => changed.length === 1);
  rmSync(bad);
  const before = count();
  await until('two successes', () => count() >= before + 2);
  assert.equal((await run(executor, 'monitor', definition)).rc, 1);
  await until('the recovery', () => changed.length === 2);
  assert.ok(count() >= before + 4);
  assert.equal((await run(executor, 'monitor', definition)).rc, 0);
});

test('a process check sees whether a process of that name is among those of the resource', async (context) => {
  const all = fixture(context);
  const { executor, changed, directory } = all;
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
  context.after(() => stranger.kill('SIGKILL'));
  const health: HealthCheck[] = [{ kind: 'process', process: 'sleep', ...timing, failures: 1 }];
  const worker = `sleep 600 & echo $! > ${join(directory, 'worker')}`;
  const definition = execDefinition(['sh', '-c', `${worker}; while :; do read -r never < /dev/zero; done`], { health });
  assert.equal((await run(executor, 'start', definition)).rc, 0);
  process.kill(await all.pid('worker'), 'SIGKILL');
  await until('the failure', () => changed.length > 0);
  const sick = await run(executor, 'monitor', definition);
  assert.match(sick.exitReason, /^health check process sleep failed \d+ times: none of its processes has this name$/);
});

test('limits are those of the command, which is called as ever', async (context) => {
  const all = fixture(context);
  const limits = {
    'open-files': 77,
    processes: 4321,
    memory: 2 ** 31,
    core: 0,
    'file-size': 2 ** 30,
    stack: 2 ** 22,
    'cpu-time': 3600,
  };
  const definition = execDefinition(['sleep', '600'], { limits });
  assert.equal((await run(all.executor, 'start', definition)).rc, 0);
  const record = all.journal.entries().get('exec/web.a') as { readonly process: { readonly pid: number } };
  const { pid } = record.process;
  await until('its exec', () => readArguments(pid)?.join(' ') === 'sleep 600');
  const text = readFileSync(`/proc/${pid}/limits`, 'latin1');
  const lines = ['open files', 'processes', 'address space', 'core file size', 'file size', 'stack size', 'cpu time'];
  const found = lines.map((line) =>
    new RegExp(`^Max ${line}\\s+(\\d+)\\s+(\\d+)`, 'm').exec(text)?.slice(1).map(Number),
  );
  const values = [77, 4321, 2 ** 31, 0, 2 ** 30, 2 ** 22, 3600];
  assert.deepEqual(
    found,
    values.map((value) => [value, value]),
  );
});

const impossibleLimits = [
  { limits: { 'open-files': 2 ** 30 }, reason: /^open-files: 1073741824 is more than the kernel allows/ },
  { limits: { sockets: 1 }, reason: /^this agent has no limit "sockets"$/ },
] as const;

for (const { limits, reason } of impossibleLimits) {
  test(`a limit that is impossible is the end of the start: ${Object.keys(limits)}`, async (context) => {
    const { executor } = fixture(context);
    const started = await run(executor, 'start', execDefinition(['sleep', '600'], { limits }));
    assert.equal(started.rc, 6);
    assert.match(started.exitReason, reason);
    assert.equal((await run(executor, 'monitor', execDefinition([]))).rc, 7);
  });
}

test('a check command that hangs is killed, and the resource is not', async (context) => {
  const all = fixture(context);
  const { executor, changed } = all;
  const flag = join(all.directory, 'hang');
  const health: HealthCheck[] = [
    {
      kind: 'command',
      command: ['sh', '-c', `test ! -e ${flag} || sleep 600`],
      ...timing,
      timeoutMs: 200,
      failures: 1,
    },
  ];
  const definition = { ...sleeper(all), exec: { ...sleeper(all).exec, health } };
  assert.equal((await run(executor, 'start', definition)).rc, 0);
  writeFileSync(flag, '');
  await until('the failure', () => changed.length > 0);
  assert.match((await run(executor, 'monitor', definition)).exitReason, /did not end within 200 ms/);
  assert.ok(!isGone(await all.pid('pid')));
});

test('a command that ends while it is starting fails the start with its own words', async (context) => {
  const { executor } = fixture(context);
  const health: HealthCheck[] = [{ kind: 'tcp', host: '127.0.0.1', port: 1, ...timing }];
  const started = await run(
    executor,
    'start',
    execDefinition(['sh', '-c', 'echo "no config" >&2; exit 2'], { health }),
  );
  assert.equal(started.rc, 1);
  assert.match(started.exitReason, /^process \d+ ended with exit code 2 while starting$/);
  assert.equal(started.output, 'no config\n');
});

test('a log that grew too large keeps its end, and its writer goes on', () => {
  const path = join(temporaryDirectory(), 'log');
  writeFileSync(path, 'x');
  truncateSync(path, 5 * 1024 * 1024);
  writeFileSync(path, 'the end\n', { flag: 'a' });
  boundLog(path);
  assert.equal(readFileSync(path, 'utf8'), '');
  assert.ok(readFileSync(`${path}.1`, 'utf8').endsWith('the end\n'));
});
