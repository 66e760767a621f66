import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { agentCalls } from '../../proto/agent-calls.js';
import { runProgram } from './program.js';
import { recordingTerminal } from './recording-terminal.js';

const directory = mkdtempSync(join(tmpdir(), 'cpectl-program-'));
after(() => rmSync(directory, { recursive: true, force: true }));

async function run(...args: string[]) {
  const terminal = recordingTerminal();
  await runProgram({ terminal, version: '1.2.3', args: ['--home', directory, ...args] });
  return terminal.printed;
}

const wrongCalls: readonly [string, readonly string[], RegExp][] = [
  [
    'an unknown command is named, with what was meant',
    ['deployable', 'strat'],
    /unknown command 'strat'[\s\S]*Did you mean start\?/,
  ],
  ['an unknown option is named', ['info', '--jsn'], /unknown option '--jsn'[\s\S]*--json/],
  ['a name that can be none is refused', ['deployable', 'start', 'a.*'], /'a\.\*' is invalid[\s\S]*Allowed: a letter/],
  ['a missing name is named', ['deployable', 'stop'], /missing required argument 'name'/],
  ['a missing document is named', ['deployable', 'create'], /required option '-f, --file <file>'/],
  ['one argument too many is refused', ['deployable', 'list', 'shop'], /too many arguments/],
  ['a timeout has a unit', ['--timeout', '5', 'info'], /--timeout[\s\S]*Allowed: a number with its unit/],
  ['a timeout is above 0', ['--timeout', '0s', 'info'], /Allowed/],
  ['a timeout is no longer than a timer can be', ['--timeout', '25d', 'info'], /at most 24d/],
  ['a sequence number is whole', ['events', '--since', '1.5'], /Allowed: a whole number from 0 on/],
  ['a limit is above 0', ['events', '--limit', '0'], /Allowed: a whole number from 1 on/],
  ['a group needs a command', ['deployable'], /Usage: cpectl deployable/],
  ['validate needs a document', ['deployable', 'validate'], /give one document/],
  ['a resource has a dot', ['resource', 'stop', 'redis'], /ASSEMBLY\.RESOURCE/],
  ['two deployables are one too many', ['resource', 'stop', 'a/b.c', '--deployable', 'd'], /two deployables are named/],
  ['a slash is one', ['resource', 'stop', 'a/b/c.d'], /too many slashes/],
  ['three words are too many', ['resource', 'stop', 'shop', 'db.redis', 'left'], /one word too many: left/],
  ['a move needs a node', ['resource', 'move', 'web.vm'], /a move needs a node; say where to/],
  ['one node is enough', ['resource', 'move', 'web.vm', 'a', '--node', 'b'], /two nodes are named/],
  ['a lifetime has a unit', ['resource', 'ban', 'web.vm', '--lifetime', '5'], /Allowed: 30s/],
  ['cleanup needs something', ['resource', 'cleanup'], /name a deployable or a resource/],
  ['an assembly has no dot', ['assembly', 'standby', 'shop', 'a.b.c'], /no name of an assembly or resource/],
  ['maintenance is on or off', ['deployable', 'maintenance', 'shop', 'maybe'], /with on or off/],
  ['plan needs a document', ['deployable', 'plan', 'shop'], /required option '-f, --file <file>'/],
  ['a revision is above 0', ['deployable', 'rollback', 'shop', '--to', '0'], /whole number from 1 on/],
  ['a fencer is given or removed', ['host', 'fencer', 'left'], /--command, or take it away with --remove/],
  ['a fencer is not both', ['host', 'fencer', 'left', '--command', 'x', '--remove'], /--command, or take it away/],
  ['a quote is closed', ['host', 'fencer', 'left', '--command', "sh -c 'x"], /not closed/],
  ['a parameter has a value', ['host', 'fencer', 'left', '--parameter', 'x'], /Allowed: KEY=VALUE/],
  [
    'an orphan has one fate',
    ['host', 'orphans', 'left', '--adopt', 'a', '--destroy', 'a'],
    /adopted or destroyed, not both/,
  ],
  ['a console is bounded', ['assembly', 'console', 'web', '--bytes', '0'], /Allowed: 1 to 196608/],
  ['a death has evidence', ['host', 'confirm-dead', 'left', '--force'], /the evidence is missing; as in:/],
  ['a death is confirmed', ['host', 'confirm-dead', 'left', '--evidence', 'x'], /say that you mean it with --force/],
  ['something is simulated', ['simulate'], /say what is to happen to what; as in:/],
  ['something fails or returns', ['simulate', 'host', 'left', 'explodes'], /explodes is neither fails nor returns/],
  ['a kind is known', ['simulate', 'shop', 'vm', 'db', 'fails'], /one word too many: db; as in:/],
  ['a host has no dot', ['simulate', 'host', 'a.b', 'fails'], /a\.b is no name of a host/],
  ['one format is drawn', ['transitions', 'graph', 'shop', '--dot', '--svg'], /--dot or --svg, not both/],
  ['a transition has a number', ['transitions', 'show', 'shop', 'last'], /whole number from 1 on/],
  ['a method takes its words', ['agent', 'services', 'start', 'web'], /missing: NAME; give them as: \[deployable\]/],
  ['a method takes no more words', ['agent', 'host', 'get', 'shop', 'web', 'x'], /one word too many: x/],
  [
    'an interval of heartbeats is whole',
    ['agent', 'host', 'set-update-interval', 'web', '1.5'],
    /no number of seconds/,
  ],
  [
    'a resource agent has a standard',
    ['agent', 'resources', 'describe', 'web', 'nginx'],
    /nginx names no resource agent/,
  ],
  [
    'a parameter has a name',
    ['agent', 'resources', 'invoke', 'web', 'x', 'lsb:x', 'start', '--param', '=v'],
    /NAME=VALUE/,
  ],
  [
    'an interval has a unit',
    ['agent', 'resources', 'cancel', 'web', 'x', 'monitor', '--interval', '5'],
    /Allowed: 0, 500ms/,
  ],
  ['a configuration has a scheme', ['agent', 'sysconfig', 'run-string', 'web', 'x', '--key', 'k'], /scheme is missing/],
  [
    'a text is given once',
    ['agent', 'sysconfig', 'run-string', 'a', 'b', 'c', '-f', '/dev/null'],
    /one word too many: c/,
  ],
  ['a configuration has a key', ['agent', 'sysconfig', 'run-uri', 'web', 'u', '--scheme', 'script'], /key is missing/],
  ['an image is named', ['image', 'inspect'], /missing required argument 'name'/],
  ['a verb of images is known', ['image', 'bkae', 'x'], /unknown command 'bkae'[\s\S]*Did you mean bake\?/],
  ['a clone has a name of its own', ['image', 'clone', 'a', 'B/c'], /'B\/c' is invalid[\s\S]*Allowed: a small letter/],
  [
    'a file goes somewhere',
    ['image', 'clone', 'a', 'b', '--file', 'motd'],
    /Allowed: PATH=FILE; the path: an absolute/,
  ],
  ['a file is there', ['image', 'clone', 'a', 'b', '--file', '/etc/motd=/none'], /\/none is no file/],
  ['help knows its commands', ['help', 'deployable', 'strat'], /no command 'deployable strat'/],
];

