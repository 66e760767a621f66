import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateLimitedReport } from './rate-limited-report.js';

test('the first of a key is told at once, the rest once per interval with their count', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const told: string[] = [];
  const report = rateLimitedReport<string>(
    1_000,
    (text) => text.slice(0, 1),
    (latest, count) => told.push(`${latest} x${count}`),
  );
  for (const text of ['a1', 'a2', 'b1', 'a3']) report.add(text);
  assert.deepEqual(told, ['a1 x1', 'b1 x1']);
  context.mock.timers.tick(1_000);
  assert.deepEqual(told.splice(0), ['a1 x1', 'b1 x1', 'a3 x2']);
  report.add('a4');
  context.mock.timers.tick(1_000);
  assert.deepEqual(told.splice(0), ['a4 x1']);
  context.mock.timers.tick(1_000);
  report.add('a5');
  report.add('a6');
  report.close();
  assert.deepEqual(told, ['a5 x1', 'a6 x1']);
});

test('keys that never repeat do not get around the limit', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let told = 0;
  const report = rateLimitedReport<string>(
    1_000,
    (text) => text,
    () => {
      told += 1;
    },
  );
  for (let number = 0; number < 1_000; number += 1) report.add(`reason ${number}`);
  assert.ok(told <= 17, `${told} reports`);
  report.close();
});
