import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyDelta, diff } from './delta.js';

test('equal states have no delta', () => {
  assert.equal(diff({ a: { b: [1, 2] } }, { a: { b: [1, 2] } }), undefined);
});

test('a delta names only what changed', () => {
  const same = { big: 1 };
  assert.deepEqual(diff({ same, x: { y: 1, z: 2 }, gone: 1 }, { same, x: { y: 1, z: 3 } }), {
    set: [[['x', 'z'], 3]],
    remove: [['gone']],
  });
});

test('applying the delta from one state to another gives the other', () => {
  const state = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
  const safe = state.map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')) as object);
  fc.assert(
    fc.property(safe, safe, (a, b) => {
      const delta = diff(a, b);
      assert.deepEqual(delta === undefined ? a : applyDelta(a, JSON.parse(JSON.stringify(delta))), b);
    }),
  );
});
