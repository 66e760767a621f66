import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { History } from '../../state/history.js';
import { connectionResource, recordAgentLost, recordInstanceDead, vmResource } from '../../state/instance-record.js';
import { executionStatus, failCount, type ResourceDescriptor, recordResult } from '../../state/record.js';
import { emptyState } from '../persisted-state.js';
import { isRunning } from './cib-input-of.js';
import type { DpeState, VolatileState } from './dpe-state.js';
import { step } from './step.js';

const dummy: ResourceDescriptor = { id: 'web.app', class: 'ocf', provider: 'heartbeat', type: 'Dummy' };
const now = 1_800_000_000_000;
const fact = { assembly: 'web', host: 'h1', at: now, reason: 'gone' };

let calls = 0;
function ran(history: History, node: string, resource: ResourceDescriptor, operation: string, rc = 0, intervalMs = 0) {
  calls += 1;
  return recordResult(history, node, resource, {
    operation,
    intervalMs,
    expectedRc: 0,
    transition: 1,
    action: calls,
    digest: '',
    callId: calls,
    rc,
    status: executionStatus.done,
    changedAt: now,
    execMs: 0,
    queueMs: 0,
    exitReason: '',
  });
}

function started(history: History, node: string, resource: ResourceDescriptor, intervalMs: number): History {
  return ran(ran(history, node, resource, 'start'), node, resource, 'monitor', 0, intervalMs);
}

const up = started(
  started(started({}, 'h1', vmResource('web'), 10_000), 'h1', connectionResource('web'), 30_000),
  'web',
  dummy,
  5_000,
);

function stateWith(history: History): DpeState {
  const empty = emptyState('shop');
  const volatile: VolatileState = {
    epoch: 1,
    incarnation: 'x',
    options: {
      heartbeatIntervalMs: 1_000,
      agentLostAfterMs: 15_000,
      launcherSilentAfterMs: 5_000,
      adoptionGraceMs: 10_000,
      expectedHosts: [],
      heldRetryMs: 5_000,
    },
    dialect: { featureSet: '3.16.2', schema: 'pacemaker-3.9' },
    startedAt: now,
    bus: { isConnected: true, since: now },
    launchers: {},
    agents: {},
    engine: { kind: 'idle' },
    pendingTrigger: undefined,
    orders: {},
    inherited: {},
    operationCount: 0,
    isSettled: true,
    recheckAt: undefined,
    lastDecisionFailure: undefined,
    recentDecisions: [],
    nextDecisionAt: 0,
  };
  const instance = { kind: 'running', id: 'shop.web.h1.1-1', host: 'h1', at: now } as const;
  const web = { instance, isConnected: true, mayStartAt: 0, since: now, reason: '' };
  const desired = { revision: 1, state: 'running' } as const;
  return { durable: { ...empty, desired, history, assemblies: { web } }, volatile };
}

const cases: readonly {
  readonly name: string;
  readonly history: History;
  readonly subject: readonly [node: string, id: string];
  readonly isUp: boolean;
  readonly isKnown: boolean;
}[] = [
  {
    name: 'a resource that failed and was not recovered yet is probed',
    history: ran(up, 'web', dummy, 'monitor', 7, 5_000),
    subject: ['web', 'web.app'],
    isUp: false,
    isKnown: false,
  },
  {
    name: 'a resource that failed and runs again stays',
    history: started(ran(up, 'web', dummy, 'monitor', 7, 5_000), 'web', dummy, 5_000),
    subject: ['web', 'web.app'],
    isUp: true,
    isKnown: true,
  },
  {
    name: 'an instance that died is still known to be dead',
    history: recordInstanceDead(up, fact),
    subject: ['h1', 'web.vm'],
    isUp: false,
    isKnown: true,
  },
  {
    name: 'an agent that is lost is still known to be lost',
    history: recordAgentLost(up, fact),
    subject: ['h1', 'web'],
    isUp: false,
    isKnown: true,
  },
  {
    name: 'a VM that was stopped after its failures is tried again',
    history: ran(recordInstanceDead(up, fact), 'h1', vmResource('web'), 'stop'),
    subject: ['h1', 'web.vm'],
    isUp: false,
    isKnown: false,
  },
];

for (const { name, history, subject, isUp, isKnown } of cases) {
  test(`when an operator starts the deployable again, ${name}`, () => {
    const event = { kind: 'desired-changed', revision: 2, state: 'running', now } as const;
    const after = step(stateWith(history), event).state.durable.history;
    const [node, id] = subject;
    assert.equal(isRunning(after, node, id), isUp);
    assert.equal(after[node]?.resources[id] !== undefined, isKnown);
    if (!isKnown) assert.equal(failCount(after, node, id), 0);
  });
}
