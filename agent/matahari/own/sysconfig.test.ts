import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryDirectory, until } from '../../executors/executor-fixture.js';
import { runVariable } from '../../executors/resource-executor.js';
import { machineWith, ownSetting, problemOf, valueFrom } from './own-fixture.js';

test('a script is run once per key, and its result is kept over a restart', async () => {
  const { matahari, again, directory } = ownSetting();
  const count = join(directory, 'count');
  const script = `echo run >> ${count}; echo configured`;
  assert.equal((await problemOf(matahari.sysconfig.isConfigured('base.1'))).code, 'not-found');
  assert.equal(await valueFrom(matahari.sysconfig.runString(script, 0, 'Script', 'base.1')), 'OK\nconfigured');
  const { sysconfig } = again();
  assert.equal(await valueFrom(sysconfig.isConfigured('base.1')), 'OK\nconfigured');
  assert.equal(await valueFrom(sysconfig.runString('exit 1', 0, 'script', 'base.1')), 'OK\nconfigured');
  assert.equal(readFileSync(count, 'utf8'), 'run\n');
  assert.equal(await valueFrom(sysconfig.runString(script, 1, 'script', 'base.1')), 'OK\nconfigured');
  assert.equal(readFileSync(count, 'utf8'), 'run\nrun\n');
  assert.deepEqual(readdirSync(join(directory, 'state/sysconfig/runs')), []);
});

const scripts = [
  { name: 'fails with its code', text: 'echo no >&2; exit 3', status: 'FAILED\n3\nno' },
  { name: 'says nothing', text: 'true', status: 'OK' },
  { name: 'is empty', text: '', status: 'OK' },
  { name: 'names its interpreter', text: '#!/bin/bash\necho "$BASH_VERSION" | wc -l', status: 'OK\n1' },
  { name: 'has an interpreter that is not there', text: '#!/no/such\n', status: /^FAILED\n127\n/ },
  { name: 'kills itself', text: 'kill -KILL $$', status: 'FAILED\n194\nended by SIGKILL' },
  { name: 'has no part of the agent in its environment', text: 'env | grep -c CPE_TEST', status: 'FAILED\n1\n0' },
];
for (const { name, text, status } of scripts) {
  test(`a script that ${name}`, async () => {
    process.env.CPE_TEST_SECRET = 'x';
    const { sysconfig } = ownSetting().matahari;
    const answer = await valueFrom(sysconfig.runString(text, 0, 'script', 'key'));
    if (typeof status === 'string') assert.equal(answer, status);
    else assert.match(answer, status);
    assert.equal(await valueFrom(sysconfig.isConfigured('key')), answer);
  });
}

test('keys are never paths', async () => {
  const { sysconfig } = ownSetting().matahari;
  for (const key of ['', '.', '..', '.hidden', '../up', 'a/b', "it's $$$", 'a\nb', 'a~b', 'x'.repeat(129)]) {
    for (const answer of [
      sysconfig.runString('true', 0, 'script', key),
      sysconfig.runUri('file:///dev/null', 0, 'script', key),
      sysconfig.isConfigured(key),
    ]) {
      const problem = await problemOf(answer);
      assert.deepEqual([problem.code, problem.argument], ['invalid-argument', 'key'], key);
    }
  }
  for (const key of ['a', '-', '_', 'A.b-c_9', '0'])
    assert.equal((await problemOf(sysconfig.isConfigured(key))).code, 'not-found');
});

test('arguments that are wrong are named', async () => {
  const { sysconfig } = ownSetting().matahari;
  const cases = [
    [sysconfig.runString('x', 0, 'schema', 'k'), 'scheme'],
    [sysconfig.runString('x', 2, 'script', 'k'), 'flags'],
    [sysconfig.runString('x'.repeat(4 * 1024 * 1024 + 1), 0, 'script', 'k'), 'text'],
    [sysconfig.runUri('ftp://host/x', 0, 'script', 'k'), 'uri'],
    [sysconfig.runUri('/etc/passwd', 0, 'script', 'k'), 'uri'],
    [sysconfig.runUri('puppet://server', 0, 'script', 'k'), 'uri'],
    [sysconfig.runUri('file://elsewhere/x', 0, 'script', 'k'), 'uri'],
    [sysconfig.query('/files', 0, 'puppet'), 'scheme'],
    [sysconfig.query('a\nrm /files', 0, 'augeas'), 'text'],
    [sysconfig.query('', 0, 'augeas'), 'text'],
    [sysconfig.setPostbootConfigured(-1), 'is_postboot_configured'],
  ] as const;
  for (const [answer, argument] of cases) {
    const problem = await problemOf(answer);
    assert.deepEqual([problem.code, problem.argument], ['invalid-argument', argument]);
  }
  assert.equal((await problemOf(sysconfig.isConfigured('k'))).code, 'not-found');
});

