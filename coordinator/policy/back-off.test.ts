import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootDelayMs } from './back-off.js';

const options = { firstMs: 1_000, factor: 2, capMs: 10_000, jitterShare: 0.5 };

const cases = [
  { failures: 0, jitter: 0.9, delayMs: 0 },
  { failures: 1, jitter: 0.9, delayMs: 0 },
  { failures: 2, jitter: 0, delayMs: 1_000 },
  { failures: 2, jitter: 0.5, delayMs: 1_250 },
  { failures: 3, jitter: 0, delayMs: 2_000 },
  { failures: 6, jitter: 0, delayMs: 10_000 },
  { failures: 6, jitter: 0.5, delayMs: 12_500 },
  { failures: 5_000, jitter: 0, delayMs: 10_000 },
];

for (const { failures, jitter, delayMs } of cases) {
  test(`boot after ${failures} failures waits ${delayMs} ms with jitter ${jitter}`, () => {
    assert.equal(bootDelayMs(failures, options, jitter), delayMs);
  });
}
