import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestartBackOff } from './restart-back-off.js';

test('a process is started again at once, then after 1, 2, 4 ... 60 seconds', () => {
  const backOff = new RestartBackOff();
  let now = 1_000_000;
  for (const delayS of [0, 1, 2, 4, 8, 16, 32, 60, 60]) {
    if (delayS > 0) assert.equal(backOff.mayStart('dpe', now + delayS * 1_000 - 1), false, `before ${delayS} s`);
    now += delayS * 1_000;
    assert.equal(backOff.mayStart('dpe', now), true, `after ${delayS} s`);
  }
});

test('each process has its own delay, and one that stayed up begins anew', () => {
  const backOff = new RestartBackOff();
  assert.equal(backOff.mayStart('a', 0), true);
  assert.equal(backOff.mayStart('a', 0), false);
  assert.equal(backOff.mayStart('b', 0), true);
  assert.equal(backOff.mayStart('a', 300_001), true);
  assert.equal(backOff.mayStart('a', 301_001), true);
});
