import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assessReach } from './out-of-reach.js';

const hosts = [
  { name: 'left', state: 'in-service', reason: '' },
  { name: 'right', state: 'silent', reason: 'no beat for 9 s' },
  { name: 'dead', state: 'dead', reason: 'switched off (operator ann)' },
];
const web = { name: 'web', state: 'lost', launcherHost: 'right' };
const why = 'silent: no beat for 9 s';

for (const [title, others, expected] of [
  ['all that is left is on silent hosts', [], ['web']],
  ['what has stopped is not waited for', [{ name: 'db', state: 'stopped', launcherHost: '' }], ['web']],
  ['one that can still stop is waited for', [{ name: 'db', state: 'stopping', launcherHost: 'left' }], []],
  ['one on a host that was proven dead will be given up', [{ name: 'db', state: 'lost', launcherHost: 'dead' }], []],
  ['one without a host is waited for', [{ name: 'db', state: 'back-off', launcherHost: '' }], []],
] as const) {
  test(title, () => {
    const found = assessReach([web, ...others], hosts);
    assert.deepEqual(
      found,
      expected.map((assembly) => ({ assembly, host: 'right', why })),
    );
  });
}

test('of a deployable of which nothing is left nothing is out of reach', () => {
  assert.deepEqual(assessReach([], hosts), []);
});
