import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpOutcome } from './http-exchange.js';
import { decideRetry, retryAfterMs } from './retry.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const answer = (status: number, headers: Record<string, string> = {}): HttpOutcome => ({
  kind: 'answer',
  status,
  headers,
  body: Buffer.alloc(0),
});
const lost: HttpOutcome = { kind: 'no-answer', wasSent: true, reason: 'reset' };
const unsent: HttpOutcome = { kind: 'no-answer', wasSent: false, reason: 'refused' };

const cases: readonly (readonly [string, HttpOutcome, { readonly repeatable: boolean; readonly once: boolean }])[] = [
  ['an answer', answer(200), { repeatable: false, once: false }],
  ['a refusal', answer(404), { repeatable: false, once: false }],
  ['a conflict', answer(409), { repeatable: false, once: false }],
  ['a rate limit', answer(429), { repeatable: true, once: true }],
  ['a rate limit of older services', answer(413, { 'retry-after': '1' }), { repeatable: true, once: true }],
  ['too long a request', answer(413), { repeatable: false, once: false }],
  ['a server out of order', answer(503), { repeatable: true, once: false }],
  ['a gateway without an answer', answer(504), { repeatable: true, once: false }],
  ['a mistake of the server', answer(500), { repeatable: true, once: false }],
  ['what is not there yet', answer(501), { repeatable: false, once: false }],
  ['a connection that broke', lost, { repeatable: true, once: false }],
  ['a connection that did not come about', unsent, { repeatable: true, once: true }],
];

for (const [what, outcome, expected] of cases) {
  test(`${what}: what may be repeated is ${expected.repeatable ? '' : 'not '}sent again, what may not is ${expected.once ? '' : 'not'}`, () => {
    const decide = (isRepeatable: boolean) =>
      decideRetry({ number: 1, isRepeatable, outcome, now: NOW, patienceMs: 60_000, chance: 0.5 }).kind === 'retry';
    assert.deepEqual({ repeatable: decide(true), once: decide(false) }, expected);
  });
}

test('Retry-After is read in both forms, and a past one is now', () => {
  assert.equal(retryAfterMs({ 'retry-after': '17' }, NOW), 17_000);
  assert.equal(retryAfterMs({ 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' }, NOW), 30_000);
  assert.equal(retryAfterMs({ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, NOW), 0);
  assert.equal(retryAfterMs({ 'retry-after': 'soon' }, NOW), undefined);
  assert.equal(retryAfterMs({}, NOW), undefined);
});

test('nobody comes back before the time that was asked for, nor all at the same time', () => {
  for (const chance of [0, 0.3, 0.99]) {
    const outcome = answer(429, { 'retry-after': '2' });
    const decision = decideRetry({ number: 3, isRepeatable: true, outcome, now: NOW, patienceMs: 60_000, chance });
    assert.ok(
      decision.kind === 'retry' && decision.afterMs >= 2_000 && decision.afterMs <= 3_000,
      JSON.stringify(decision),
    );
  }
});

test('back-off grows, has jitter, and ends with patience or after five times', () => {
  const decide = (number: number, chance: number, patienceMs = 60_000) =>
    decideRetry({ number, isRepeatable: true, outcome: lost, now: NOW, patienceMs, chance });
  const waits = [1, 2, 3, 4].map((number) => {
    const [least, most] = [decide(number, 0), decide(number, 0.999)];
    assert.ok(least.kind === 'retry' && most.kind === 'retry' && least.afterMs < most.afterMs);
    return most.afterMs;
  });
  assert.deepEqual(
    waits,
    [...waits].sort((a, b) => a - b),
  );
  assert.equal(decide(5, 0).kind, 'final');
  assert.equal(decide(1, 0, 10).kind, 'final');
});