for (const [name, args, expected] of wrongCalls) {
  test(`a wrong call ends with 2: ${name}`, async () => {
    const { err, out, exitCode } = await run(...args);
    assert.match(err, expected);
    assert.equal(out, '');
    assert.equal(exitCode, 2);
  });
}

test('the version is that of the package', async () => {
  const { out, exitCode } = await run('--version');
  assert.deepEqual([out, exitCode], ['1.2.3\n', 0]);
});

test('help of a command shows the options that every command takes', async () => {
  const { out, exitCode } = await run('help', 'deployable', 'start');
  assert.match(out, /^Usage: cpectl deployable start/);
  for (const option of ['--no-wait', '--home', '--json', '--timeout']) assert.ok(out.includes(option), option);
  assert.equal(exitCode, 0);
});

test('options for every command are taken before and after it', async () => {
  for (const args of [
    ['--json', 'deployable', 'validate', '/none'],
    ['deployable', '--json', 'validate', '/none'],
    ['deployable', 'validate', '/none', '--json', '--timeout', '5s'],
  ]) {
    const { exitCode, err } = await run(...args);
    assert.equal(exitCode, 1);
    assert.match(err, /\/none: there is no such file/);
  }
});

const offline: readonly (readonly string[])[] = [
  ['deployable', 'list'],
  ['deployable', 'status', 'shop'],
  ['deployable', 'start', 'shop'],
  ['deployable', 'stop', 'shop', '--force', '--no-wait'],
  ['deployable', 'delete', 'shop'],
  ['events', '-f', '--since', '5'],
  ['failures'],
  ['cib', 'shop'],
  ['transitions', 'list', 'shop'],
  ['transitions', 'shop'],
  ['transitions', 'show', 'shop', '3', '--cib'],
  ['transitions', 'graph', 'shop', '--svg'],
  ['transitions', 'replay', 'shop'],
  ['explain', 'shop', 'db.vm'],
  ['simulate', 'shop', 'assembly', 'db', 'returns', '--json'],
  ['simulate', '--fail', 'resource:web.app'],
  ['resource', 'start', 'db.redis'],
  ['resource', 'stop', 'shop/db.redis', '--no-wait'],
  ['resource', 'restart', 'shop', 'db.redis'],
  ['resource', 'move', 'shop', 'web.vm', 'right', '--lifetime', '1h'],
  ['resource', 'ban', 'web.vm', 'left'],
  ['resource', 'clear', 'web.vm', '--deployable', 'shop'],
  ['resource', 'cleanup', 'shop'],
  ['resource', 'manage', 'db.redis'],
  ['resource', 'unmanage', 'db.redis'],
  ['resource', 'fail', 'db.redis'],
  ['resource', 'failcount', 'shop'],
  ['assembly', 'standby', 'db'],
  ['assembly', 'unstandby', 'shop/db'],
  ['assembly', 'restart', 'shop', 'db'],
  ['assembly', 'destroy', 'db', '--force'],
  ['assembly', 'drain', 'db'],
  ['deployable', 'maintenance', 'shop', 'on'],
  ['deployable', 'maintenance', 'off', 'shop'],
  ['deployable', 'hold', 'shop', '--reason', 'why'],
  ['deployable', 'resume', 'shop'],
  ['deployable', 'history', 'shop', '--show', '2'],
  ['deployable', 'rollback', 'shop', '--to', '2'],
  ['host', 'list'],
  ['host', 'status', 'left'],
  ['host', 'drain', 'left', '--off'],
  ['host', 'confirm-dead', 'left', '--evidence', 'unplugged', '--force'],
  ['host', 'fencer', 'left', '--command', 'fence_x', '--parameter', 'a=b=c', '--timeout', '60s'],
  ['agent', 'list', 'shop'],
  ['agent', 'describe', 'shop/web.nginx'],
  ['agent', 'events', 'shop', 'web', '--count', '1'],
  ['agent', 'host', 'get', 'web'],
  ['agent', 'host', 'get_uuid', 'web', 'Reboot'],
  ['agent', 'host', 'reboot', 'web', '--yes'],
  ['agent', 'services', 'status', 'shop', 'web', 'nginx', '--timeout', '5s'],
  [
    'agent',
    'resources',
    'invoke',
    'web',
    'ip',
    'ocf:heartbeat:IPaddr2',
    'monitor',
    '--param',
    'ip=1',
    '--interval',
    '1s',
  ],
  ['agent', 'network', 'get-mac-address', 'web', 'eth0'],
  ['agent', 'sysconfig', 'run-string', 'web', 'exit 0', '--scheme', 'script', '--key', 'k', '--force'],
  ['agent', 'sysconfig', 'query', 'web', '/files/etc/hosts/1/ipaddr'],
  ['info', '--json'],
];

