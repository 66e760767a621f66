import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartDigest } from '../../policy/digest.js';
import type { DpeEvent, OperationOutcome } from './dpe-event.js';
import type { Order } from './dpe-state.js';
import { sampleNow as now, sampleInstance, sampleResource, sampleState } from './sample-state.js';
import { step } from './step.js';

const { class: agentClass, provider, type } = sampleResource;
const userData = { transition: 4, action: 7, expectedRc: 0, digest: 'd', class: agentClass, provider, type };
const parameters = new Map([
  ['name', 'a'],
  ['level', '1'],
]);

function ordered(operation: string): Order {
  const times = { issuedAt: now, expiresAt: now + 60_000 };
  const what = { operation, intervalMs: 0, timeoutMs: 20_000, isCancel: false };
  const where = { assembly: 'web', instance: sampleInstance.id, resource: sampleResource };
  return { kind: 'agent', ...where, ...what, userData, parameters, action: undefined, ...times };
}

function answered(operation: string, change: Partial<OperationOutcome>): DpeEvent {
  const times = { startedAt: now, endedAt: now, queueMs: 0, timeoutMs: 20_000 };
  const said = { rc: 0, status: 'done', exitReason: '', output: '' } as const;
  const result = { resource: 'web.app', operation, intervalMs: 0, callId: 9, ...times, ...said, userData, ...change };
  const report = { kind: 'order-result', operationId: 'o', result } as const;
  return { kind: 'agent-report', instance: sampleInstance.id, sequence: 5, report, token: 5, now, chance: 0 };
}

function recorded(operation: string, change: Partial<OperationOutcome>, orders = { o: ordered(operation) }) {
  const { state } = step(sampleState({ orders }), answered(operation, change));
  return state.durable.history.web?.resources['web.app']?.records['web.app_last_0'];
}

for (const operation of ['start', 'reload-agent']) {
  test(`a ${operation} of an agent that can reload is recorded with what its parameters were`, () => {
    const record = recorded(operation, { restartParameters: ['name', 'path'] });
    assert.equal(record?.operation, 'start');
    assert.deepEqual(record?.restart, restartDigest([['name', 'a']], ['name', 'path']));
    assert.notDeepEqual(record?.restart, restartDigest([['name', 'b']], ['name', 'path']));
  });
}

test('without the agent, or the order, nothing is recorded that a reload could be planned by', () => {
  assert.equal(recorded('start', {})?.restart, undefined);
  const forgotten = step(sampleState(), answered('start', { restartParameters: [] })).state.durable.history;
  assert.equal(forgotten.web?.resources['web.app']?.records['web.app_last_0']?.restart, undefined);
});

test('what can be reloaded is still known after a local recovery', () => {
  const before = step(
    sampleState({ orders: { o: ordered('start') } }),
    answered('start', { restartParameters: ['name'] }),
  );
  const known = before.state.durable.history.web?.resources['web.app']?.records['web.app_last_0']?.restart;
  assert.ok(known);
  const result = (operation: string, callId: number, rc: number, intervalMs = 0): OperationOutcome => {
    const event = answered(operation, { callId, rc, intervalMs, userData: undefined });
    assert.ok(event.kind === 'agent-report' && event.report.kind === 'order-result');
    return event.report.result;
  };
  const report = {
    kind: 'local-recovery',
    resource: 'web.app',
    failure: result('monitor', 10, 7, 5000),
    stop: result('stop', 11, 0),
    start: result('start', 12, 0),
    monitor: result('monitor', 13, 0, 5000),
    verdict: 'recovered',
    reason: 'failure 1 of 3',
    failures: 1,
    detectedAt: now,
    recoveredAt: now,
  } as const;
  const event = {
    kind: 'agent-report',
    instance: sampleInstance.id,
    sequence: 6,
    report,
    token: 6,
    now,
    chance: 0,
  } as const;
  const record = step(before.state, event).state.durable.history.web?.resources['web.app']?.records['web.app_last_0'];
  assert.equal(record?.callId, 12);
  assert.deepEqual(record?.restart, known);
});
