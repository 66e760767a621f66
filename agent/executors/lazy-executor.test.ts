import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operationOf } from '../core/agent-scenario.js';
import { lazily } from './lazy-executor.js';
import { outcome } from './script-outcome.js';

test('an executor that could not be loaded is loaded again for the next operation', async () => {
  let loads = 0;
  const executor = lazily(async () => {
    loads += 1;
    if (loads === 1) throw new Error('no file left to open');
    return { run: async () => outcome(0, 'done') };
  });
  const run = { id: 'run', operation: operationOf('web.app', 'monitor'), isInterrupted: false };
  await assert.rejects(executor.run(run), /no file left/);
  assert.equal((await executor.run(run)).rc, 0);
  assert.equal((await executor.run(run)).rc, 0);
  assert.equal(loads, 2);
});
