import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failCount } from '../../state/fail-count.js';
import type { History } from '../../state/history.js';
import { recordAgentLost, recordInstanceDead, vmResource } from '../../state/instance-record.js';
import { isRunning } from './cib-input-of.js';
import { sampleHistory, sampleNow, sampleResource, sampleState, withResult } from './sample-state.js';
import { step } from './step.js';

const up = sampleHistory();
const fact = { assembly: 'web', host: 'h1', at: sampleNow, reason: 'gone' };
const crashed = withResult(up, 'web', sampleResource, { operation: 'monitor', rc: 7, intervalMs: 5_000, callId: 3 });

const cases: readonly {
  readonly name: string;
  readonly history: History;
  readonly subject: readonly [node: string, id: string];
  readonly isUp: boolean;
  readonly isKnown: boolean;
}[] = [
  {
    name: 'a resource that failed and was not recovered yet is probed',
    history: crashed,
    subject: ['web', 'web.app'],
    isUp: false,
    isKnown: false,
  },
  {
    name: 'a resource that failed and runs again stays',
    history: withResult(crashed, 'web', sampleResource, { operation: 'start', callId: 4 }),
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
    history: withResult(recordInstanceDead(up, fact), 'h1', vmResource('web'), { operation: 'stop', callId: 9 }),
    subject: ['h1', 'web.vm'],
    isUp: false,
    isKnown: false,
  },
];

for (const { name, history, subject, isUp, isKnown } of cases) {
  test(`when an operator starts the deployable again, ${name}`, () => {
    const event = { kind: 'desired-changed', revision: 2, state: 'running', now: sampleNow } as const;
    const after = step(sampleState({ history }), event).state.durable.history;
    const [node, id] = subject;
    assert.equal(isRunning(after, node, id), isUp);
    assert.equal(after[node]?.resources[id] !== undefined, isKnown);
    if (!isKnown) assert.equal(failCount(after, node, id), 0);
  });
}
