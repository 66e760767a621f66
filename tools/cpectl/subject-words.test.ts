import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSubjectWords } from './subject-words.js';
import { readWholeOrPart } from './whole-or-part.js';

const named = (deployable: string | undefined, name: string, node?: string) => ({
  kind: 'words',
  deployable,
  name,
  node,
});

const cases: readonly [readonly string[], Parameters<typeof readSubjectWords>[1], object][] = [
  [['db'], {}, named(undefined, 'db')],
  [['db.redis'], {}, named(undefined, 'db.redis')],
  [['shop', 'db'], {}, named('shop', 'db')],
  [['shop', 'db.redis'], {}, named('shop', 'db.redis')],
  [['shop/db.vm'], {}, named('shop', 'db.vm')],
  [['db.vm'], { deployable: 'shop' }, named('shop', 'db.vm')],
  [['shop', 'shop/db'], { deployable: 'shop' }, named('shop', 'db')],
  [['db.vm', 'left'], { takesNode: true }, named(undefined, 'db.vm', 'left')],
  [['shop', 'db.vm', 'left'], { takesNode: true }, named('shop', 'db.vm', 'left')],
  [['shop/db.vm', 'left'], { takesNode: true }, named('shop', 'db.vm', 'left')],
];
for (const [words, options, expected] of cases) {
  test(`"${words.join(' ')}" names ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(readSubjectWords(words, options), expected);
  });
}

const wrong: readonly [readonly string[], RegExp][] = [
  [[''], /no name/],
  [['shop', ''], /no name/],
  [['a.b.c'], /no name/],
  [['a*'], /no name/],
  [['/db'], /too many slashes/],
  [['db.vm', 'left'], /one word too many: left/],
  [['shop', 'cart/db'], /two deployables are named: shop and cart/],
];
for (const [words, expected] of wrong) {
  test(`"${words.join(' ')}" names nothing`, () => {
    const read = readSubjectWords(words);
    assert.equal(read.kind, 'failure');
    assert.match(read.kind === 'failure' ? `${read.exit} ${read.message}` : '', expected);
  });
}

test('a single word without a dot is a whole deployable where a whole one is allowed', () => {
  assert.deepEqual(readWholeOrPart(['shop'], undefined), { kind: 'whole', deployable: 'shop' });
  assert.deepEqual(readWholeOrPart([], 'shop'), { kind: 'whole', deployable: 'shop' });
  assert.deepEqual(readWholeOrPart(['shop/db.redis'], undefined), named('shop', 'db.redis'));
  assert.equal(readWholeOrPart(['db'], 'shop').kind, 'failure');
  assert.equal(readWholeOrPart([], undefined).kind, 'failure');
});
