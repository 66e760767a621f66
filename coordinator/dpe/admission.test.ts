import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admission } from './admission.js';

test('a burst is admitted, then so many a second, each subject by itself', () => {
  let now = 0;
  const admits = admission({ perSecond: 10, burst: 5, now: () => now });
  const admitted = (subject: string, count: number) =>
    Array.from({ length: count }, () => admits(subject)).filter(Boolean).length;
  assert.equal(admitted('a', 20), 5);
  assert.equal(admitted('b', 3), 3);
  now += 300;
  assert.equal(admitted('a', 20), 3);
  now += 3_600_000;
  assert.equal(admitted('a', 20), 5);
});

test('a flood is told once a second, what is merely too much is not', () => {
  let now = 0;
  const floods: string[] = [];
  const admits = admission({ perSecond: 10, burst: 5, now: () => now, onFlood: (subject) => floods.push(subject) });
  const say = (count: number) => {
    for (let index = 0; index < count; index += 1) admits('a');
  };
  say(1_500);
  now += 1_000;
  say(1_500);
  assert.deepEqual(floods, []);
  say(50_000);
  assert.deepEqual(floods, ['a']);
  now += 1_000;
  say(50_000);
  assert.deepEqual(floods, ['a', 'a']);
});

test('memory is bounded however many subjects there are', () => {
  const admits = admission({ perSecond: 1, burst: 1, now: () => 0 });
  for (let index = 0; index < 50_000; index += 1) assert.equal(admits(`subject ${index}`), true);
  // The first ones were forgotten, the last ones were not.
  assert.equal(admits('subject 49999'), false);
  assert.equal(admits('subject 0'), true);
});