test('is_postboot_configured is what was set last, over a restart', async () => {
  const { matahari, again } = ownSetting();
  assert.equal((await valueFrom(matahari.sysconfig.get())).isPostbootConfigured, 0);
  await Promise.all([1, 2, 7].map((value) => valueFrom(matahari.sysconfig.setPostbootConfigured(value))));
  assert.equal((await valueFrom(again().sysconfig.get())).isPostbootConfigured, 7);
});

test('two runs of one key at the same time are one; a forced one is told that it is not now', async () => {
  const { matahari, directory } = ownSetting();
  const { sysconfig } = matahari;
  const gate = join(directory, 'gate');
  const script = `echo run >> ${gate}.runs; until test -e ${gate}; do sleep 0.05; done; echo through`;
  const first = sysconfig.runString(script, 0, 'script', 'one');
  await until('the script runs', () => existsSync(`${gate}.runs`));
  assert.equal((await problemOf(sysconfig.isConfigured('one'))).code, 'not-found');
  const second = sysconfig.runString(script, 0, 'script', 'one');
  assert.equal((await problemOf(sysconfig.runString(script, 1, 'script', 'one'))).code, 'unavailable');
  assert.equal(await valueFrom(sysconfig.runString('echo other', 0, 'script', 'two')), 'OK\nother');
  writeFileSync(gate, '');
  assert.deepEqual([await valueFrom(first), await valueFrom(second)], ['OK\nthrough', 'OK\nthrough']);
  assert.equal(readFileSync(`${gate}.runs`, 'utf8'), 'run\n');
});

test('a run that an earlier agent began is repeated when it has ended, and has no result until then', async () => {
  const { matahari, directory } = ownSetting();
  const keys = join(directory, 'state/sysconfig/keys');
  const file = join(directory, 'state/sysconfig/runs/key');
  const log = join(directory, 'log');
  mkdirSync(keys, { recursive: true });
  mkdirSync(join(directory, 'state/sysconfig/runs'));
  writeFileSync(file, `echo begin >> ${log}; until test -e ${log}.go; do sleep 0.05; done; echo end >> ${log}\n`);
  const leftover = { path: '/bin/sh', argv: [file], token: `left ${process.pid}` };
  writeFileSync(join(keys, 'key~result'), JSON.stringify({ kind: 'started', run: leftover }));
  const child = spawn('/bin/sh', [file], {
    detached: true,
    env: { PATH: process.env.PATH, [runVariable]: leftover.token },
  });
  await until('what was left runs', () => existsSync(log));
  assert.equal((await problemOf(matahari.sysconfig.isConfigured('key'))).code, 'not-found');
  const repeated = matahari.sysconfig.runString(`echo again >> ${log}`, 0, 'script', 'key');
  writeFileSync(`${log}.go`, '');
  assert.equal(await valueFrom(repeated), 'OK');
  assert.equal(readFileSync(log, 'utf8'), 'begin\nend\nagain\n');
  await until('the child has ended', () => child.exitCode !== null);
});

test('a record that cannot be read counts as none', async () => {
  const { matahari, directory } = ownSetting();
  const keys = join(directory, 'state/sysconfig/keys');
  mkdirSync(keys, { recursive: true });
  for (const [index, text] of [
    '',
    'null',
    '{"kind":"finished"}',
    '{"kind":"started","run":{"path":1}}',
    '[]',
  ].entries()) {
    writeFileSync(join(keys, `k${index}~result`), text);
    assert.equal((await problemOf(matahari.sysconfig.isConfigured(`k${index}`))).code, 'not-found', text);
    assert.equal(await valueFrom(matahari.sysconfig.runString('true', 0, 'script', `k${index}`)), 'OK', text);
  }
});

