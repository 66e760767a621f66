/** cpectl as a process of its own, on a machine where no coordinator runs. */
import assert from 'node:assert/strict';
import { type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

const cpectl = join(import.meta.dirname, '../../tools/cpectl/main.js');
const root = packageRoot(import.meta.dirname);
const documents = join(root, 'test', 'documents');
const directory = mkdtempSync(join(tmpdir(), 'cpectl-offline-'));
const home = join(directory, 'home');
after(() => rmSync(directory, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], input: string | Buffer = ''): Promise<Ended> {
  const environment = { ...process.env, CPE_HOME: home, NO_COLOR: '' };
  const options: SpawnOptions = { env: environment, stdio: ['pipe', 'pipe', 'pipe'], timeout: 60_000 };
  const child = spawn(process.execPath, [cpectl, ...args], options);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  // A child that needs no input may have ended before it is written.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

function packageRoot(from: string): string {
  return readdirSync(from).includes('package.json') ? from : packageRoot(dirname(from));
}

function document(name: string, text: string | Buffer): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

test('help names every command and every exit status', async () => {
  const { code, out, err } = await run(['help']);
  assert.equal(code, 0);
  assert.equal(err, '');
  for (const word of ['up', 'down', 'deployable', 'events', 'failures', 'cib', 'transitions', 'info', 'help']) {
    assert.match(out, new RegExp(`^ {2}${word}\\b`, 'm'));
  }
  for (const status of [0, 1, 2, 3, 4]) assert.match(out, new RegExp(`^ {2}${status} {2}`, 'm'));
});

test('cpectl alone is a wrong call, and shows how to call it', async () => {
  const { code, out, err } = await run([]);
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /Usage: cpectl/);
});

test('the version is that of package.json', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  assert.deepEqual(await run(['--version']), { code: 0, out: `${version}\n`, err: '' });
});

test('the manual page names every command', async () => {
  const page = readFileSync(join(root, 'tools/cpectl/cpectl.8'), 'utf8');
  const group = (await run(['help', 'deployable'])).out;
  const commands = [...group.matchAll(/^ {2}([a-z]+)\b.* {2}/gm)].map(([, word = '']) => `deployable ${word}`);
  assert.ok(commands.length >= 8);
  const known = commands.filter((command) => !command.endsWith(' help'));
  for (const command of [...known, 'up', 'down', 'events', 'failures', 'cib', 'transitions list', 'info']) {
    assert.match(page, new RegExp(`^\\.B[IR]? "?${command}\\b`, 'm'), command);
  }
});

for (const args of [
  ['nonsense'],
  ['deployable', 'start'],
  ['deployable', 'start', 'a b'],
  ['events', '--since', 'x'],
]) {
  test(`a wrong call ends with 2 and says where to look: cpectl ${args.join(' ')}`, async () => {
    const { code, out, err } = await run(args);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^cpectl: .*[\s\S]*see: cpectl help\n$/);
  });
}

