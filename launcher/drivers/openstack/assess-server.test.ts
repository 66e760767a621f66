import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assessServer } from './assess-server.js';
import { parseServer } from './server.js';

/** [status, task, power, expected]; powers as Nova numbers them. */
const cases: readonly (readonly [string, string | null, number, string])[] = [
  ['BUILD', 'scheduling', 0, 'unknown'],
  ['BUILD', 'spawning', 0, 'unknown'],
  ['ACTIVE', null, 1, 'working'],
  ['ACTIVE', null, 3, 'paused'],
  ['ACTIVE', null, 7, 'paused'],
  ['ACTIVE', null, 4, 'not-answering'],
  ['ACTIVE', null, 0, 'not-answering'],
  ['ACTIVE', null, 6, 'panicked'],
  ['ACTIVE', 'image_snapshot', 1, 'working'],
  ['ACTIVE', 'powering-off', 1, 'not-answering'],
  ['ACTIVE', 'powering-off', 4, 'not-answering'],
  ['ACTIVE', 'deleting', 1, 'not-answering'],
  ['ERROR', null, 1, 'not-answering'],
  ['ERROR', null, 4, 'not-answering'],
  ['ERROR', null, 0, 'not-answering'],
  ['SHUTOFF', null, 4, 'dead'],
  ['SHUTOFF', null, 6, 'dead'],
  ['SHUTOFF', null, 1, 'not-answering'],
  ['SHUTOFF', null, 0, 'not-answering'],
  ['SHUTOFF', 'powering-on', 4, 'not-answering'],
  ['PAUSED', null, 3, 'paused'],
  ['SUSPENDED', null, 4, 'paused'],
  ['SUSPENDED', 'resuming', 4, 'paused'],
  ['REBOOT', 'rebooting', 1, 'working'],
  ['HARD_REBOOT', 'rebooting_hard', 4, 'working'],
  ['PASSWORD', 'updating_password', 1, 'working'],
  ['MIGRATING', 'migrating', 1, 'working'],
  ['RESIZE', 'resize_migrating', 4, 'not-answering'],
  ['VERIFY_RESIZE', null, 1, 'working'],
  ['VERIFY_RESIZE', null, 4, 'not-answering'],
  ['REVERT_RESIZE', 'resize_reverting', 4, 'not-answering'],
  ['REBUILD', 'rebuilding', 1, 'not-answering'],
  ['RESCUE', null, 1, 'not-answering'],
  ['SHELVED', null, 4, 'dead'],
  ['SHELVED', 'unshelving', 4, 'not-answering'],
  ['SHELVED_OFFLOADED', null, 4, 'dead'],
  ['SHELVED_OFFLOADED', 'spawning', 4, 'not-answering'],
  ['SOFT_DELETED', null, 4, 'dead'],
  ['SOFT_DELETED', null, 1, 'not-answering'],
  ['SOFT_DELETED', 'restoring', 4, 'not-answering'],
  ['DELETED', null, 4, 'unknown'],
  ['UNKNOWN', null, 0, 'unknown'],
  ['SOMETHING_NEW', null, 1, 'unknown'],
];

for (const [status, task, power, expected] of cases) {
  test(`${status}${task === null ? '' : ` while ${task}`} with power state ${power} is ${expected}`, () => {
    assert.equal(verdict({ status, task, power }), expected);
  });
}

test('whatever Nova says of a server whose host is silent was before', () => {
  for (const hostStatus of ['DOWN', 'UNKNOWN']) {
    for (const [status, task, power] of cases) assert.equal(verdict({ status, task, power, hostStatus }), 'unknown');
  }
  assert.equal(verdict({ status: 'ACTIVE', task: null, power: 1, hostStatus: 'MAINTENANCE' }), 'working');
  assert.equal(verdict({ status: 'ACTIVE', task: null, power: 1, hostStatus: '' }), 'working');
});

test('a server in a cell that does not answer can be read, and is unknown', () => {
  const server = parseServer({
    id: 'a',
    status: 'UNKNOWN',
    tenant_id: 'p',
    created: '2018-12-03T21:06:18Z',
    links: [],
  });
  assert.equal(assessServer(server).kind, 'unknown');
  assert.deepEqual(server.metadata, {});
});

function verdict(given: { status: string; task: string | null; power: number; hostStatus?: string }): string {
  const assessment = assessServer(
    parseServer({
      id: 'a',
      name: 'n',
      status: given.status,
      'OS-EXT-STS:task_state': given.task,
      'OS-EXT-STS:power_state': given.power,
      'OS-SRV-USG:launched_at': '2026-03-01T12:00:00.000000',
      hostId: 'h',
      addresses: {},
      metadata: {},
      ...(given.hostStatus === undefined ? {} : { host_status: given.hostStatus }),
    }),
  );
  return assessment.kind === 'alive' ? assessment.condition.kind : assessment.kind;
}
