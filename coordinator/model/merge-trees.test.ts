import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNull, type Tree } from './document-tree.js';
import { countValues, mergeTrees } from './merge-trees.js';
import { parseYaml } from './parse-yaml.js';
import { collectProblems } from './report.js';

function tree(text: string): Tree {
  return parseYaml(text, collectProblems().report) ?? assert.fail(text);
}

/** What a tree holds, places apart. */
function plain(of: Tree): unknown {
  switch (of.kind) {
    case 'map':
      return Object.fromEntries(of.entries.map(({ key, value }) => [key, plain(value)]));
    case 'list':
      return of.items.map(plain);
    case 'scalar':
      return isNull(of) ? null : of.text;
    default:
      return of.kind;
  }
}

test('own values win, and maps merge by key all the way down', () => {
  const cases: [own: string, base: string, merged: unknown][] = [
    ['{ a: 1 }', '{ a: 2, b: 3 }', { a: '1', b: '3' }],
    ['{ a: { x: 1 } }', '{ a: { x: 2, y: { z: 3 } } }', { a: { x: '1', y: { z: '3' } } }],
    ['{ a: { y: { q: 1 } } }', '{ a: { y: { z: 3 } } }', { a: { y: { q: '1', z: '3' } } }],
    ['{ a: [1] }', '{ a: [2, 3] }', { a: ['1'] }],
    ['{ a: }', '{ a: 2 }', { a: '2' }],
    ['{ a: "" }', '{ a: 2 }', { a: '' }],
    ['{ a: 1 }', '{ a: { b: 2 } }', { a: '1' }],
    ['{ a: { b: 2 } }', '{ a: 1 }', { a: { b: '2' } }],
    ['{ a: 1 }', 'x', { a: '1' }],
    ['~', '{ a: 1 }', { a: '1' }],
  ];
  for (const [own, base, merged] of cases) {
    assert.deepEqual(plain(mergeTrees(tree(own), tree(base))), merged, `${own} over ${base}`);
  }
});

test('every value keeps the place where it is written', () => {
  const merged = mergeTrees(tree('{ a: 1 }'), tree('\n\n{ a: 2, b: 3 }'));
  const places = merged.kind === 'map' ? merged.entries.map(({ at, value }) => [at.line, value.line]) : [];
  assert.deepEqual(places, [
    [1, 1],
    [3, 3],
  ]);
});

test('maps, lists and scalars count as values', () => {
  assert.equal(countValues(tree('{ a: [1, 2], b: { c: } }')), 6);
});
