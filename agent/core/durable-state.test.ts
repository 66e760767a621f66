import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentScenario, failed, good, notRunning, operationOf, scenarioPolicy } from './agent-scenario.js';
import { durableChanges, durableEntries, restoreState } from './durable-state.js';
import type { Order } from './order.js';
import type { AgentState } from './state.js';

/** Writes a state to JSON as the journal does, and begins anew with it. */
function restart(agent: AgentScenario, { bootId = 'boot', bootMs = agent.bootMs } = {}): AgentScenario {
  const clock = { bootId: 'boot', at: agent.now() };
  const entries = new Map(durableEntries(agent.state, clock).map(({ key, value }) => [key, json(value)]));
  const at = { unixMs: agent.now().unixMs, bootMs };
  const state = restoreState(entries, { ...scenarioPolicy, process: 'next' }, { clock: { bootId, at }, epoch: 1 });
  const next = new AgentScenario({}, state);
  next.bootMs = bootMs;
  next.send({ kind: 'tick' });
  return next;
}

function json(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test('changes written one by one make the same state as all of it at once', () => {
  const agent = new AgentScenario();
  const clock = { bootId: 'boot', at: agent.now() };
  const written = new Map(durableEntries(agent.state, clock).map(({ key, value }) => [key, value]));
  let before: AgentState = agent.state;
  const write = () => {
    for (const { key, value } of durableChanges(before, agent.state)) {
      if (value === undefined) written.delete(key);
      else written.set(key, value);
    }
    before = agent.state;
  };
  agent.startMonitored('web.a');
  write();
  agent.delegate('web.a');
  agent.fail('web.a');
  write();
  while (agent.running.length > 0) {
    agent.finish();
    write();
  }
  agent.send({ kind: 'reports-spooled', number: 2 });
  for (const id of ['o1', 'o2', 'o3', 'o4']) agent.execute(id, 'web.a', 'monitor');
  write();
  const whole = new Map(durableEntries(agent.state, clock).map(({ key, value }) => [key, value]));
  assert.deepEqual(json([...written].sort()), json([...whole].sort()));
});

test('a monitor that found nothing new is not written', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  const before = agent.state;
  agent.pass(10_000);
  agent.finish();
  assert.notEqual(agent.state, before);
  assert.deepEqual(durableChanges(before, agent.state), []);
});

test('after a restart call-ids, phases, delegation, epoch and results go on', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a');
  agent.order('', { kind: 'adopt' }, 4);
  const phase = agent.bootMs;
  agent.pass(3000);
  const next = restart(agent);
  assert.equal(next.state.epoch, 4);
  assert.deepEqual(next.active(), []);
  next.pass(7000);
  assert.deepEqual(next.active(), ['web.a monitor']);
  assert.equal(next.bootMs - phase, 10_000);
  next.finish(notRunning);
  while (next.running.length > 0) next.finish();
  const [report] = next.reports;
  assert.ok(report?.kind === 'local-recovery');
  assert.equal(report.failure.callId, 3);
  const answer = next.order('start web.a', { kind: 'cancel', resource: 'web.a', operation: 'x', intervalMs: 0 }, 4);
  assert.ok(answer?.kind === 'accepted' && answer.isRepeated);
});

test('an operation that was interrupted is repeated under its old run id, and answers its order once', () => {
  const agent = new AgentScenario();
  agent.execute('start', 'web.a', 'start');
  agent.execute('monitor', 'web.a', 'monitor');
  const [first] = agent.running;
  const next = restart(agent);
  assert.deepEqual(json(next.running), json([{ ...first, isInterrupted: true }]));
  next.finish();
  assert.deepEqual(next.active(), ['web.a monitor']);
  assert.notEqual(next.running[0]?.run, first?.run);
  next.finish();
  assert.equal(next.reports.length, 2);
});

test('a recovery goes on where it was: the step that had begun is repeated, a waiting one waits on', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a', { failures: 5 });
  agent.fail('web.a');
  agent.finish();
  const starting = restart(agent);
  assert.deepEqual(starting.active(), ['web.a start']);
  assert.equal(starting.running[0]?.isInterrupted, true);
  starting.finish(failed);
  assert.deepEqual(starting.active(), []);
  starting.pass(60);
  const waiting = restart(starting);
  assert.deepEqual(waiting.active(), []);
  waiting.pass(40);
  assert.deepEqual(waiting.active(), ['web.a stop']);
  for (const outcome of [good, good, good]) waiting.finish(outcome);
  const [report] = waiting.reports;
  assert.ok(report?.kind === 'local-recovery');
  assert.equal(report.verdict, 'recovered');
  assert.equal(report.failuresInWindow, 2);
});

test('the window survives a restart, and also a reboot, whose clock begins anew', () => {
  for (const reboot of [{}, { bootId: 'other', bootMs: 10 }]) {
    const agent = new AgentScenario();
    agent.startMonitored('web.a');
    agent.delegate('web.a', { failures: 2, periodMs: 60_000 });
    agent.fail('web.a');
    while (agent.running.length > 0) agent.finish();
    agent.pass(9000);
    const next = restart(agent, reboot);
    next.fail('web.a');
    const [report] = next.reports;
    assert.ok(report?.kind === 'local-recovery');
    assert.equal(report.verdict, 'escalate');
  }
});

test('a report that the outbox had not confirmed is spooled again under its number', () => {
  const agent = new AgentScenario();
  agent.execute('o1', 'web.a', 'monitor');
  agent.finish();
  agent.execute('o2', 'web.a', 'monitor');
  agent.finish();
  agent.send({ kind: 'reports-spooled', number: 1 });
  assert.deepEqual(
    restart(agent).state.unspooled.map(({ number }) => number),
    [2],
  );
});

test('orders of every kind are void when their epoch is old, before and after a restart, and change nothing', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a');
  agent.order('', { kind: 'renew', leaseMs: 10_000 }, 4);
  const operation = operationOf('web.a', 'stop');
  const delegation = { resource: 'web.a', failures: 9, periodMs: 1, isExclusive: true, windowUnixMs: [] };
  const timeouts = { startTimeoutMs: 1, stopTimeoutMs: 1, monitorTimeoutMs: 1 };
  const orders: readonly Order[] = [
    { kind: 'execute', operation, startDelayMs: 0, expectedRc: 0, userData: '' },
    { kind: 'cancel', resource: 'web.a', operation: 'monitor', intervalMs: 10_000 },
    { kind: 'delegate', delegations: [{ ...delegation, ...timeouts }] },
    { kind: 'delegate', delegations: [] },
    { kind: 'adopt' },
    { kind: 'renew', leaseMs: 3_600_000 },
  ];
  for (const each of [agent, restart(agent)]) {
    const { lookedAt: _before, ...before } = each.state;
    for (const [index, order] of orders.entries()) {
      const answer = each.order(`old ${index}`, order, 3);
      assert.ok(answer?.kind === 'refused' && answer.code === 'stale-epoch', order.kind);
      assert.deepEqual(answer.details, { epoch: '4' });
    }
    const { lookedAt: _after, ...after } = each.state;
    assert.deepEqual(after, before);
    assert.deepEqual(each.active(), []);
  }
});
