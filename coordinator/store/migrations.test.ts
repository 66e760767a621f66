import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './audit.js';
import { createMemoryDisk, openMemoryStore } from './memory-store.js';
import { type Migration, migrate, planMigration } from './migrations.js';
import { formatVersion, readFormat } from './transactions.js';

/** Every keyed record gets a longer value. */
const longer: Migration = ({ records }) => {
  for (const key of records.keys('!', '\x7f', 100)) records.put(key, `${records.get(key)} `);
};
const known = new Map([
  [1, longer],
  [2, longer],
]);

test('steps lead from a format to the one that is wanted, or nothing is done', () => {
  assert.deepEqual(planMigration(formatVersion), { kind: 'none' });
  assert.deepEqual(planMigration(3, known, 3), { kind: 'none' });
  assert.deepEqual(planMigration(4, known, 3), { kind: 'too-new', from: 4 });
  assert.deepEqual(planMigration(0, known, 3), { kind: 'too-old', from: 0 });
  assert.deepEqual(planMigration(1, known, 3), { kind: 'migrate', from: 1, steps: [longer, longer] });
});

test('a store that was migrated adds up, and is not migrated twice', async () => {
  const disk = createMemoryDisk();
  const store = openMemoryStore(disk);
  await store.put('lease/shop', { epoch: 1 }, 'absent');
  const plan = planMigration(1, known, 3);
  assert.ok(plan.kind === 'migrate');
  migrate(disk, plan);
  migrate(disk, plan);
  assert.equal(readFormat(disk), 3);
  assert.match(disk.records.get('lease/shop') ?? '', /[^ ] {2}$/);
  assert.equal(audit(disk), undefined);
});
