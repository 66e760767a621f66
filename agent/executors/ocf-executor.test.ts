import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ocf } from '../core/operation.js';
import { run, scriptFixture, temporaryDirectory, until, writeScript } from './executor-fixture.js';
import { ocfExecutor } from './ocf-executor.js';
import { isAlive, readProcess } from './process-table.js';
import { type ResourceExecutor, runToken, runVariable } from './resource-executor.js';

const debianRoot = '/usr/lib/ocf';
const instance = 'shop.web.local.1-1';

interface Fixture {
  readonly directory: string;
  readonly executor: ResourceExecutor;
  /** An agent of provider `test` with this script. */
  readonly agent: (type: string, text: string) => { class: 'ocf'; provider: 'test'; type: string };
}

function fixture(): Fixture {
  const directory = temporaryDirectory();
  const root = join(directory, 'root');
  mkdirSync(join(root, 'resource.d/test'), { recursive: true });
  return {
    directory,
    executor: ocfExecutor({ root, directory: join(directory, 'ocf'), scripts: scriptFixture(directory).scripts }),
    agent: (type, text) => {
      writeScript(join(root, 'resource.d/test', type), text);
      return { class: 'ocf', provider: 'test', type };
    },
  };
}

function isGone(pid: number): boolean {
  return !isAlive(readProcess(pid));
}

function pidIn(path: string): number | undefined {
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) || undefined : undefined;
}

for (const provider of ['heartbeat', 'pacemaker']) {
  test(`the real ocf:${provider}:Dummy starts, runs and stops, and does not see that of another instance`, async () => {
    const directory = temporaryDirectory();
    const [one, other] = ['one', 'other'].map((name) =>
      ocfExecutor({ root: debianRoot, directory: join(directory, name), scripts: scriptFixture(directory).scripts }),
    );
    assert.ok(one && other);
    const dummy = { class: 'ocf', provider, type: 'Dummy' };
    const rcs: number[] = [];
    for (const name of ['monitor', 'start', 'monitor', 'stop', 'monitor']) {
      rcs.push((await run(one, name, dummy)).rc);
      if (name === 'start') assert.equal((await run(other, 'monitor', dummy)).rc, Ocf.notRunning);
    }
    assert.deepEqual(rcs, [7, 0, 0, 0, 7]);
  });
}

test('the real ocf:heartbeat:redis starts, is killed, is found stopped, and starts again', async (context) => {
  const directory = temporaryDirectory();
  const port = String(await freePort());
  const config = join(directory, 'redis.conf');
  writeFileSync(config, `port ${port}\nbind 127.0.0.1\nsave ""\ndaemonize yes\n`);
  const rundir = join(directory, 'run');
  mkdirSync(rundir);
  const parameters = { config, rundir, port, user: 'root', pidfile_name: 'redis.pid', socket_name: 'redis.sock' };
  const redis = { class: 'ocf', provider: 'heartbeat', type: 'redis', parameters };
  const executor = ocfExecutor({
    root: debianRoot,
    directory: join(directory, 'ocf'),
    scripts: scriptFixture(directory).scripts,
  });
  context.after(() => run(executor, 'stop', redis));
  const started = await run(executor, 'start', redis);
  assert.equal(started.rc, 0, JSON.stringify(started));
  assert.ok([0, 8].includes((await run(executor, 'monitor', redis)).rc));
  const pid = pidIn(join(rundir, 'redis.pid'));
  assert.ok(pid);
  process.kill(pid, 'SIGKILL');
  await until('its death', () => isGone(pid));
  assert.equal((await run(executor, 'monitor', redis)).rc, 7);
  assert.equal((await run(executor, 'start', redis)).rc, 0);
  assert.equal((await run(executor, 'stop', redis)).rc, 0);
  assert.equal((await run(executor, 'monitor', redis)).rc, 7);
});

