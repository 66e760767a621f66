import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf, emptyIdMap, entriesOf, type IdMap, lookUp, valuesOf, withoutValue, withValue } from './id-map.js';

const ids = Array.from({ length: 3000 }, (_, index) => `web-${index % 7}.app${index}`);

function mapOf(known: readonly string[]): IdMap<string> {
  return known.reduce((map, id) => withValue(map, id, id.toUpperCase()), emptyIdMap<string>());
}

test('a map holds what was put into it, and nothing else', () => {
  const map = mapOf(ids);
  assert.equal(map.size, ids.length);
  for (const id of ids) assert.equal(lookUp(map, id), id.toUpperCase());
  for (const id of ['', 'web-0.app', '__proto__', 'constructor']) assert.equal(lookUp(map, id), undefined);
  assert.deepEqual([...entriesOf(map)].map(([id]) => id).sort(), ids.toSorted());
  const again = ids.reduce((next, id) => withValue(next, id, 'x'), map);
  assert.equal(again.size, ids.length);
  assert.deepEqual(new Set(valuesOf(again)), new Set(['x']));
  assert.equal(valuesOf(ids.reduce((next, id) => withoutValue(next, id), again)).length, 0);
});

test('a change leaves the map that it was made of alone, and is the only difference', () => {
  const before = mapOf(ids);
  const table = [
    { after: withValue(before, 'web-1.app1', 'new'), changes: [['web-1.app1', 'WEB-1.APP1', 'new']] },
    { after: withValue(before, 'other', 'new'), changes: [['other', undefined, 'new']] },
    { after: withoutValue(before, 'web-2.app2'), changes: [['web-2.app2', 'WEB-2.APP2', undefined]] },
    { after: withoutValue(before, 'other'), changes: [] },
    { after: before, changes: [] },
  ];
  for (const { after, changes } of table) {
    const found = changesOf(before, after).map((change) => [change.id, change.before, change.after]);
    assert.deepEqual(found, changes);
  }
  assert.equal(before.size, ids.length);
  assert.equal(lookUp(before, 'web-1.app1'), 'WEB-1.APP1');
});

test('ids of one deployable are spread over the shelves', () => {
  const shelves = mapOf(ids.slice(0, 1000)).shelves.flat();
  const fullest = Math.max(...shelves.map((shelf) => shelf.length));
  assert.ok(fullest <= 8, `${fullest} of 1000 on one shelf`);
});
