import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestNames, suggestNames } from './suggest-names.js';

const names = ['db.redis', 'db.vm', 'web.nginx', 'web.app', 'web.vm'];

const cases: readonly [string, readonly string[]][] = [
  ['db.reids', ['db.redis']],
  ['DB.REDIS', ['db.redis']],
  ['redis', ['db.redis']],
  ['web.ngnix', ['web.nginx']],
  ['vm', ['db.vm', 'web.vm']],
  ['cache.memcached', []],
];
for (const [wrong, expected] of cases) {
  test(`"${wrong}" was meant as ${expected.join(' or ') || 'nothing that is there'}`, () => {
    assert.deepEqual(nearestNames(wrong, names), expected);
  });
}

test('where nothing is near, what there is is listed, up to a point', () => {
  assert.equal(suggestNames('zzzzzz', []), 'there is none');
  assert.equal(suggestNames('zzzzzz', ['db']), 'there is: db');
  const many = Array.from({ length: 20 }, (_, index) => `assembly-${index}`);
  assert.match(suggestNames('zzzzzz', many), /^there are: assembly-0, .*assembly-11 and 8 more$/);
});
