import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceTag, launcherHostTag, renderMarks } from './server-marks.js';

test('tags keep what Nova demands of them, however long the names are, and stay apart', () => {
  const long = `shop.${'a'.repeat(60)}.${'b'.repeat(60)}`;
  const tags = [
    instanceTag(`${long}.1`),
    instanceTag(`${long}.2`),
    instanceTag('shop.db.north.1'),
    launcherHostTag('north'),
  ];
  assert.equal(new Set(tags).size, tags.length);
  for (const tag of tags) assert.match(tag, /^[^,/]{1,60}$/);
  assert.equal(tags[2], 'cpe-instance=shop.db.north.1');
  assert.equal(instanceTag(`${long}.1`), tags[0]);
});

test('metadata have the whole names', () => {
  const { metadata, tags } = renderMarks(
    { instance: 'shop.db.north.1', deployable: 'shop', assembly: 'db' },
    { launcherHost: 'north', token: 't' },
  );
  assert.deepEqual(metadata, {
    'cpe-instance': 'shop.db.north.1',
    'cpe-deployable': 'shop',
    'cpe-assembly': 'db',
    'cpe-launcher-host': 'north',
    'cpe-start': 't',
  });
  assert.deepEqual(tags, ['cpe-host=north', 'cpe-instance=shop.db.north.1']);
});
