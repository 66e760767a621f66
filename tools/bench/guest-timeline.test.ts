import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTimeline } from './guest-timeline.js';

const registration = '{"level":"info","message":"registered","uptimeMs":2100}';

test('the registration is the start of the agent and the time that it took', () => {
  const answer = `OK\n31500000\n6200500\n${registration}\n`;
  assert.deepEqual(parseTimeline(answer), { registered: 8300.5, multiUser: 31_500 });
});

test('a guest that has not come so far tells nothing', () => {
  for (const answer of [
    '',
    `FAILED\n1\n31500000\n6200500\n${registration}`,
    `OK\n0\n6200500\n${registration}`,
    `OK\n31500000\n\n${registration}`,
    'OK\n31500000\n6200500',
    'OK\n31500000\n6200500\n{"level":"info","message":"connected"}',
  ]) {
    assert.throws(() => parseTimeline(answer), /does not tell when it had booted/);
  }
});
