import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evenPhases, median, quantile, summarize } from './statistics.js';

test('a quantile lies between its neighbours, whatever the order of the samples', () => {
  for (const { samples, share, expected } of [
    { samples: [7], share: 0.5, expected: 7 },
    { samples: [3, 1, 2], share: 0.5, expected: 2 },
    { samples: [4, 1, 3, 2], share: 0.5, expected: 2.5 },
    { samples: [10, 9, 100], share: 0, expected: 9 },
    { samples: [10, 9, 100], share: 1, expected: 100 },
    { samples: [1, 2, 3, 4, 5], share: 0.25, expected: 2 },
    { samples: [0, 10], share: 0.9, expected: 9 },
    { samples: [-1, -2, 2], share: 0.5, expected: -1 },
  ]) {
    assert.equal(quantile(samples, share), expected, `${share} of ${samples.join(' ')}`);
  }
});

test('samples are left as they are', () => {
  const samples = [3, 1, 2];
  median(samples);
  assert.deepEqual(samples, [3, 1, 2]);
});

test('a summary tells how many there are and where half of them lie', () => {
  assert.deepEqual(summarize([5, 1, 4, 2, 3]), { count: 5, median: 3, lowerQuartile: 2, upperQuartile: 4 });
});

test('nothing measured is no number', () => {
  assert.throws(() => median([]), RangeError);
  assert.throws(() => summarize([]), RangeError);
});

test('phases cover the cycle so evenly that their mean is half of it', () => {
  for (const count of [1, 2, 5, 20, 25, 100]) {
    const phases = evenPhases(count, 1000);
    assert.equal(phases.length, count);
    assert.ok(
      phases.every((phase) => phase >= 0 && phase < 1000),
      `${count} phases lie in the cycle`,
    );
    const mean = phases.reduce((sum, phase) => sum + phase, 0) / count;
    assert.ok(Math.abs(mean - 500) <= 500 / count + 20, `${count} phases: mean ${mean}`);
  }
});
