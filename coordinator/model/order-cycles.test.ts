import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findOrderCycles, type OrderStep } from './order-cycles.js';

const steps = (...pairs: string[]): OrderStep[] =>
  pairs.map((pair, place) => ({ first: pair[0] ?? '', second: pair[1] ?? '', place }));

test('a cycle is named with the last constraint that closes it', () => {
  const cases: [OrderStep[], string[]][] = [
    [[], []],
    [steps('ab', 'bc', 'ac', 'bd', 'cd'), []],
    [steps('ab', 'ba'), ['1 ab']],
    [steps('ba', 'ab'), ['1 ba']],
    [steps('ca', 'ab', 'bc'), ['2 cab']],
    [steps('ab', 'bc', 'cb', 'ca'), ['2 bc', '3 abc']],
    [steps('ab', 'ba', 'cd', 'dc'), ['1 ab', '3 cd']],
    [steps('aa'), ['0 a']],
    [steps('ab', 'ab', 'bc'), []],
  ];
  for (const [input, expected] of cases) {
    const found = findOrderCycles(input).map(({ place, names }) => `${place} ${names.join('')}`);
    assert.deepEqual(found, expected, JSON.stringify(input));
  }
});

test('a cycle is reported exactly where the steps have no topological order', () => {
  const pair = fc.tuple(fc.constantFrom(...'abcdef'), fc.constantFrom(...'abcdef'));
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 12 }), (pairs) => {
      const input = steps(...pairs.map((both) => both.join('')));
      const cycles = findOrderCycles(input);
      assert.equal(cycles.length > 0, !isOrderable(input));
      for (const { names } of cycles) {
        for (const [index, first] of names.entries()) {
          const second = names[(index + 1) % names.length];
          assert.ok(
            input.some((step) => step.first === first && step.second === second),
            `${first} before ${second}`,
          );
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('a chain of a hundred thousand steps is walked without recursion', () => {
  const chain = Array.from({ length: 100_000 }, (_, place) => ({ first: `${place}`, second: `${place + 1}`, place }));
  assert.deepEqual(findOrderCycles(chain), []);
});

/** Takes names away that nothing comes before, until none is left (orderable) or none can be taken. */
function isOrderable(input: readonly OrderStep[]): boolean {
  let rest = input;
  for (;;) {
    const later = new Set(rest.map((step) => step.second));
    const remaining = rest.filter((step) => later.has(step.first));
    if (remaining.length === 0) return true;
    if (remaining.length === rest.length) return false;
    rest = remaining;
  }
}
