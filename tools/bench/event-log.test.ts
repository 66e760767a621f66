import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventJson } from '../cpectl/views/event-view.js';
import { eventLog } from './event-log.js';

function event(seq: number, kind: string): EventJson {
  const about = { deployable: 'd', assembly: '', resource: '', instance: '' };
  return { seq, time: null, timeUnixMs: seq, ...about, kind, reason: '', evidence: null };
}

test('the next event is the first that fits after a number, whether it is known already or still to come', async () => {
  const log = eventLog();
  for (const each of [event(1, 'a'), event(2, 'b'), event(3, 'a')]) log.add(each);
  assert.equal(log.lastSeq(), 3);
  assert.equal((await log.next(1, ({ kind }) => kind === 'a')).seq, 3);
  const later = log.next(3, ({ kind }) => kind === 'b');
  log.add(event(4, 'a'));
  log.add(event(5, 'b'));
  assert.equal((await later).seq, 5);
});

test('a log that fails lets nobody wait, but still knows what it has', async () => {
  const log = eventLog();
  log.add(event(1, 'a'));
  const waiting = log.next(1, () => true);
  log.fail(new Error('gone'));
  await assert.rejects(waiting, /gone/);
  await assert.rejects(
    log.next(1, () => true),
    /gone/,
  );
  assert.equal((await log.next(0, () => true)).seq, 1);
});