for (const args of offline) {
  test(`without a coordinator, ${args.join(' ')} ends with 3 and says how to start one`, async () => {
    const { err, out, exitCode } = await run(...args);
    assert.equal(
      err,
      `cpectl: the coordinator of ${directory} is not running; start it with: cpectl up --home ${directory}\n`,
    );
    assert.equal(out, '');
    assert.equal(exitCode, 3);
  });
}

test('every command of a group shows how it is called', async () => {
  for (const group of ['resource', 'assembly', 'host', 'image', ...agentObjects.map((object) => `agent ${object}`)]) {
    const names = await commandsOf(group);
    assert.ok(names.length >= 4, group);
    for (const name of names) {
      const { out } = await run('help', ...group.split(' '), name);
      assert.match(out, new RegExp(`Examples:\\n {2}cpectl ${group} ${name}\\b`), name);
    }
  }
});

const agentObjects = ['host', 'services', 'resources', 'network', 'sysconfig'];

async function commandsOf(group: string): Promise<readonly string[]> {
  const { out } = await run('help', ...group.split(' '));
  const commands = out.slice(out.indexOf('Commands:'));
  const names = [...commands.matchAll(/^ {2}([a-z][a-z-]+)\b.* {2}/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

test('every call that an agent answers has a command of the same name', async () => {
  const called = new Set<string>(['agentDescribe']);
  for (const object of agentObjects) {
    for (const name of await commandsOf(`agent ${object}`)) {
      called.add(`${object}${name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`);
    }
  }
  assert.deepEqual([...called].sort(), Object.keys(agentCalls).sort());
});

test('a document with errors is refused before a coordinator is looked for', async () => {
  const file = join(directory, 'bad.yaml');
  writeFileSync(file, 'deployable: bad\nassemblies:\n  one:\n    resources: { a: { exce: {} } }\n');
  for (const args of [
    ['create', '-f', file],
    ['reload', 'bad', '-f', file],
    ['plan', '-f', file],
  ]) {
    const { err, exitCode } = await run('deployable', ...args);
    assert.match(err, /bad\.yaml:4:\d+: assemblies\.one\.resources\.a.*\(allowed: /);
    assert.equal(exitCode, 1);
  }
});

test('a document for another deployable is refused before a coordinator is looked for', async () => {
  const file = join(directory, 'good.yaml');
  writeFileSync(
    file,
    'deployable: good\nassemblies: { one: { resources: { a: { exec: { command: [sleep, "9"] } } } } }\n',
  );
  const { err, exitCode } = await run('deployable', 'reload', 'other', '-f', file);
  assert.match(err, /defines deployable good, not other/);
  assert.equal(exitCode, 1);
});