test('a configuration is fetched from a file', async () => {
  const { matahari } = ownSetting();
  const { sysconfig } = matahari;
  const directory = temporaryDirectory();
  const path = join(directory, 'a b.sh');
  writeFileSync(path, 'echo from a file');
  const uri = pathToFileURL(path).href;
  assert.equal(await valueFrom(sysconfig.runUri(uri, 0, 'script', 'a')), 'OK\nfrom a file');
  assert.equal(
    await valueFrom(sysconfig.runUri(uri.replace('file://', 'file://localhost'), 0, 'script', 'b')),
    'OK\nfrom a file',
  );
  const missing = await problemOf(sysconfig.runUri(`${uri}.bad`, 0, 'script', 'c'));
  assert.deepEqual([missing.code, missing.argument], ['failed', 'uri']);
  for (const special of ['/dev/zero', '/', '/dev/null']) {
    assert.equal((await problemOf(sysconfig.runUri(`file://${special}`, 0, 'script', 'c'))).code, 'failed', special);
  }
  writeFileSync(path, Buffer.alloc(4 * 1024 * 1024 + 1));
  assert.match((await problemOf(sysconfig.runUri(uri, 0, 'script', 'c'))).message, /larger than 4 MiB/);
  assert.equal((await problemOf(sysconfig.isConfigured('c'))).code, 'not-found');
});

