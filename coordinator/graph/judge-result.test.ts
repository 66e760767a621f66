import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeResult } from './judge-result.js';
import { sampleAction } from './sample-graph.js';
import type { ActionOutcome } from './transition.js';

const table: readonly (readonly [
  exitCode: number,
  expectedRc: number,
  onFail: string | undefined,
  kind: ActionOutcome['kind'],
])[] = [
  [0, 0, undefined, 'succeeded'],
  [7, 7, undefined, 'succeeded'],
  [0, 7, undefined, 'failed'],
  [1, 0, 'restart', 'failed'],
  [1, 0, 'ignore', 'failure-ignored'],
  [0, 0, 'ignore', 'succeeded'],
  [190, 0, undefined, 'succeeded'],
  [191, 8, undefined, 'succeeded'],
  [191, 0, undefined, 'failed'],
];

test('an exit code is judged by what was expected', () => {
  for (const [exitCode, expectedRc, onFail, kind] of table) {
    const action = sampleAction({ id: 1, expectedRc, ...(onFail === undefined ? {} : { onFail }) });
    assert.ok(action.kind === 'resource');
    assert.equal(judgeResult(action, exitCode).kind, kind, `${exitCode} for ${expectedRc}, on-fail=${onFail}`);
  }
});
