import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureResult } from './figure.js';

test('the ratio is to the floor where there is one, else to the best peer, else there is none', () => {
  for (const { measured, expected } of [
    {
      measured: { samples: [10, 30, 20], floor: [4, 6], peers: { pm2: [2] } },
      expected: { value: 20, floor: 5, peers: { pm2: 2 }, ratio: 4 },
    },
    {
      measured: { samples: [10, 30, 20], peers: { slow: [100, 300], quick: [8, 9, 10] } },
      expected: { value: 20, floor: null, peers: { slow: 200, quick: 9 }, ratio: 20 / 9 },
    },
    { measured: { samples: [1] }, expected: { value: 1, floor: null, peers: {}, ratio: null } },
    { measured: { samples: [1], floor: [0] }, expected: { value: 1, floor: 0, peers: {}, ratio: null } },
  ]) {
    assert.deepEqual(figureResult('a-figure', measured), { figure: 'a-figure', unit: 'ms', ...expected });
  }
});

test('a row without samples is no figure', () => {
  assert.throws(() => figureResult('a-figure', { samples: [] }), RangeError);
  assert.throws(() => figureResult('a-figure', { samples: [1], peers: { pm2: [] } }), RangeError);
});
