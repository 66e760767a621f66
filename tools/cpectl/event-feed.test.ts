import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../proto/messages.js';
import { followEvents, latestEvents, readEvents } from './event-feed.js';
import { sampleEvent, scriptedCoordinator } from './scripted-coordinator.js';

const everything = { deployable: '', since: 0, limit: Number.MAX_SAFE_INTEGER };

/** Every tenth event is of `rare`. */
function fill(count: number): ReturnType<typeof scriptedCoordinator> {
  const coordinator = scriptedCoordinator();
  for (let seq = 1; seq <= count; seq++) {
    coordinator.events.push(sampleEvent(seq, { deployable: seq % 10 === 0 ? 'rare' : 'shop' }));
  }
  return coordinator;
}

function collector(): { readonly take: (event: Event) => void; readonly seqs: number[] } {
  const seqs: number[] = [];
  return { seqs, take: ({ seq }) => void seqs.push(seq) };
}

test('reading takes every event of the range, over many pages', async () => {
  const { take, seqs } = collector();
  assert.deepEqual(await readEvents(fill(1_234), { ...everything, since: 34 }, take), { kind: 'done' });
  assert.deepEqual(
    seqs,
    Array.from({ length: 1_200 }, (_, index) => 35 + index),
  );
});

test('reading stops at the limit', async () => {
  const { take, seqs } = collector();
  await readEvents(fill(20), { ...everything, since: 5, limit: 3 }, take);
  assert.deepEqual(seqs, [6, 7, 8]);
});

test('a page that is too large to be sent is asked for in smaller ones', async () => {
  const coordinator = fill(5);
  coordinator.eventErrors.push('too-large', 'too-large');
  const { take, seqs } = collector();
  await readEvents(coordinator, everything, take);
  assert.deepEqual(seqs, [1, 2, 3, 4, 5]);
});

const latestCases: readonly [string, number, string, number, readonly number[], boolean][] = [
  ['the newest events', 20, '', 3, [18, 19, 20], true],
  ['all of a short log', 2, '', 3, [1, 2], false],
  ['nothing of an empty log', 0, '', 3, [], false],
  ['exactly as many as there are', 3, '', 3, [1, 2, 3], false],
  ["a deployable's newest events, however far apart", 1_000, 'rare', 3, [980, 990, 1_000], true],
  ['the few that a deployable has', 25, 'rare', 3, [10, 20], false],
];

for (const [name, count, deployable, wanted, seqs, hasOlder] of latestCases) {
  test(`the latest events are ${name}`, async () => {
    const latest = await latestEvents(fill(count), { deployable, count: wanted });
    assert.equal(latest.kind, 'events');
    if (latest.kind !== 'events') return;
    assert.deepEqual(
      latest.events.map(({ seq }) => seq),
      seqs,
    );
    assert.equal(latest.hasOlder, hasOlder);
    assert.equal(latest.newest, count);
  });
}

test('following loses and doubles nothing while the coordinator restarts', async () => {
  const coordinator = fill(10);
  let questions = 0;
  coordinator.onQuestion = () => {
    questions += 1;
    if (questions === 2) coordinator.eventErrors.push('disconnected', 'no-responder');
    if (questions === 3) coordinator.events.push(sampleEvent(11), sampleEvent(12));
  };
  const { take, seqs } = collector();
  const gaps: boolean[] = [];
  const onGap = (isOpen: boolean) => void gaps.push(isOpen);
  const outcome = await followEvents(coordinator, { ...everything, limit: 12 }, { take, onGap });
  assert.deepEqual(outcome, { kind: 'done' });
  assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.deepEqual(gaps, [true, false]);
});

test('following ends with a refusal that would last', async () => {
  const coordinator = fill(1);
  coordinator.eventErrors.push('unsupported-version');
  const outcome = await followEvents(coordinator, everything, { take: () => {}, onGap: () => {} });
  assert.equal(outcome.kind, 'failure');
});
