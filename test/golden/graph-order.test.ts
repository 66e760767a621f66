/** The order of execution of CIBs that are about assemblies, against the installed crm_simulate. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareAll } from './golden-compare-all.js';
import { GRAPH_CASES } from './graph-cases.js';

for (const { name, cib, failure, shows } of GRAPH_CASES) {
  test(`crm_simulate agrees on the order: ${name}`, async () => {
    const drawFailures = () => (failure === undefined ? [] : [failure]);
    const [comparison] = await compareAll([{ name, cib, nowUnixS: 1_700_000_000, drawFailures }]);
    assert.ok(comparison);
    assert.equal(comparison.unanswered, undefined);
    for (const line of shows) assert.match(comparison.order.join('\n'), new RegExp(escaped(line)));
    const same = { kind: 'same' };
    assert.deepEqual(comparison.verdicts, { graph: same, order: same, 'end state': same });
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
