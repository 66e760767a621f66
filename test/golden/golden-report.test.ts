import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from './golden-compare.js';
import { reportOf } from './golden-report.js';

const same = { kind: 'same' } as const;
const different = { kind: 'different', detail: 'line 1: ours "a", theirs "b"' } as const;

function comparison(name: string, verdicts: Comparison['verdicts'], unanswered?: string): Comparison {
  return { name, verdicts, unanswered, order: [], failures: [] };
}

const fine = comparison('fine', { graph: same, order: same, 'end state': same });

test('the figures of graphs and of orders are the last two lines', () => {
  const { lines, isGood } = reportOf([fine, fine]);
  assert.deepEqual(lines.slice(-3), ['end states matched 2 of 2', 'graphs matched 2 of 2', 'orders matched 2 of 2']);
  assert.ok(isGood);
});

for (const aspect of ['graph', 'order', 'end state'] as const) {
  test(`a different ${aspect} fails the comparison, unless it is named with its reason`, () => {
    const cases = [fine, comparison('odd', { ...fine.verdicts, [aspect]: different })];
    const unnamed = reportOf(cases, []);
    assert.ok(!unnamed.isGood);
    assert.ok(unnamed.lines.includes(`DIFFERENT: odd: ${aspect}: ${different.detail}`));
    assert.ok(unnamed.lines.includes(`${aspect}s matched 1 of 2`));
    const named = reportOf(cases, [{ name: 'odd', aspect, reason: 'it is odd' }]);
    assert.ok(named.isGood);
    assert.ok(named.lines.includes(`known to differ: odd: ${aspect}: it is odd`));
    assert.ok(named.lines.includes(`${aspect}s matched 1 of 2`), 'named is not matched');
  });
}

test('a saved result that the installed tool does not reproduce is told and not counted', () => {
  const { lines, isGood } = reportOf([comparison('old', { ...fine.verdicts, 'saved graph': different })], []);
  assert.ok(isGood);
  assert.ok(lines.some((line) => line.startsWith('not counted: old:') && line.includes('saved graph')));
  assert.equal(lines.at(-2), 'graphs matched 1 of 1');
});

test('an input that crm_simulate does not answer is told and not counted', () => {
  const { lines, isGood } = reportOf([fine, comparison('bad', {}, 'crm_simulate does not answer: not\n a CIB')], []);
  assert.ok(isGood);
  assert.ok(lines.includes('not counted: bad: crm_simulate does not answer: not a CIB'));
  assert.equal(lines.at(-1), 'orders matched 1 of 1');
});

test('nothing compared is no success', () => {
  assert.ok(!reportOf([]).isGood);
  assert.ok(!reportOf([comparison('bad', {}, 'exit 65')]).isGood);
});

test('a name in the list that no longer differs is told', () => {
  const { lines } = reportOf([fine], [{ name: 'fine', aspect: 'order', reason: 'was odd once' }]);
  assert.ok(lines.includes('no longer different, to be taken off the list: fine: order'));
});
