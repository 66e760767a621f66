import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventJson } from '../cpectl/views/event-view.js';
import { type Expected, firstOutOfOrder, momentOfEvent, momentOfPage, renderTimeline } from './timeline.js';

function event(kind: string, assembly: string, resource: string, timeUnixMs = 0): EventJson {
  const rest = { seq: 1, time: null, deployable: 'shop', instance: '', reason: `${kind} it is`, evidence: null };
  return { ...rest, kind, assembly, resource, timeUnixMs };
}

const log = [
  event('resource-failed', 'db', 'redis'),
  event('resource-stopped', 'web', 'app'),
  event('assembly-started', 'web', ''),
  event('deployable-running', '', ''),
];

const orders: readonly { expected: readonly Expected[]; lacks: Expected | undefined }[] = [
  { expected: [], lacks: undefined },
  {
    expected: [
      ['resource-failed', 'db.redis'],
      ['deployable-running', 'shop'],
    ],
    lacks: undefined,
  },
  {
    expected: [
      ['assembly-started', 'web'],
      ['resource-stopped', 'web.app'],
    ],
    lacks: ['resource-stopped', 'web.app'],
  },
  {
    expected: [
      ['resource-failed', 'db.redis'],
      ['resource-failed', 'db.redis'],
    ],
    lacks: ['resource-failed', 'db.redis'],
  },
  { expected: [['resource-failed', 'db']], lacks: ['resource-failed', 'db'] },
];

test('the first expected event that is not in the log after those before it is named', () => {
  for (const { expected, lacks } of orders) assert.deepEqual(firstOutOfOrder(log, expected), lacks);
});

test('a timeline is sorted by time and counts from its first moment', () => {
  const lines = renderTimeline([
    momentOfPage({ atMs: 1_250, page: { kind: 'failure', reason: 'status 503' } }),
    momentOfEvent(event('resource-failed', 'db', 'redis', 1_007)),
    { atMs: 1_000, subject: 'db', kind: 'SIGKILL', detail: 'x'.repeat(100) },
    momentOfPage({ atMs: 2_500, page: { kind: 'answer', text: '7' } }),
  ]);
  assert.deepEqual(lines, [
    `      +0 ms  db              SIGKILL             ${'x'.repeat(69)}...`,
    '      +7 ms  db.redis        resource-failed     resource-failed it is',
    '    +250 ms  page            fails               status 503',
    '   +1500 ms  page            answers again',
  ]);
});