test('a configuration is fetched over http', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/script') response.end('echo from afar');
    else if (request.url === '/elsewhere') response.writeHead(302, { location: '/script' }).end();
    else if (request.url === '/endless') {
      const more = () => response.write(Buffer.alloc(256 * 1024), () => setImmediate(more));
      more();
    } else response.writeHead(request.url === '/broken' ? 500 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { sysconfig } = ownSetting().matahari;
  const run = (path: string, key: string) => sysconfig.runUri(`http://127.0.0.1:${port}${path}`, 0, 'script', key);
  try {
    assert.equal(await valueFrom(run('/script', 'a')), 'OK\nfrom afar');
    assert.equal(await valueFrom(run('/elsewhere', 'b')), 'OK\nfrom afar');
    assert.deepEqual((await problemOf(run('/script_bad', 'c'))).code, 'failed');
    assert.deepEqual((await problemOf(run('/broken', 'c'))).code, 'failed');
    assert.match((await problemOf(run('/endless', 'c'))).message, /larger than/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  const refused = await problemOf(run('/script', 'c'));
  assert.deepEqual([refused.code, refused.argument], ['failed', 'uri']);
  assert.equal((await problemOf(sysconfig.isConfigured('c'))).code, 'not-found');
});

test('schemes whose program is missing are not installed, and leave no result', async () => {
  const { sysconfig } = ownSetting({ machineRoot: machineWith({}) }).matahari;
  for (const scheme of ['puppet', 'augeas']) {
    assert.equal((await problemOf(sysconfig.runString('x', 0, scheme, 'k'))).code, 'not-installed');
    assert.equal((await problemOf(sysconfig.runUri('file:///etc/hostname', 0, scheme, 'k'))).code, 'not-installed');
  }
  assert.equal((await problemOf(sysconfig.runUri('puppet://server', 0, 'puppet', 'k'))).code, 'not-installed');
  assert.equal((await problemOf(sysconfig.query('/files', 0, 'augeas'))).code, 'not-installed');
  assert.equal((await problemOf(sysconfig.isConfigured('k'))).code, 'not-found');
});

/** Says what it was called with; a manifest decides the exit code. */
const puppet = `#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
test "$1" = agent || exit "$(cat "$3")"
`;

test('puppet: applied is OK, also with changes; failed resources are a failure', async () => {
  const root = machineWith({ '/usr/bin/puppet': puppet });
  const { sysconfig } = ownSetting({ machineRoot: root }).matahari;
  const statuses = new Map([
    ['0', 'OK'],
    ['2', 'OK'],
    ['1', 'FAILED\n1'],
    ['6', 'FAILED\n6'],
  ]);
  for (const [code, status] of statuses) {
    assert.equal(await valueFrom(sysconfig.runString(code, 1, 'puppet', 'k')), status, code);
  }
  assert.equal(await valueFrom(sysconfig.runUri('puppet://master.example.org', 1, 'puppet', 'k')), 'OK');
  assert.match(readFileSync(join(root, 'usr/bin/calls'), 'utf8'), /^agent --server master\.example\.org --test$/m);
  assert.equal((await problemOf(sysconfig.runUri('puppet://a/b', 1, 'puppet', 'k'))).argument, 'uri');
});

/** The few answers of augtool(1) that matter, as version 1.14 gives them. */
const augtool = `#!/bin/sh
if test "$1" = get; then
  case "$2" in
    /files/etc/hosts/1/ipaddr) echo "$2 = 127.0.0.1" ;;
    /files/etc/hosts/1) echo "$2 (none)" ;;
    /files/*) echo "$2 (o)" ;;
    *) echo 'error: Failed to execute command' >&2 ;;
  esac
  exit 0
fi
while read -r command path; do
  test "$command" = get || { echo "Unknown command '$command'" >&2; exit 1; }
  echo "$path = 127.0.0.1"
done < "$3"
`;

test('augeas: commands give their output, a query the value of a node', async () => {
  const { sysconfig } = ownSetting({ machineRoot: machineWith({ '/usr/bin/augtool': augtool }) }).matahari;
  const path = '/files/etc/hosts/1/ipaddr';
  assert.equal(await valueFrom(sysconfig.runString(`get ${path}\n`, 0, 'augeas', 'a')), `OK\n${path} = 127.0.0.1`);
  assert.match(await valueFrom(sysconfig.runString('bad augeas query\n', 0, 'augeas', 'b')), /^FAILED\n1\n/);
  assert.equal(await valueFrom(sysconfig.query(path, 0, 'augeas')), '127.0.0.1');
  for (const bad of ['/files/etc/hosts/1', '/files/none', 'bad augeas query']) {
    assert.equal((await problemOf(sysconfig.query(bad, 0, 'augeas'))).code, 'not-found', bad);
  }
});

test('SIGKILL of the agent during a run loses no result silently: the key has none, and the run is repeated', async () => {
  const { matahari, directory } = ownSetting();
  const log = join(directory, 'log');
  const script = `echo begin >> ${log}; until test -e ${log}.go; do sleep 0.05; done; echo end >> ${log}`;
  const agent = spawn(
    process.execPath,
    ['--input-type=module', '--eval', agentThatRuns(join(directory, 'state'), script)],
    { stdio: 'inherit' },
  );
  await until('the script runs', () => existsSync(log));
  agent.kill('SIGKILL');
  await until('the agent has ended', () => agent.signalCode !== null);
  assert.equal((await problemOf(matahari.sysconfig.isConfigured('key'))).code, 'not-found');
  const repeated = matahari.sysconfig.runString(script, 0, 'script', 'key');
  writeFileSync(`${log}.go`, '');
  assert.equal(await valueFrom(repeated), 'OK');
  assert.equal(readFileSync(log, 'utf8'), 'begin\nend\nbegin\nend\n');
  assert.equal(await valueFrom(matahari.sysconfig.runString(script, 0, 'script', 'key')), 'OK');
  assert.equal(readFileSync(log, 'utf8'), 'begin\nend\nbegin\nend\n');
});

/** An agent that has nothing but this one call. */
function agentThatRuns(stateDirectory: string, script: string): string {
  const module = pathToFileURL(join(import.meta.dirname, 'own-matahari.js')).href;
  return `const { ownMatahari } = await import('${module}');
    const never = () => { throw new Error('not asked for'); };
    const { sysconfig } = ownMatahari({ stateDirectory: ${JSON.stringify(stateDirectory)}, ocfRoot: '/nowhere',
      initScripts: '/nowhere', executor: { run: never }, systemd: never, isManaged: never, failManaged: never,
      clock: { now: never }, log: never });
    await sysconfig.runString(${JSON.stringify(script)}, 0, 'script', 'key');`;
}
