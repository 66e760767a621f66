import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operationDigest } from './digest.js';

/** Digests that crm_simulate 2.1.5 writes for the same operations. */
const cases = [
  { name: 'no parameters', parameters: {}, intervalMs: 0, digest: 'f2317cad3d54cec5d7d7aa7d0bf35cf8' },
  { name: 'a recurring operation', parameters: {}, intervalMs: 10_000, digest: '4811cef7f7f94e3a35a70be7916cb2fd' },
  {
    name: 'parameters in any order, one with quotes',
    parameters: { user: 'a "b"', port: '6379' },
    intervalMs: 0,
    digest: '2a7b14a834f971c462e205c87e619511',
  },
  {
    name: 'meta attributes left out',
    parameters: {
      CRM_meta_timeout: '9',
      CRM_meta_op_target_rc: '7',
      port: '6379',
      user: 'a "b"',
      crm_feature_set: '3',
    },
    intervalMs: 0,
    digest: '2a7b14a834f971c462e205c87e619511',
  },
];

for (const { name, parameters, intervalMs, digest } of cases) {
  test(`the digest of ${name} is the scheduler's`, () => {
    assert.equal(operationDigest(parameters as Record<string, string>, 'start', intervalMs, 20_000), digest);
  });
}
