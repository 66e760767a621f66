import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredEvent } from '../store/store.js';
import { listFailures } from './failure-list.js';

type Draft = Pick<StoredEvent, 'kind'> & Partial<StoredEvent>;

function events(...drafts: readonly Draft[]): StoredEvent[] {
  return drafts.map((draft, at) => ({
    seq: at + 1,
    time: 1_000 * (at + 1),
    deployable: 'shop',
    reason: 'r',
    ...draft,
  }));
}

const resource = { assembly: 'web', resource: 'app' };
const failed: Draft = { kind: 'resource-failed', ...resource };
const died: Draft = { kind: 'assembly-failed', assembly: 'web', instance: 'shop.web.h1.1-1' };

const cases: readonly { readonly name: string; readonly events: readonly Draft[]; readonly recoveries: string[] }[] = [
  { name: 'nothing has failed', events: [{ kind: 'resource-started', ...resource }], recoveries: [] },
  { name: 'what failed is open', events: [failed], recoveries: [''] },
  {
    name: 'its agent restarts it',
    events: [failed, { kind: 'resource-recovered', ...resource }],
    recoveries: ['restarted by its agent'],
  },
  {
    name: 'it is started again',
    events: [failed, { kind: 'resource-started', ...resource }],
    recoveries: ['restarted in order'],
  },
  {
    name: 'another resource is started',
    events: [failed, { kind: 'resource-started', assembly: 'web', resource: 'other' }],
    recoveries: [''],
  },
  {
    name: 'a resource of another assembly is started',
    events: [failed, { kind: 'resource-started', assembly: 'db', resource: 'app' }],
    recoveries: [''],
  },
  {
    name: 'the assembly runs again, its resource does not yet',
    events: [failed, died, { kind: 'assembly-running', assembly: 'web' }],
    recoveries: ['recovered with a new instance', ''],
  },
  {
    name: 'everything runs again',
    events: [failed, died, { kind: 'deployable-running' }],
    recoveries: ['recovered', 'recovered'],
  },
  {
    name: 'another deployable runs again',
    events: [died, { kind: 'deployable-running', deployable: 'blog' }],
    recoveries: [''],
  },
  {
    name: 'attempts are exhausted',
    events: [died, { kind: 'deployable-halted' }],
    recoveries: ['stopped: attempts exhausted'],
  },
  {
    name: 'it fails, is recovered and fails again',
    events: [failed, { kind: 'resource-recovered', ...resource }, failed],
    recoveries: ['', 'restarted by its agent'],
  },
];

for (const { name, events: drafts, recoveries } of cases) {
  test(`failures, newest first, when ${name}`, () => {
    const failures = listFailures(events(...drafts), 10);
    assert.deepEqual(
      failures.map(({ recovery }) => recovery),
      recoveries,
    );
  });
}

test('a failure says what, where, why and when it was recovered', () => {
  const [failure] = listFailures(
    events({ ...failed, evidence: { rc: 7 } }, { kind: 'resource-recovered', ...resource, time: 2_000.4 }),
    10,
  );
  assert.deepEqual(failure, {
    seq: 1,
    timeUnixMs: 1_000,
    deployable: 'shop',
    assembly: 'web',
    resource: 'app',
    instance: '',
    what: 'resource-failed',
    reason: 'r',
    recovery: 'restarted by its agent',
    recoveredUnixMs: 2_000,
    evidenceJson: '{"rc":7}',
  });
});

test('the list is bounded', () => {
  assert.deepEqual(
    listFailures(events(failed, died, failed), 2).map(({ seq }) => seq),
    [3, 2],
  );
});
