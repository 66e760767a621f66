import assert from 'node:assert/strict';
import { test } from 'node:test';
import { continuedSequence } from './continued-sequence.js';

test('numbers go on without a gap when another source begins to count', () => {
  const [first, second] = [{}, {}];
  const sequence = continuedSequence();
  const told = [sequence.tell(first, 5), sequence.tell(first, 6)];
  sequence.continueWith(second);
  told.push(sequence.tell(second, 1), sequence.tell(second, 2));
  sequence.continueWith(first);
  told.push(sequence.tell(first, 90), sequence.tell(first, 91));
  assert.deepEqual(told, [5, 6, 7, 8, 9, 10]);
});

test('a number that is told twice stays the same', () => {
  const source = {};
  const sequence = continuedSequence();
  assert.deepEqual([sequence.tell(source, 3), sequence.tell(source, 3), sequence.tell(source, 4)], [3, 3, 4]);
});