test('the real ocf:heartbeat:nginx starts, is monitored and stops', async (context) => {
  const directory = temporaryDirectory();
  const port = await freePort();
  const configfile = join(directory, 'nginx.conf');
  const files = `pid ${directory}/nginx.pid; error_log ${directory}/error.log;`;
  const server = `server { listen 127.0.0.1:${port}; location / { return 200 "ok"; } }`;
  writeFileSync(configfile, `${files} events {} http { access_log off; ${server} }\n`);
  const parameters = { configfile, httpd: '/usr/sbin/nginx', port: String(port) };
  const nginx = { class: 'ocf', provider: 'heartbeat', type: 'nginx', parameters };
  const executor = ocfExecutor({
    root: debianRoot,
    directory: join(directory, 'ocf'),
    scripts: scriptFixture(directory).scripts,
  });
  context.after(() => run(executor, 'stop', nginx));
  const started = await run(executor, 'start', nginx);
  assert.equal(started.rc, 0, JSON.stringify(started));
  assert.equal((await run(executor, 'monitor', nginx, { intervalMs: 10_000 })).rc, 0);
  assert.equal((await run(executor, 'stop', nginx)).rc, 0);
  assert.equal((await run(executor, 'monitor', nginx)).rc, 7);
});

test('an agent gets the environment of OCF 1.1, its parameters as data, and nothing of ours', async (context) => {
  const { executor, agent, directory } = fixture();
  process.env.CPE_SECRET = 'secret';
  context.after(() => {
    delete process.env.CPE_SECRET;
  });
  const wanted = join(directory, 'environment');
  const dump = agent('dump', `env -0 > ${wanted}`);
  const text = 'a "b"\n$(touch /tmp/never) `id`; \\ ü';
  const done = await run(
    executor,
    'monitor',
    {
      ...dump,
      parameters: { text, OCF_CHECK_LEVEL: '10' },
      meta: { timeout: '5000', 'CRM_meta_on-node': 'web' },
    },
    { intervalMs: 7000, timeoutMs: 5000 },
  );
  assert.equal(done.rc, 0);
  const found = Object.fromEntries(
    readFileSync(wanted, 'utf8')
      .split('\0')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const expected = {
    OCF_ROOT: join(directory, 'root'),
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '1',
    OCF_RESOURCE_INSTANCE: 'web.a',
    OCF_RESOURCE_PROVIDER: 'test',
    OCF_RESOURCE_TYPE: 'dump',
    OCF_CHECK_LEVEL: '10',
    OCF_RESKEY_text: text,
    OCF_RESKEY_CRM_meta_interval: '7000',
    OCF_RESKEY_CRM_meta_timeout: '5000',
    OCF_RESKEY_CRM_meta_on_node: 'web',
    HA_RSCTMP: join(directory, 'ocf/rsctmp'),
    HA_VARRUN: join(directory, 'ocf/run'),
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(found[name], value, name);
  assert.equal(found.CPE_SECRET, undefined);
});

const outcomes = [
  {
    name: 'an exit code with its reason',
    script: 'echo x; echo "ocf-exit-reason:first" >&2; echo "ocf-exit-reason:the disk is gone" >&2; exit 1',
    rc: 1,
    status: 'done',
    reason: 'the disk is gone',
  },
  {
    name: 'an error without a reason is explained by its last words',
    script: 'echo "cannot open" >&2; exit 6',
    rc: 6,
    status: 'done',
    reason: 'cannot open',
  },
  {
    name: 'a resource that is stopped needs no reason',
    script: 'echo noise >&2; exit 7',
    rc: 7,
    status: 'done',
    reason: '',
  },
  { name: 'degraded is passed on', script: 'exit 190', rc: 190, status: 'done', reason: '' },
  { name: 'an agent that is killed', script: 'kill -9 $$', rc: 1, status: 'error', reason: 'ended by SIGKILL' },
] as const;

for (const { name, script, rc, status, reason } of outcomes) {
  test(`outcome: ${name}`, async () => {
    const { executor, agent } = fixture();
    const done = await run(executor, 'monitor', agent('one', script));
    assert.deepEqual([done.rc, done.status, done.exitReason], [rc, status, reason]);
  });
}

test('an agent that is not there is rc 5 with its path; its stop is good, since nothing of it can run', async () => {
  const { executor, directory } = fixture();
  const absent = { class: 'ocf', provider: 'test', type: 'absent' };
  const started = await run(executor, 'start', absent);
  assert.deepEqual([started.rc, started.status], [5, 'not-installed']);
  assert.equal(started.exitReason, `${join(directory, 'root/resource.d/test/absent')}: there is no such file`);
  assert.equal((await run(executor, 'stop', absent)).rc, 0);
  for (const type of ['../../../bin/sh', '', '.hidden', 'a/b']) {
    assert.equal((await run(executor, 'start', { ...absent, type })).rc, 5, type);
  }
});

test('a value that no environment can hold is refused before anything runs', async () => {
  const { executor, agent } = fixture();
  const done = await run(executor, 'start', { ...agent('one', 'exit 0'), parameters: { a: 'x\0y' } });
  assert.deepEqual([done.rc, done.exitReason], [2, 'the value of a contains a NUL character']);
});

test('a timeout ends the whole family: what ignores SIGTERM, left the session, or lost its parent', async () => {
  const { executor, agent, directory } = fixture();
  const files = ['child', 'session', 'orphan'].map((name) => join(directory, name));
  const stubborn = agent(
    'stubborn',
    `trap '' TERM
     sleep 601 & echo $! > ${files[0]}
     setsid sleep 602 & echo $! > ${files[1]}
     (setsid sh -c 'trap "" TERM; echo $$ > ${files[2]}; while :; do sleep 603; done' &)
     while :; do sleep 1; done`,
  );
  const startedAt = performance.now();
  const done = await run(executor, 'start', stubborn, { timeoutMs: 1500 });
  assert.deepEqual([done.rc, done.status, done.exitReason], [1, 'timeout', 'did not end within 1.5 s']);
  assert.ok(performance.now() - startedAt < 8000);
  for (const file of files) {
    const pid = pidIn(file);
    assert.ok(pid !== undefined && isGone(pid), `${file} still runs`);
  }
});

test('output is kept to a bound, and one that never ends does no harm', async () => {
  const { executor, agent } = fixture();
  const loud = await run(executor, 'monitor', agent('loud', 'yes line | head -c 3000000; echo last; exit 1'));
  assert.ok(loud.output.length <= 4096);
  assert.ok(loud.output.endsWith('line\nlast\n'));
  const endless = await run(executor, 'monitor', agent('endless', 'yes'), { timeoutMs: 500 });
  assert.equal(endless.status, 'timeout');
});

test('a daemon that holds the pipes of its agent does not delay the result, and goes on', async (context) => {
  const { executor, agent, directory } = fixture();
  const file = join(directory, 'daemon');
  const starter = agent('starter', `setsid sleep 604 & echo $! > ${file}; echo started`);
  const startedAt = performance.now();
  const done = await run(executor, 'start', starter);
  const pid = pidIn(file);
  assert.ok(pid);
  context.after(() => process.kill(pid, 'SIGKILL'));
  assert.ok(performance.now() - startedAt < 5000);
  assert.deepEqual([done.rc, done.output], [0, 'started\n']);
  assert.ok(!isGone(pid));
});

test('an interrupted operation is repeated when what is left of it has ended', async () => {
  const { executor, agent, directory } = fixture();
  const log = join(directory, 'log');
  const slow = agent('slow', `echo begin >> ${log}; sleep 0.4; echo end >> ${log}`);
  const id = 'interrupted.1';
  const { spawn } = await import('node:child_process');
  const path = join(directory, 'root/resource.d/test/slow');
  spawn(path, ['start'], { detached: true, env: { [runVariable]: runToken(instance, id) }, stdio: 'ignore' });
  await until('its beginning', () => existsSync(log));
  const done = await run(executor, 'start', slow, { interruptedRun: id });
  assert.equal(done.rc, 0);
  assert.equal(readFileSync(log, 'utf8'), 'begin\nend\nbegin\nend\n');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
