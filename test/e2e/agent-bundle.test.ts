import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { agentVersion } from '../../agent/version.js';
import { agentProgram } from '../../launcher/agent-program.js';
import { scriptedDpe } from './agent-scripted-dpe.js';

const bundle = agentProgram();
const skip = bundle.endsWith('.mjs')
  ? process.getuid?.() !== 0 && 'only root can change the root directory'
  : 'the bundle was not built: run the tests of `make build`';

const root = mkdtempSync(join(tmpdir(), 'agent-alone-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** A root directory with Node, the libraries that it is linked with, and the one file. */
function makeRoot(): void {
  const node = realpathSync(process.execPath);
  const libraries = execFileSync('ldd', [node], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const file of [node, ...libraries]) {
    const copy = join(root, file === node ? '/node' : file);
    if (existsSync(copy)) continue;
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
  copyFileSync(bundle, join(root, 'cpe-agent.mjs'));
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
