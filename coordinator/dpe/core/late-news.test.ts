import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordAgentLost } from '../../state/instance-record.js';
import type { DpeEvent, InstanceReport, OperationOutcome } from './dpe-event.js';
import type { InstanceRecord, Order } from './dpe-state.js';
import { sampleNow as now, sampleHistory, sampleInstance, sampleState } from './sample-state.js';
import { step } from './step.js';

function launcherOrder(what: 'start' | 'stop'): Order {
  const order = { operation: what, intervalMs: 0, expectedRc: 0, transition: 1, action: 1, digest: '' };
  const { id: instance, host } = sampleInstance;
  const times = { issuedAt: now - 60_000, expiresAt: now - 1 };
  return { kind: 'launcher', what, assembly: 'web', instance, host, order, action: undefined, ...times };
}

function report(state: InstanceReport['state']): InstanceReport {
  const { id: instance } = sampleInstance;
  return { instance, assembly: 'web', state, address: '', hostname: '', evidence: 'init has ended', at: now };
}

const late: readonly { readonly name: string; readonly event: DpeEvent }[] = [
  { name: 'an order that nobody answered', event: { kind: 'tick', now, chance: 0 } },
  {
    name: 'an order that was refused',
    event: { kind: 'order-refused', operationId: 'o', code: 'x', message: 'y', now },
  },
  {
    name: 'an answer that proves nothing',
    event: { kind: 'launcher-result', operationId: 'o', outcome: { kind: 'state', state: report('unknown') }, now },
  },
];

for (const { name, event } of late) {
  for (const what of ['start', 'stop'] as const) {
    test(`${name} (${what}) leaves an instance dead that is proven dead`, () => {
      const before = sampleState({ instance: 'dead', orders: { o: launcherOrder(what) } });
      const { state, events } = step(before, event);
      assert.equal(state.durable.assemblies.web?.instance.kind, 'dead');
      assert.deepEqual(
        events.filter(({ kind }) => kind.startsWith('assembly-')),
        [],
      );
      assert.deepEqual(state.volatile.orders, {});
    });
  }
}

const found: readonly {
  readonly state: InstanceReport['state'] | undefined;
  readonly becomes: InstanceRecord['kind'];
  readonly told: readonly string[];
}[] = [
  { state: 'running', becomes: 'running', told: ['assembly-started'] },
  { state: 'dead', becomes: 'dead', told: ['assembly-failed'] },
  { state: 'failed', becomes: 'dead', told: ['assembly-failed'] },
  { state: 'unknown', becomes: 'held', told: ['assembly-held'] },
  { state: undefined, becomes: 'dead', told: [] },
];

for (const { state: word, becomes, told } of found) {
  test(`an instance that an earlier decider started and its launcher calls ${word ?? 'nothing'} is ${becomes}`, () => {
    const instances = word === undefined ? [] : [report(word)];
    const event = { kind: 'launcher-adopted', host: 'h1', instances, inFlight: [], now } as const;
    const { state, events } = step(sampleState({ instance: 'starting', history: {} }), event);
    assert.equal(state.durable.assemblies.web?.instance.kind, becomes);
    assert.deepEqual(
      events.map(({ kind }) => kind).filter((kind) => kind.startsWith('assembly-')),
      told,
    );
  });
}

const failedStart: OperationOutcome = {
  resource: 'web.app',
  operation: 'start',
  intervalMs: 0,
  callId: 3,
  rc: 1,
  status: 'done',
  startedAt: now,
  endedAt: now,
  queueMs: 0,
  timeoutMs: 20_000,
  exitReason: 'broken',
  output: '',
  userData: undefined,
};

function reported(sequence: number, result: OperationOutcome): DpeEvent {
  const body = { kind: 'order-result', operationId: 'earlier', result } as const;
  return { kind: 'agent-report', instance: sampleInstance.id, sequence, report: body, token: sequence, now, chance: 0 };
}

