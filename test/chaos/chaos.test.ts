import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawRound } from './chaos-faults.js';
import { runChaos } from './chaos-run.js';

test('a seed always draws the same rounds', () => {
  assert.deepEqual(drawRound(7, 3), drawRound(7, 3));
  assert.notDeepEqual(drawRound(7, 3), drawRound(8, 3));
});

test('nothing acknowledged is lost and nothing is restarted needlessly, whoever is killed or paused', async (context) => {
  const { violations } = await runChaos({
    ...{ seed: 1, rounds: 6, signal: context.signal },
    onLine: (line) => context.diagnostic(line),
    onViolation: () => {},
  });
  assert.deepEqual(violations, []);
});
