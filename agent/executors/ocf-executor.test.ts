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
  /** An agent of provider `test` with this script, and these parameters and actions in its meta-data. */
  readonly agent: (type: string, text: string, described?: string) => { class: 'ocf'; provider: 'test'; type: string };
}

function fixture(): Fixture {
  const directory = temporaryDirectory();
  const root = join(directory, 'root');
  mkdirSync(join(root, 'resource.d/test'), { recursive: true });
  return {
    directory,
    executor: ocfExecutor({ root, directory: join(directory, 'ocf'), scripts: scriptFixture(directory).scripts }),
    agent: (type, text, described = '') => {
      const metadata = `<resource-agent><version>1.1</version>${described}</resource-agent>`;
      const script = `if [ "$1" = meta-data ]; then echo '${metadata}'; exit 0; fi\n${text}`;
      writeScript(join(root, 'resource.d/test', type), script);
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
  assert.ok(performance.now() - startedAt < 60_000);
  for (const file of files) {
    const pid = pidIn(file);
    assert.ok(pid !== undefined && isGone(pid), `${file} still runs`);
  }
});

test('a timeout tells the last that was said before it, and not what was killed', async () => {
  const { executor, agent } = fixture();
  const table = [
    ['echo connecting; echo no such socket >&2; sleep 600', 'did not end within 0.8 s: no such socket'],
    ['echo connecting; sleep 600', 'did not end within 0.8 s: connecting'],
    ["trap : TERM; echo waiting >&2; sleep 600; echo 'a: line 3: 12 Terminated sleep' >&2; sleep 600", /: waiting$/],
    ['sleep 600', 'did not end within 0.8 s'],
  ] as const;
  for (const [index, [script, reason]] of table.entries()) {
    const done = await run(executor, 'start', agent(`says${index}`, script), { timeoutMs: 800 });
    if (typeof reason === 'string') assert.equal(done.exitReason, reason);
    else assert.match(done.exitReason, reason);
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
  assert.ok(performance.now() - startedAt < 60_000);
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

const parameterList = `<parameters>
  <parameter name="port" required="1" reloadable="1"><content type="integer"/></parameter>
  <parameter name="path" unique="1"><content type="string"/></parameter>
</parameters>`;

for (const name of ['start', 'validate-all']) {
  test(`a ${name} with parameters that the agent cannot use is refused by name, and nothing is run`, async () => {
    const { executor, agent, directory } = fixture();
    const trace = join(directory, 'trace');
    const checked = agent('checked', `echo "$1" >> ${trace}; exit 0`, parameterList);
    const without = await run(executor, name, checked);
    assert.deepEqual([without.rc, without.status], [6, 'done']);
    assert.equal(without.exitReason, 'the required parameter port has no value');
    const wrong = await run(executor, name, { ...checked, parameters: { port: 'http' } });
    assert.deepEqual([wrong.rc, wrong.exitReason], [2, 'the value "http" of port is no integer']);
    for (const other of ['stop', 'monitor']) assert.equal((await run(executor, other, checked)).rc, 0);
    assert.equal(readFileSync(trace, 'utf8'), 'stop\nmonitor\n');
    const right = await run(executor, name, { ...checked, parameters: { port: '80', paht: '/' } });
    assert.equal(right.rc, 0);
    assert.equal(right.output, 'the agent does not know the parameter "paht"; did you mean path?\n');
  });
}

test('an agent whose meta-data are garbage, or hang, is started all the same, and the outcome says so', async () => {
  const { executor, directory } = fixture();
  const path = join(directory, 'root/resource.d/test');
  writeScript(join(path, 'garbage'), 'echo "<resource-agent><longdesc>"; exit 0');
  writeScript(join(path, 'hanging'), '[ "$1" != meta-data ] || sleep 605; exit 0');
  const [garbage, hanging] = await Promise.all(
    ['garbage', 'hanging'].map((type) => run(executor, 'start', { class: 'ocf', provider: 'test', type })),
  );
  assert.deepEqual([garbage?.rc, hanging?.rc], [0, 0]);
  assert.match(
    garbage?.output ?? '',
    /meta-data could not be read \(it is no XML .*\): its parameters were not checked\n$/,
  );
  assert.match(hanging?.output ?? '', /meta-data could not be read \(it did not end within 5 s\)/);
  // What is known of it is not found out again.
  const startedAt = performance.now();
  await run(executor, 'start', { class: 'ocf', provider: 'test', type: 'hanging' });
  assert.ok(performance.now() - startedAt < 4000);
});

const reloads = [
  { name: 'of OCF 1.1', version: '1.1', action: 'reload-agent', argument: 'reload-agent', restart: ['path'] },
  { name: 'of before OCF 1.1', version: '1.0', action: 'reload', argument: 'reload', restart: ['path'] },
  { name: 'that cannot reload', version: '1.1', action: 'start', argument: 'reload-agent', restart: undefined },
] as const;

for (const { name, version, action, argument, restart } of reloads) {
  test(`an agent ${name} is told to reload in its own words, and says what needs a restart`, async () => {
    const { executor, directory } = fixture();
    const trace = join(directory, 'trace');
    const rest = `${parameterList}<actions><action name="${action}" timeout="20s"/></actions>`;
    const metadata = `<resource-agent><version>${version}</version>${rest}</resource-agent>`;
    writeScript(
      join(directory, 'root/resource.d/test/reloading'),
      `if [ "$1" = meta-data ]; then echo '${metadata}'; else echo "$1" >> ${trace}; fi; exit 0`,
    );
    const agent = { class: 'ocf', provider: 'test', type: 'reloading', parameters: { port: '1' } };
    const rules = restart === undefined ? undefined : { restartParameters: [...restart] };
    for (const operation of ['start', 'reload-agent', 'monitor']) {
      assert.deepEqual((await run(executor, operation, agent)).reload, rules, operation);
    }
    assert.equal((await run(executor, 'monitor', agent, { intervalMs: 1000 })).reload, undefined);
    assert.equal((await run(executor, 'stop', agent)).reload, undefined);
    assert.equal(readFileSync(trace, 'utf8'), `start\n${argument}\nmonitor\nmonitor\nstop\n`);
  });
}

const actions = ['promote', 'demote', 'notify', 'reload', 'migrate_to', 'migrate_from', 'validate-all', 'status'];

test('every action reaches the agent as its one argument, and every exit code comes back', async () => {
  const { executor, agent } = fixture();
  const echo = agent('echo', 'echo "$# $1"; exit $OCF_RESKEY_code', '<parameters/>');
  for (const action of actions) {
    assert.equal((await run(executor, action, { ...echo, parameters: { code: '0' } })).output, `1 ${action}\n`);
  }
  for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 77, 189, 190, 191, 192, 255]) {
    const done = await run(executor, 'monitor', { ...echo, parameters: { code: String(code) } });
    assert.deepEqual([done.rc, done.status], [code, 'done']);
  }
});

const odd = [
  { name: 'quotes and line feeds', value: `a'b"c\n\n\t\\ \`id\`` },
  { name: 'what a shell would run', value: '$(touch never); | & > never # *' },
  { name: 'no ASCII', value: 'grün 日本 \u{1F600}' },
  { name: '100 kB', value: 'x'.repeat(100_000) },
] as const;

for (const { name, value } of odd) {
  test(`a parameter with ${name} is data to the agent`, async () => {
    const { executor, agent, directory } = fixture();
    const wanted = join(directory, 'value');
    const echo = agent('echo', `cd ${directory} && printf %s "$OCF_RESKEY_odd" > ${wanted}`);
    assert.equal((await run(executor, 'start', { ...echo, parameters: { odd: value } })).rc, 0);
    assert.equal(readFileSync(wanted, 'utf8'), value);
    assert.ok(!existsSync(join(directory, 'never')));
  });
}

test('parameters that are too long for any program are refused with that reason', async () => {
  const { executor, agent } = fixture();
  const echo = agent('echo', 'exit 0');
  const long = { ...echo, parameters: { odd: 'x'.repeat(200_000) } };
  const [started, stopped] = [await run(executor, 'start', long), await run(executor, 'stop', long)];
  assert.deepEqual(
    [started.rc, started.exitReason],
    [2, 'the value of odd is longer than the kernel lets any program have it'],
  );
  assert.equal(stopped.rc, 0);
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`odd${at}`, 'x'.repeat(100_000)]));
  const refused = await run(executor, 'start', { ...echo, parameters: many });
  assert.deepEqual([refused.rc, refused.status], [2, 'error']);
  assert.match(refused.exitReason, /parameters are longer than the kernel lets any program have them \(E2BIG\)/);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
