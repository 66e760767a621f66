import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBenchOptions } from './bench-options.js';

const figures = ['one', 'two'];

test('the environment says what to measure, how often, and for whom', () => {
  const usual = { json: false, figure: undefined, runs: undefined, accelerator: undefined };
  for (const { environment, expected } of [
    { environment: {}, expected: usual },
    { environment: { JSON: '', FIGURE: '', RUNS: '' }, expected: usual },
    { environment: { JSON: '0' }, expected: usual },
    { environment: { JSON: '1' }, expected: { ...usual, json: true } },
    { environment: { ACCELERATOR: 'tcg' }, expected: { ...usual, accelerator: 'tcg' } },
    { environment: { FIGURE: 'two', RUNS: '3' }, expected: { ...usual, figure: 'two', runs: 3 } },
  ]) {
    assert.deepEqual(parseBenchOptions(environment, figures), { kind: 'options', options: expected });
  }
});

test('what cannot be meant is refused with what is allowed', () => {
  for (const { environment, message } of [
    { environment: { FIGURE: 'three' }, message: /FIGURE=three: .*one, two/ },
    { environment: { ACCELERATOR: 'xen' }, message: /ACCELERATOR=xen: .*kvm, tcg/ },
    { environment: { RUNS: '0' }, message: /RUNS=0: .*1 to 10000/ },
    { environment: { RUNS: '2.5' }, message: /RUNS=2\.5/ },
    { environment: { RUNS: '-1' }, message: /RUNS=-1/ },
    { environment: { RUNS: '10001' }, message: /RUNS=10001/ },
    { environment: { RUNS: 'many' }, message: /RUNS=many/ },
  ]) {
    const parsed = parseBenchOptions(environment, figures);
    assert.equal(parsed.kind, 'invalid');
    assert.match(parsed.kind === 'invalid' ? parsed.message : '', message);
  }
});
