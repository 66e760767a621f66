import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { agentVersion } from '../../agent/version.js';
import { agentNodeFlags, agentProgram, builtAgent } from '../../launcher/agent-program.js';
import { scriptedDpe } from './agent-scripted-dpe.js';

const bundle = agentProgram();
const skip = bundle.endsWith('.mjs')
  ? process.getuid?.() !== 0 && 'only root can change the root directory'
  : 'the bundle was not built: run the tests of `make build`';

const root = mkdtempSync(join(tmpdir(), 'agent-alone-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** A root directory with Node, the libraries that it is linked with, and the agent. */
function makeRoot(): void {
  const node = realpathSync(process.execPath);
  const libraries = execFileSync('ldd', [node], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const file of [node, ...libraries]) {
    const copy = join(root, file === node ? '/node' : file);
    if (existsSync(copy)) continue;
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
  for (const { name, path } of builtAgent()) copyFileSync(path, join(root, name));
  for (const directory of ['proc', 'dev', 'tmp']) mkdirSync(join(root, directory));
  execFileSync('mknod', ['-m', '666', join(root, 'dev', 'null'), 'c', '1', '3']);
}

test('the bundle runs where there is nothing but Node', { skip, timeout: 120_000 }, async () => {
  makeRoot();
  const alone = (...args: readonly string[]) =>
    execFileSync('/usr/sbin/chroot', [root, '/node', '/cpe-agent.mjs', ...args], { encoding: 'utf8', env: {} });
  assert.equal(alone('--version'), `${agentVersion}\n`);
  assert.match(alone('--help'), /^usage: cpe-agent/);

  const dpe = await scriptedDpe({
    command(identityFile, directory) {
      const inside = join(root, directory);
      mkdirSync(inside, { recursive: true });
      const mounts = `mount --bind ${directory} ${inside} && mount -t proc proc ${root}/proc`;
      const run = `${mounts} && exec chroot ${root} /node /cpe-agent.mjs --identity ${identityFile}`;
      return ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', run];
    },
  });
  try {
    await dpe.startAgent();
    const resource = 'web.node';
    const exec = { command: ['/node', '-e', 'setInterval(() => {}, 1000)'], environment: {}, health: [] };
    const order = { resource, resourceClass: 'exec', timeoutMs: 20_000, exec };
    const start = await dpe.run({ ...order, operation: 'start' });
    assert.deepEqual([start.rc, start.exitReason], [0, '']);
    const monitor = await dpe.run({ ...order, operation: 'monitor' });
    assert.equal(monitor.rc, 0);
    const stop = await dpe.run({ ...order, operation: 'stop' });
    assert.deepEqual([stop.rc, stop.exitReason], [0, '']);
  } finally {
    // unshare(1) lets no other signal through, and takes what is inside along.
    await dpe.killAgent('SIGKILL');
    await dpe.close();
  }
});

test('code that was compiled before is only a help: whatever is wrong with it, the agent starts', {
  skip: typeof skip === 'string' && skip.startsWith('the bundle') ? skip : false,
}, () => {
  const directory = mkdtempSync(join(tmpdir(), 'agent-compiled-'));
  after(() => rmSync(directory, { recursive: true, force: true }));
  for (const { name, path } of builtAgent()) copyFileSync(path, join(directory, name));
  const program = join(directory, 'cpe-agent.mjs');
  const run = (flags: readonly string[], ...args: readonly string[]) =>
    execFileSync(process.execPath, [...flags, program, ...args], { encoding: 'utf8' });
  const version = `${agentVersion}\n`;
  assert.equal(run([], '--version'), version, 'without any');
  assert.equal(run(agentNodeFlags, '--prepare'), '');
  const cache = join(directory, 'cpe-agent.body.cache');
  const whole = readFileSync(cache);
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.includes('cache')),
    ['cpe-agent.body.cache'],
  );
  const damaged = Buffer.from(whole);
  damaged.writeUInt8(255 - damaged.readUInt8(whole.length >> 1), whole.length >> 1);
  const wrong: Readonly<Record<string, Buffer>> = {
    'as it was kept': whole,
    empty: Buffer.alloc(0),
    'cut off': whole.subarray(0, whole.length >> 1),
    damaged,
    'of another program': Buffer.concat([Buffer.from('// 00 0\n'), whole.subarray(whole.indexOf('\n') + 1)]),
  };
  for (const [what, content] of Object.entries(wrong)) {
    writeFileSync(cache, content);
    assert.equal(run(agentNodeFlags, '--version'), version, what);
    assert.equal(run(['--jitless'], '--version'), version, `${what}, by a Node with other flags`);
  }
  rmSync(join(directory, 'cpe-agent.body.cjs'));
  const half = spawnSync(process.execPath, [program, '--version'], { encoding: 'utf8' });
  assert.equal(half.status, 1);
  assert.match(
    half.stderr,
    /^cpe-agent: half of it cannot be read, install it again: ENOENT.*cpe-agent\.body\.cjs'\n$/,
  );
});
