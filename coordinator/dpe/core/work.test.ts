import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleState } from './sample-state.js';
import { nextOperationId, type Work } from './work.js';

test('deployables of one process never give two orders the same id', () => {
  const ids = ['one', 'two'].flatMap((name) => {
    const { durable, volatile } = sampleState();
    const work: Work = { durable: { ...durable, name }, volatile, now: 0, chance: 0, effects: [], events: [] };
    return [nextOperationId(work), nextOperationId(work)];
  });
  assert.equal(new Set(ids).size, ids.length);
});
