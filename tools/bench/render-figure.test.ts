import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureResult, type Measured } from './figure.js';
import { humanLine, jsonLine } from './render-figure.js';

const withAll: Measured = {
  samples: [14.04321, 13, 16],
  floor: [2.1, 2.3],
  peers: { pm2: [9.4], runit: [4.2] },
  parts: { 'half of the interval': [500] },
};
const alone: Measured = { samples: [1234.5, 1234.5], remark: 'TCG' };
const withPeer: Measured = { samples: [2], peers: { crm_simulate: [51.239] } };

test('a line for programs is one JSON object with exactly these keys, in this order', () => {
  for (const { measured, expected } of [
    {
      measured: withAll,
      expected: '{"figure":"f","value":14.04,"unit":"ms","peers":{"pm2":9.4,"runit":4.2},"floor":2.2,"ratio":6.383}',
    },
    { measured: alone, expected: '{"figure":"f","value":1235,"unit":"ms","peers":{},"floor":null,"ratio":null}' },
    {
      measured: withPeer,
      expected: '{"figure":"f","value":2,"unit":"ms","peers":{"crm_simulate":51.24},"floor":null,"ratio":0.03903}',
    },
  ]) {
    assert.equal(jsonLine(figureResult('f', measured)), expected);
  }
});

test('a line for people names the value, what it compares with, the spread, the parts and the remark', () => {
  const indent = 'f'.padEnd(28);
  for (const { measured, expected } of [
    {
      measured: withAll,
      expected: `${indent}    14.0 ms   floor 2.20 (x6.38), pm2 9.40, runit 4.20; 3 runs, half within 13.5 to 15.0; half of the interval 500`,
    },
    {
      measured: alone,
      expected: `${indent}    1235 ms   nothing to compare with; 2 runs, half within 1235 to 1235; TCG`,
    },
    {
      measured: withPeer,
      expected: `${indent}    2.00 ms   crm_simulate 51.2, best peer (x0.04); 1 runs, half within 2.00 to 2.00`,
    },
  ]) {
    assert.equal(humanLine(figureResult('f', measured), measured), expected);
  }
});
