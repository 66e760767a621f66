import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearFailCount, failCount } from './fail-count.js';
import { deleteResource } from './forget.js';
import type { History } from './history.js';
import { nextCallId } from './history-edit.js';
import {
  cancelRecurring,
  executionStatus,
  exitCode,
  failResource,
  type OperationResult,
  type ResourceDescriptor,
  recordLocalRecovery,
  recordPending,
  recordResult,
} from './record.js';

const redis: ResourceDescriptor = { id: 'db.redis', class: 'ocf', provider: 'heartbeat', type: 'redis' };
const vm: ResourceDescriptor = { id: 'db.vm', class: 'ocf', provider: 'cpe', type: 'assembly' };

function result(
  operation: string,
  intervalMs: number,
  callId: number,
  change: Partial<OperationResult> = {},
): OperationResult {
  return {
    operation,
    intervalMs,
    callId,
    expectedRc: 0,
    transition: 3,
    action: 9,
    digest: `digest of ${operation}`,
    rc: 0,
    status: executionStatus.done,
    changedAt: 1_700_000_000_900,
    execMs: 5,
    queueMs: 0,
    exitReason: '',
    ...change,
  };
}

function after(...results: OperationResult[]): History {
  return results.reduce((history, each) => recordResult(history, 'db', redis, each), {} as History);
}

/** `id operation rc status callId` of each record. */
function records(history: History, id = 'db.redis', node = 'db'): readonly string[] {
  return Object.values(history[node]?.resources[id]?.records ?? {})
    .map(
      (record) =>
        `${record.id.slice(id.length + 1)} ${record.operation} ${record.rc} ${record.status} ${record.callId}`,
    )
    .sort();
}

const start = result('start', 0, 1);
const monitor = result('monitor', 10_000, 2);
const failed = { rc: 7, exitReason: 'gone' };

const cases: readonly {
  readonly name: string;
  readonly results: readonly OperationResult[];
  readonly records: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
}[] = [
  {
    name: 'successes of start and monitor are recorded apart',
    results: [start, monitor],
    records: ['last_0 start 0 0 1', 'monitor_10000 monitor 0 0 2'],
  },
  {
    name: 'a probe that finds nothing is a success',
    results: [result('monitor', 0, 1, { rc: 7, expectedRc: 7 })],
    records: ['last_0 monitor 7 0 1'],
  },
  {
    name: 'a failed recurring monitor leaves the last success and counts',
    results: [start, monitor, result('monitor', 10_000, 2, failed)],
    records: ['last_0 start 0 0 1', 'last_failure_0 monitor 7 0 2', 'monitor_10000 monitor 0 0 2'],
    attributes: { 'fail-count-db.redis#monitor_10000': '1', 'last-failure-db.redis#monitor_10000': '1700000000' },
  },
  {
    name: 'an error that means "not running" is done: the scheduler judges',
    results: [result('monitor', 10_000, 2, { ...failed, status: executionStatus.error })],
    records: ['last_failure_0 monitor 7 0 2'],
    attributes: { 'fail-count-db.redis#monitor_10000': '1', 'last-failure-db.redis#monitor_10000': '1700000000' },
  },
  {
    name: 'a failed start is the last operation and the last failure',
    results: [result('start', 0, 1, { rc: 1 })],
    records: ['last_0 start 1 0 1', 'last_failure_0 start 1 0 1'],
    attributes: { 'fail-count-db.redis#start_0': '1', 'last-failure-db.redis#start_0': '1700000000' },
  },
  {
    name: 'a stop that was never answered counts for ever',
    results: [start, result('stop', 0, -1, { rc: 1, status: executionStatus.timeout })],
    records: ['last_0 stop 1 2 -1', 'last_failure_0 stop 1 2 -1'],
    attributes: { 'fail-count-db.redis#stop_0': 'INFINITY', 'last-failure-db.redis#stop_0': '1700000000' },
  },
  {
    name: 'a stop keeps the records of monitors and failures',
    results: [start, monitor, result('monitor', 10_000, 2, failed), result('stop', 0, 3)],
    records: ['last_0 stop 0 0 3', 'last_failure_0 monitor 7 0 2', 'monitor_10000 monitor 0 0 2'],
    attributes: { 'fail-count-db.redis#monitor_10000': '1', 'last-failure-db.redis#monitor_10000': '1700000000' },
  },
  {
    name: 'an unexpected probe result does not count',
    results: [result('monitor', 0, 1, { rc: 0, expectedRc: 7 })],
    records: ['last_0 monitor 0 0 1', 'last_failure_0 monitor 0 0 1'],
  },
  {
    name: 'an ignored failure is dated and not counted',
    results: [result('monitor', 10_000, 2, { ...failed, ignoresFailure: true })],
    records: ['last_failure_0 monitor 7 0 2'],
    attributes: { 'last-failure-db.redis#monitor_10000': '1700000000' },
  },
  {
    name: 'a cancelled monitor loses its record',
    results: [start, monitor, result('monitor', 10_000, 2, { status: executionStatus.cancelled })],
    records: ['last_0 start 0 0 1'],
  },
  {
    name: 'a reload is recorded as a start',
    results: [start, result('reload-agent', 0, 2)],
    records: ['last_0 start 0 0 2'],
  },
  {
    name: 'operations without a history leave none',
    results: [result('delete', 0, 1), result('notify', 0, 2), result('cancel', 0, 3), result('meta-data', 0, 4)],
    records: [],
  },
];

