import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryDisk, openMemoryStore } from '../store/memory-store.js';
import { type AuditDraft, type AuditLog, openAuditLog } from './audit-log.js';

const draft = (what: string, deployable = 'shop'): AuditDraft => ({
  ...{ time: 5, who: 'operator ann', what, deployable, subject: '' },
});

async function write(log: AuditLog, what: string, deployable?: string): Promise<void> {
  const begun = await log.begin(draft(what, deployable));
  assert.equal(begun.kind, 'begun');
  if (begun.kind === 'begun') await begun.end({ outcome: 'done', reason: '', from: '10.0.0.1:4000' });
}

test('an entry is there before its outcome, and has it afterwards', async () => {
  const log = openAuditLog(openMemoryStore(createMemoryDisk()));
  const begun = await log.begin(draft('stopDeployable'));
  const all = { since: 0, limit: 10, deployable: '' };
  assert.deepEqual((await log.read(all)).entries, [
    { ...draft('stopDeployable'), seq: 1, from: '', outcome: 'unknown', reason: '' },
  ]);
  if (begun.kind === 'begun') await begun.end({ outcome: 'refused', reason: 'no such deployable', from: '' });
  assert.deepEqual(
    (await log.read(all)).entries.map(({ outcome, reason }) => [outcome, reason]),
    [['refused', 'no such deployable']],
  );
});

test('entries of two coordinators have one row of numbers, and a new one goes on with it', async () => {
  const disk = createMemoryDisk();
  const [left, right] = [openAuditLog(openMemoryStore(disk)), openAuditLog(openMemoryStore(disk))];
  await write(left, 'a');
  await write(right, 'b');
  await write(left, 'c', 'blog');
  await write(openAuditLog(openMemoryStore(disk)), 'd');
  const { entries, lastSeq } = await left.read({ since: 1, limit: 10, deployable: 'shop' });
  assert.deepEqual(
    [entries.map(({ seq, what }) => [seq, what]), lastSeq],
    [
      [
        [2, 'b'],
        [4, 'd'],
      ],
      4,
    ],
  );
});

test('the oldest entries go', async () => {
  const log = openAuditLog(openMemoryStore(createMemoryDisk()), 3);
  for (const what of ['a', 'b', 'c', 'd', 'e']) await write(log, what);
  const { entries } = await log.read({ since: 0, limit: 10, deployable: '' });
  assert.deepEqual(
    entries.map(({ what }) => what),
    ['c', 'd', 'e'],
  );
});
