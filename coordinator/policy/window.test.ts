import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFailure } from './window.js';

const budget = { failures: 3, periodMs: 1_000 };

const cases = [
  { name: 'a first failure is repaired', window: [], at: 5_000, kind: 'repair', next: [5_000], failures: 1 },
  { name: 'a second one too', window: [5_000], at: 5_400, kind: 'repair', next: [5_000, 5_400], failures: 2 },
  {
    name: 'the last of the budget escalates and empties the window',
    window: [5_000, 5_400],
    at: 5_999,
    kind: 'escalate',
    next: [],
    failures: 3,
  },
  {
    name: 'a failure one period old is forgotten',
    window: [5_000, 5_400],
    at: 6_000,
    kind: 'repair',
    next: [5_400, 6_000],
    failures: 2,
  },
  {
    name: 'counting begins anew after an escalation',
    window: [],
    at: 6_001,
    kind: 'repair',
    next: [6_001],
    failures: 1,
  },
  {
    name: 'a report that comes late counts from its own time',
    window: [5_000, 5_900],
    at: 5_100,
    kind: 'escalate',
    next: [],
    failures: 3,
  },
  {
    name: 'a late report of a forgotten time does not count',
    window: [5_000, 5_900],
    at: 4_000,
    kind: 'repair',
    next: [5_000, 5_900],
    failures: 2,
  },
] as const;

for (const { name, window, at, kind, next, failures } of cases) {
  test(name, () => {
    const verdict = countFailure(window, budget, at);
    assert.deepEqual([verdict.kind, verdict.window, verdict.failures], [kind, next, failures]);
  });
}

test('a budget of one escalates at once', () => {
  const verdict = countFailure([], { failures: 1, periodMs: 1_000 }, 1);
  assert.deepEqual(verdict, { kind: 'escalate', window: [], failures: 1, limit: 1 });
});