for (const { name, results, records: expected, attributes } of cases) {
  test(name, () => {
    const history = after(...results);
    assert.deepEqual(records(history), expected);
    assert.deepEqual(history.db?.attributes ?? {}, attributes ?? {});
  });
}

test('a pending operation takes the place of the last one, and its result the place of both', () => {
  const pending = recordPending(after(start), 'db', redis, result('stop', 0, 7), 1);
  assert.deepEqual(records(pending), ['last_0 stop 193 -1 -1']);
  assert.deepEqual(records(recordResult(pending, 'db', redis, result('stop', 0, 2))), ['last_0 stop 0 0 2']);
});

test('a local recovery counts the failure and renews start and monitor with their digests, without a last failure', () => {
  const run = { changedAt: 1_700_000_001_000, execMs: 1, queueMs: 0 };
  const history = recordLocalRecovery(after(start, monitor), 'db', redis, {
    failure: { intervalMs: 10_000, at: 1_700_000_000_000 },
    start: { ...run, callId: 5 },
    monitor: { ...run, callId: 6 },
  });
  assert.deepEqual(records(history), ['last_0 start 0 0 5', 'monitor_10000 monitor 0 0 6']);
  assert.equal(history.db?.resources['db.redis']?.records['db.redis_last_0']?.digest, 'digest of start');
  assert.equal(failCount(history, 'db', 'db.redis'), 1);
});

test('fail counts add up over operations, and are cleared one by one or all, with the record of the last failure', () => {
  const history = after(start, result('monitor', 10_000, 2, failed), result('start', 0, 3, { rc: 1 }));
  assert.equal(failCount(history, 'db', 'db.redis'), 2);
  const one = clearFailCount(history, 'db', 'db.redis', { operation: 'monitor', intervalMs: 10_000 });
  assert.equal(failCount(one, 'db', 'db.redis'), 1);
  assert.ok(records(one).includes('last_failure_0 start 1 0 3'));
  const all = clearFailCount(history, 'db', 'db.redis');
  assert.deepEqual(all.db?.attributes, {});
  assert.deepEqual(records(all), ['last_0 start 1 0 3']);
});

test('a failure of stop leaves an infinite fail count, whatever else failed', () => {
  const history = after(start, result('stop', 0, 2, { rc: 1 }), result('monitor', 10_000, 3, failed));
  assert.equal(failCount(history, 'db', 'db.redis'), Number.POSITIVE_INFINITY);
});

test('a declared failure is newer than everything, and later results of VMs and connections are newer still', () => {
  const started = recordResult({}, 'h1', vm, result('start', 0, 1));
  const failure = { intervalMs: 10_000, rc: exitCode.notRunning, at: 1, exitReason: 'dead' };
  const declared = failResource(failResource(started, 'h1', vm, failure), 'h1', vm, failure);
  assert.deepEqual(records(declared, 'db.vm', 'h1'), ['last_0 start 0 0 1', 'last_failure_0 asyncmon 7 0 3']);
  const stopped = recordResult(declared, 'h1', vm, result('stop', 0, 2));
  assert.ok(records(stopped, 'db.vm', 'h1').includes('last_0 stop 0 0 4'));
  assert.equal(nextCallId(stopped, 'h1'), 5);
});

test('a stopped VM takes what was known inside of its instance with it', () => {
  const inside = after(start, result('monitor', 10_000, 2, failed));
  const stopped = recordResult(inside, 'h1', vm, result('stop', 0, 1));
  assert.equal(Object.hasOwn(stopped, 'db'), false);
  const unstopped = recordResult(inside, 'h1', vm, result('stop', 0, 1, { rc: 1 }));
  assert.equal(Object.hasOwn(unstopped, 'db'), true);
});

test('forgetting what is not there changes nothing', () => {
  const history = after(start);
  assert.equal(deleteResource(history, 'db', 'db.other'), history);
  assert.equal(deleteResource(history, 'constructor', 'db.redis'), history);
  assert.equal(cancelRecurring(history, 'db', 'db.redis', { operation: 'monitor', intervalMs: 5 }), history);
  assert.equal(clearFailCount(history, 'elsewhere', 'db.redis'), history);
});

test('no function changes the history that it is given', () => {
  const history = after(start, monitor);
  const before = structuredClone(history);
  recordResult(history, 'db', redis, result('stop', 0, 3, { rc: 1 }));
  recordPending(history, 'db', redis, result('stop', 0, 3), 1);
  clearFailCount(history, 'db', 'db.redis');
  deleteResource(history, 'db', 'db.redis');
  assert.deepEqual(history, before);
});
