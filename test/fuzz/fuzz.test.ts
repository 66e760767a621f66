import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryInput } from './fuzz-loop.js';
import { fuzzTargets } from './fuzz-targets.js';
import { regressionsOf } from './regressions.js';
import { runFuzz } from './run-fuzz.js';

const targets = fuzzTargets();
const briefMs = 500;
const briefExecutions = 300;
/** Tests share their machine; what takes more than linear time is above this all the same. */
const slack = 4;

test('what once was a finding is none any more', async () => {
  for (const target of targets) {
    for (const { file, input } of regressionsOf(target.name)) {
      const { finding } = await tryInput(target, input, { isCompared: target.isUnsteady !== true, slack });
      assert.equal(finding, undefined, `${file}: ${finding?.kind} ${finding?.detail}`);
    }
  }
});

test('no mutated or made input crashes, hangs or slows down what takes it', { timeout: 180_000 }, async () => {
  const names = targets.map(({ name }) => name);
  const results = await runFuzz({ targets: names, seed: 7, maxMs: briefMs, maxExecutions: briefExecutions, slack });
  for (const { target, findings } of results) {
    const [finding] = findings;
    assert.equal(finding, undefined, `${target}: ${finding?.kind} ${finding?.detail} (make fuzz TARGET=${target})`);
  }
  assert.equal(results.length, names.length);
});