test('a result that its agent reports again is neither told nor recorded again', () => {
  const first = step(sampleState(), reported(1, failedStart));
  assert.equal(first.events.filter(({ kind }) => kind === 'resource-failed').length, 1);
  const recovered = step(first.state, reported(2, { ...failedStart, rc: 0, callId: 4 }));
  for (const before of [first, recovered]) {
    const again = step(before.state, reported(3, failedStart));
    assert.deepEqual(again.events, []);
    assert.deepEqual(again.state.durable.history, before.state.durable.history);
    assert.deepEqual(
      again.effects.find(({ kind }) => kind === 'acknowledge'),
      {
        kind: 'acknowledge',
        token: 3,
        sequence: 3,
      },
    );
  }
});

test('a failure inside an instance that has ended is told, once, and recorded nowhere', () => {
  const before = sampleState({ instance: 'dead', history: {} });
  const first = step(before, reported(1, failedStart));
  assert.deepEqual(
    first.events.filter(({ kind }) => kind === 'resource-failed').map(({ resource }) => resource),
    ['app'],
  );
  assert.deepEqual(first.state.durable.history, {});
  assert.deepEqual(step(first.state, reported(2, failedStart)).events, []);
});

test('an assembly that left the definition while it was lost stays known to be lost', () => {
  const lost = recordAgentLost(sampleHistory(), { assembly: 'web', host: 'h1', at: now, reason: 'silent' });
  const sample = sampleState({ instance: 'lost', history: lost });
  const durable = {
    ...sample.durable,
    hosts: { h1: { standing: 'in-service' as const, isDrained: false } },
    windows: { ...sample.durable.windows, assemblies: { web: [now] } },
  };
  const { state } = step({ ...sample, durable }, { kind: 'tick', now: now + 1, chance: 0 });
  assert.ok(state.durable.history.h1?.resources.web?.records.web_last_failure_0);
});

test('operations that an earlier decider had under way in an instance are not awaited once it is dead', () => {
  const { id: instance, host } = sampleInstance;
  const sample = sampleState();
  const inherited = {
    a: { instance, expiresAt: now + 60_000 },
    b: { instance: 'shop.db.h1.1-2', expiresAt: now + 60_000 },
  };
  const before = { ...sample, volatile: { ...sample.volatile, inherited } };
  const died = { kind: 'instance-died', host, sequence: 1, instance, evidence: 'killed', at: now } as const;
  const { state } = step(before, { ...died, token: 1, now, chance: 0 });
  assert.deepEqual(Object.keys(state.volatile.inherited), ['b']);
});

test('a monitor that is ended by a cancel nobody waits for any more is decided upon anew', () => {
  const { id: instance } = sampleInstance;
  const common = { resource: 'web.app', operation: 'monitor', intervalMs: 5_000, queueMs: 0, timeoutMs: 20_000 };
  const times = { startedAt: now, endedAt: now };
  const result = { ...common, ...times, callId: 3, rc: 0, exitReason: '', output: '', userData: undefined };
  const report = {
    kind: 'order-result',
    operationId: 'of long ago',
    result: { ...result, status: 'cancelled' },
  } as const;
  const { state } = step(sampleState(), {
    kind: 'agent-report',
    instance,
    sequence: 9,
    report,
    token: 1,
    chance: 0,
    now,
  });
  assert.deepEqual(Object.keys(state.durable.history.web?.resources['web.app']?.records ?? {}), ['web.app_last_0']);
  assert.match(state.volatile.pendingTrigger ?? '', /late cancel/);
});

test('an agent that is adopted is known: its next start is told, also by who has not seen it register', () => {
  const instance = sampleInstance.id;
  const running = sampleState({ instance: 'running' });
  const fresh = { ...running, volatile: { ...running.volatile, agents: {} } };
  const adopted = step(fresh, { kind: 'agent-adopted', instance, incarnation: '3', inFlight: [], now });
  const restarted = step(adopted.state, { kind: 'agent-registered', instance, incarnation: '4', now });
  assert.deepEqual(
    [...adopted.events, ...restarted.events].map(({ kind }) => kind).filter((kind) => kind === 'agent-restarted'),
    ['agent-restarted'],
  );
});
