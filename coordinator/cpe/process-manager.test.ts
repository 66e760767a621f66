import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectProcessManager, maxHomeLength, pm2DaemonPid } from './process-manager.js';

test('the daemon of a home whose path is as long as allowed is found while it runs', async () => {
  const root = mkdtempSync(join(tmpdir(), 'pm2-'));
  const home = join(root, 'h'.repeat(maxHomeLength - root.length - 1));
  mkdirSync(home);
  try {
    assert.equal(pm2DaemonPid(home), undefined);
    const manager = await connectProcessManager(home);
    try {
      assert.equal(typeof pm2DaemonPid(home), 'number');
    } finally {
      await manager.shutDown();
      manager.close();
    }
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});
