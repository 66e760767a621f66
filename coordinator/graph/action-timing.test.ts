import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadlineOf } from './action-timing.js';
import { type SampleAction, sampleAction, sampleGraph } from './sample-graph.js';

const table: readonly (readonly [what: string, sample: Omit<SampleAction, 'id'>, deadlineMs: number | undefined])[] = [
  ['a resource action: timeout and cluster delay', { timeoutMs: 20_000 }, 80_000],
  ['a delayed start is waited for as well', { timeoutMs: 20_000, startDelayMs: 5000 }, 85_000],
  ['without a timeout the cluster delay counts twice', { timeoutMs: 0 }, 120_000],
  ['a cluster action has the same rule', { kind: 'cluster', timeoutMs: 1000 }, 61_000],
  ['fencing has a time of its own', { kind: 'fencing', timeoutMs: 1000 }, 90_000],
  ['fencing is always waited for', { kind: 'fencing', noWait: true }, 90_000],
  ['a pseudo action is confirmed at once', { kind: 'pseudo' }, undefined],
  ['nobody waits for a no-wait action', { kind: 'cluster', noWait: true }, undefined],
];

test('how long a result is waited for', () => {
  const graph = sampleGraph([]);
  for (const [what, sample, deadlineMs] of table) {
    assert.equal(deadlineOf(sampleAction({ id: 1, ...sample }), graph), deadlineMs, what);
  }
});