for (const name of readdirSync(documents).filter((file) => /\.(xml|yaml)$/.test(file))) {
  test(`${name} is valid, by name and on standard input`, async () => {
    const file = join(documents, name);
    const byName = await run(['deployable', 'validate', file]);
    assert.equal(byName.code, 0, byName.err);
    assert.match(byName.out, /: deployable \w+ is valid \(\d+ assembl(y|ies), \d+ resources?/);
    const fromInput = await run(['deployable', 'validate', '-f', '-', '--json'], readFileSync(file));
    assert.equal(fromInput.code, 0, fromInput.err);
    const { valid, file: label } = JSON.parse(fromInput.out) as { valid: boolean; file: string };
    assert.deepEqual([valid, label], [true, 'standard input']);
  });
}

const badDocuments: readonly [string, string, string | Buffer, readonly RegExp[]][] = [
  [
    'every problem is told at once, with its place and what is allowed',
    'many.yaml',
    'deployable: many\nassemblies:\n  one:\n    resources:\n      a: { exec: { command: [x] }, monitor: { interval: soon } }\n      b: { agnt: "ocf:heartbeat:Dummy" }\nconstraints:\n  - { order: [one.a, two.c] }\n',
    [
      /^\S*many\.yaml:5:\d+: assemblies\.one\.resources\.a\.monitor\.interval: .* \(allowed: .*\)$/m,
      /^\S*many\.yaml:6:\d+: assemblies\.one\.resources\.b/m,
      /^\S*many\.yaml:8:\d+: constraints/m,
      /has \d+ problems; mend the document/,
    ],
  ],
  ['broken YAML has a place', 'broken.yaml', 'deployable: [x\n', [/^\S*broken\.yaml:\d+:\d+: /m]],
  ['broken XML has a place', 'broken.xml', '<deployable name="x">\n', [/^\S*broken\.xml:\d+:\d+: /m]],
  [
    'an XML entity is refused',
    'entity.xml',
    '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><deployable name="x">&e;</deployable>\n',
    [/^\S*entity\.xml:1:\d+: /m],
  ],
  ['an empty document is refused', 'empty.yaml', '', [/^\S*empty\.yaml: |^\S*empty\.yaml:\d/m]],
  ['what is no text is refused', 'binary.yaml', Buffer.from([0xff, 0xfe, 0x00, 0x80]), [/is no UTF-8 text/]],
  ['what is too large is refused', 'large.yaml', `# ${'x'.repeat(1024 * 1024)}\n`, [/is larger than 1048576 bytes/]],
];

for (const [name, file, text, expected] of badDocuments) {
  test(`a bad document ends with 1: ${name}`, async () => {
    const { code, out, err } = await run(['deployable', 'validate', document(file, text)]);
    assert.deepEqual([code, out], [1, '']);
    for (const pattern of expected) assert.match(err, pattern);
  });
}

test('a bad document as data has a list of problems, and still ends with 1', async () => {
  const file = document('data.yaml', 'deployable: data\nassemblies: {}\n');
  const { code, out } = await run(['deployable', 'validate', file, '--json']);
  assert.equal(code, 1);
  const { valid, problems } = JSON.parse(out) as { valid: boolean; problems: { line: number; message: string }[] };
  assert.equal(valid, false);
  assert.equal(problems[0]?.line, 2);
});

test('a file that cannot be read ends with 1 and says why', async () => {
  const missing = await run(['deployable', 'validate', join(directory, 'none.yaml')]);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /none\.yaml: there is no such file; /);
  const isDirectory = await run(['deployable', 'create', '-f', directory]);
  assert.equal(isDirectory.code, 1);
  assert.match(isDirectory.err, /is a directory/);
});

test('without a coordinator the answer is 3, at once, with the way to start one', async () => {
  for (const args of [
    ['deployable', 'list'],
    ['info', '--json'],
    ['events', '-f'],
  ]) {
    const { code, out, err } = await run(args);
    const expected = `cpectl: the coordinator of ${home} is not running; start it with: cpectl up\n`;
    assert.deepEqual({ code, out, err }, { code: 3, out: '', err: expected });
  }
});

test('a coordinator that was up once and is down now is not running', async () => {
  const free = await freePort();
  const once = join(directory, 'once');
  mkdirSync(join(once, 'nats'), { recursive: true });
  writeFileSync(join(once, 'nats', 'port'), `${free}\n`);
  const { code, err } = await run(['--home', once, 'deployable', 'list']);
  assert.equal(code, 3);
  assert.match(err, /is not running; start it with: cpectl up --home /);
});

test('a good document is not enough to create: 3 without a coordinator', async () => {
  const { code, err } = await run(['deployable', 'create', '-f', join(documents, 'shop.yaml')]);
  assert.equal(code, 3);
  assert.match(err, /is not running/);
});

test('a reader that has seen enough is no error', async () => {
  // The shell's own pipe, whose reading end is closed before cpectl writes.
  const shell = 'set -o pipefail; "$0" "$1" help | true';
  const child = spawn('bash', ['-c', shell, process.execPath, cpectl], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.deepEqual([code, err], [0, '']);
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
