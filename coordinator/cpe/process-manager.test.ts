import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { maxHomeLength } from './process-manager.js';

/** In a process of its own: pm2's client leaves handles open after its daemon has ended. */
const script = `
const { connectProcessManager, pm2DaemonPid } = await import(process.argv[1]);
const home = process.argv[2];
const before = pm2DaemonPid(home);
const manager = await connectProcessManager(home);
const during = pm2DaemonPid(home);
await manager.shutDown();
console.log(JSON.stringify({ before: before ?? null, during: typeof during }));
process.exit(0);
`;

test('the daemon of a home whose path is as long as allowed is found while it runs', () => {
  const root = mkdtempSync(join(tmpdir(), 'pm2-'));
  const home = join(root, 'h'.repeat(maxHomeLength - root.length - 1));
  mkdirSync(home);
  try {
    const module = pathToFileURL(join(import.meta.dirname, 'process-manager.js')).href;
    const args = ['--input-type=module', '-e', script, module, home];
    const ran = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
    assert.deepEqual(JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? ''), { before: null, during: 'number' });
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});

/** As when the daemon dies between the ping and the connection: the client has lost its socket when that opens. */
const disconnecting = `
const { connectProcessManager, outliveClientErrors } = await import(process.argv[1]);
const home = process.argv[2];
outliveClientErrors();
const first = await connectProcessManager(home);
const { default: pm2 } = await import('pm2');
const launch = pm2.Client.launchRPC;
pm2.Client.launchRPC = function (done) {
  launch.call(this, done);
  this.client = null;
};
const failed = await connectProcessManager(home).then(() => '', (error) => error.message);
pm2.Client.launchRPC = launch;
const again = await connectProcessManager(home);
const { length } = await again.list();
await again.shutDown();
console.log(JSON.stringify({ failed, length }));
process.exit(0);
`;

test('an exception inside pm2’s client fails the call that is under way and nothing else', () => {
  const home = mkdtempSync(join(tmpdir(), 'pm2-'));
  try {
    const module = pathToFileURL(join(import.meta.dirname, 'process-manager.js')).href;
    const args = ['--input-type=module', '-e', disconnecting, module, home];
    const ran = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
    const { failed, length } = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    assert.match(String(failed), /^pm2's client failed: /, ran.stderr);
    assert.equal(length, 0);
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});
