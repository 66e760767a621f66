import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentScenario, failed, good, notRunning, operationOf } from './agent-scenario.js';
import { entriesOf, lookUp } from './id-map.js';
import { resultOf } from './report-results.js';
import type { Report } from './state.js';

const told = (report: Report): string =>
  report.kind === 'local-recovery'
    ? `${report.verdict} ${['failure', ...Object.keys(report.results)].join(' ')}`
    : report.kind === 'order-result'
      ? `${report.operationId}: ${report.result.status} ${report.result.rc}`
      : `changed: ${resultOf(report).status} ${resultOf(report).rc}`;

test('orders of one resource run one after the other, those of several at once, up to the bound', () => {
  const agent = new AgentScenario({ maxParallel: 2 });
  agent.execute('a1', 'web.a', 'start');
  agent.execute('b1', 'web.b', 'start');
  agent.execute('c1', 'web.c', 'start');
  agent.pass(1);
  agent.execute('a2', 'web.a', 'monitor');
  assert.deepEqual(agent.active(), ['web.a start', 'web.b start']);
  agent.finish();
  assert.deepEqual(agent.active(), ['web.b start', 'web.c start'], 'c has waited longer than the second of a');
  agent.finish();
  assert.deepEqual(agent.active(), ['web.c start', 'web.a monitor']);
  agent.finish();
  agent.finish();
  assert.deepEqual(agent.reports.map(told), ['a1: done 0', 'b1: done 0', 'c1: done 0', 'a2: done 0']);
  assert.deepEqual(
    agent.reports.map((report) => report.kind === 'order-result' && report.result.callId),
    [1, 2, 3, 4],
  );
});

test('an order is refused when its queue is full, when there are too many resources, or for another deployable', () => {
  const agent = new AgentScenario({ maxQueued: 1, maxResources: 1 });
  agent.execute('a1', 'web.a', 'start');
  const codes = [
    agent.execute('a2', 'web.a', 'monitor'),
    agent.execute('b1', 'web.b', 'start'),
    agent.execute('a1', 'web.a', 'start'),
  ].map((answer) => (answer?.kind === 'refused' ? answer.code : answer?.kind));
  assert.deepEqual(codes, ['unavailable', 'unavailable', 'accepted']);
  const received = { operationId: 'x', deployable: 'other', epoch: 1, order: { kind: 'adopt' } as const };
  agent.send({ kind: 'order-received', request: 9, received });
  const answer = agent.answers.at(-1);
  assert.ok(answer?.kind === 'refused' && answer.code === 'invalid-request');
});

test('a newer epoch is taken over by any order, and older ones are void from then on', () => {
  const agent = new AgentScenario();
  const table = [
    { epoch: 1, expected: 'inventory' },
    { epoch: 5, expected: 'inventory' },
    { epoch: 4, expected: 'stale-epoch' },
    { epoch: 5, expected: 'inventory' },
  ];
  for (const { epoch, expected } of table) {
    const answer = agent.order('', { kind: 'adopt' }, epoch);
    assert.equal(answer?.kind === 'refused' ? answer.code : answer?.kind, expected);
  }
  assert.equal(agent.state.epoch, 5);
});

test('a repeated order runs once; its result is told again only when the first report was acknowledged', () => {
  const agent = new AgentScenario();
  const isRepeated = () => {
    const answer = agent.execute('a1', 'web.a', 'start');
    return answer?.kind === 'accepted' && answer.isRepeated;
  };
  assert.equal(isRepeated(), false);
  assert.equal(isRepeated(), true);
  agent.finish();
  assert.equal(isRepeated(), true);
  assert.deepEqual(agent.reports.map(told), ['a1: done 0']);
  agent.send({ kind: 'reports-delivered', number: 1 });
  assert.equal(isRepeated(), true);
  assert.deepEqual(agent.reports.map(told), ['a1: done 0', 'a1: done 0']);
  assert.deepEqual(agent.running, []);
});

test('the results of the oldest orders are forgotten first', () => {
  const agent = new AgentScenario({ maxDoneOrders: 2 });
  for (const id of ['o1', 'o2', 'o3']) {
    agent.execute(id, 'web.a', 'monitor');
    agent.finish();
  }
  assert.deepEqual([...entriesOf(agent.state.orders)].map(([id]) => id).sort(), ['o2', 'o3']);
});

test('an order with a start delay runs when that is over, and nothing overtakes it', () => {
  const agent = new AgentScenario();
  agent.execute('a1', 'web.a', 'start', 0, 500);
  agent.execute('a2', 'web.a', 'monitor');
  agent.pass(499);
  assert.deepEqual(agent.active(), []);
  agent.pass(1);
  assert.deepEqual(agent.active(), ['web.a start']);
});

test('a recurring monitor keeps its phase, never overlaps, and tells only what changed', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  const phase = agent.bootMs;
  agent.pass(10_000);
  assert.deepEqual(agent.active(), ['web.a monitor']);
  agent.pass(25_000);
  assert.deepEqual(agent.active(), ['web.a monitor'], 'it is still the same run');
  agent.finish();
  agent.pass(4_999);
  assert.deepEqual(agent.active(), []);
  agent.pass(1);
  assert.deepEqual(agent.active(), ['web.a monitor']);
  assert.equal((agent.bootMs - phase) % 10_000, 0);
  agent.finish(failed);
  agent.pass(10_000);
  agent.finish(failed);
  agent.pass(10_000);
  agent.finish(notRunning);
  agent.pass(10_000);
  agent.finish();
  assert.deepEqual(agent.reports.map(told), ['changed: done 1', 'changed: done 7', 'changed: done 0']);
});

test('a start or stop ends the recurring monitors before it runs; a cancel is a result too', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.execute('stop', 'web.a', 'stop');
  assert.deepEqual(lookUp(agent.state.resources, 'web.a')?.record.monitors, {});
  agent.finish();
  agent.pass(60_000);
  assert.deepEqual(agent.active(), []);

  agent.startMonitored('web.b');
  const cancel = { kind: 'cancel', resource: 'web.b', operation: 'monitor', intervalMs: 10_000 } as const;
  agent.pass(10_000);
  agent.order('cancel', cancel);
  agent.finish(failed);
  agent.order('cancel again', cancel);
  agent.pass(60_000);
  assert.deepEqual(agent.reports.map(told), ['cancel: cancelled 0', 'cancel again: cancelled 0']);
});

test('cancelling a monitor that waits for its first run ends its order as well', () => {
  const agent = new AgentScenario();
  agent.execute('start', 'web.a', 'start');
  agent.execute('monitor', 'web.a', 'monitor', 10_000);
  agent.order('cancel', { kind: 'cancel', resource: 'web.a', operation: 'monitor', intervalMs: 10_000 });
  agent.finish();
  assert.deepEqual(agent.active(), []);
  assert.deepEqual(agent.reports.map(told), ['monitor: cancelled 0', 'cancel: cancelled 0', 'start: done 0']);
});

test('a monitor that is cancelled during its first run does not recur', () => {
  const agent = new AgentScenario();
  agent.execute('monitor', 'web.a', 'monitor', 10_000);
  agent.order('cancel', { kind: 'cancel', resource: 'web.a', operation: 'monitor', intervalMs: 10_000 });
  agent.finish();
  agent.pass(60_000);
  assert.deepEqual(agent.active(), []);
  assert.deepEqual(agent.reports.map(told), ['cancel: cancelled 0', 'monitor: done 0']);
});

test('an event only triggers a monitor, also one that comes while a monitor runs', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.send({ kind: 'resource-changed', resource: 'web.a' });
  assert.deepEqual(agent.active(), ['web.a monitor']);
  agent.send({ kind: 'resource-changed', resource: 'web.a' });
  agent.finish();
  assert.deepEqual(agent.active(), ['web.a monitor']);
  agent.finish();
  assert.deepEqual(agent.active(), []);
  assert.deepEqual(agent.reports, []);
  agent.send({ kind: 'resource-changed', resource: 'web.unknown' });
});

test('what is delegated is stopped, started and monitored, and told in one piece with growing call-ids', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a');
  agent.fail('web.a');
  const steps: string[] = [];
  const timeouts: number[] = [];
  while (agent.running.length > 0) {
    timeouts.push(agent.running[0]?.operation.timeoutMs ?? 0);
    agent.bootMs += 5;
    steps.push(agent.finish());
  }
  assert.deepEqual(steps, ['web.a stop', 'web.a start', 'web.a monitor/10000']);
  assert.deepEqual(timeouts, [2000, 1000, 3000]);
  assert.deepEqual(agent.reports.map(told), ['recovered failure stop start monitor']);
  const [report] = agent.reports;
  assert.ok(report?.kind === 'local-recovery');
  const { failure, results, failuresInWindow, detectedUnixMs, recoveredUnixMs } = report;
  const ids = [failure, results.stop, results.start, results.monitor].map((result) => result?.callId);
  assert.deepEqual(ids, [3, 4, 5, 6]);
  assert.equal(failure.userData, 'data of monitor web.a');
  assert.equal(failuresInWindow, 1);
  assert.equal(recoveredUnixMs - detectedUnixMs, 15);
  agent.pass(10_000);
  agent.finish();
  assert.equal(agent.reports.length, 1, 'it is well again, and that is known already');
});

test('the second recovery in a window waits, and the failure beyond the budget is only reported', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a', { failures: 3 });
  for (const delayMs of [0, 100]) {
    agent.fail('web.a');
    if (delayMs > 0) {
      assert.deepEqual(agent.active(), []);
      agent.pass(delayMs - 1);
      assert.deepEqual(agent.active(), []);
      agent.pass(1);
    }
    for (const _step of ['stop', 'start', 'monitor']) agent.finish();
  }
  agent.fail('web.a');
  assert.deepEqual(agent.active(), []);
  assert.deepEqual(agent.reports.map(told), [
    'recovered failure stop start monitor',
    'recovered failure stop start monitor',
    'escalate failure',
  ]);
  agent.pass(60_000 - 10_000);
  while (agent.running.length > 0) agent.finish(notRunning);
  assert.equal(agent.reports.length, 3, 'what is known is not told again');
});

test('a recovery that does not work counts as another failure, and escalates with what it did', () => {
  const table = [
    { outcomes: [good, failed, good, failed], expected: 'escalate failure stop start', failures: 3 },
    { outcomes: [good, good, notRunning, good, failed], expected: 'escalate failure stop start', failures: 3 },
    { outcomes: [good, failed, good, good, good], expected: 'recovered failure stop start monitor', failures: 2 },
    { outcomes: [failed], expected: 'failed failure stop', failures: 1 },
  ];
  for (const { outcomes, expected, failures } of table) {
    const agent = new AgentScenario();
    agent.startMonitored('web.a');
    agent.delegate('web.a', { failures: 3 });
    agent.fail('web.a');
    for (const outcome of outcomes) {
      if (agent.running.length === 0) agent.pass(1000);
      agent.finish(outcome);
    }
    assert.deepEqual(agent.reports.map(told), [expected]);
    const [report] = agent.reports;
    assert.ok(report?.kind === 'local-recovery');
    assert.equal(report.failuresInWindow, failures);
    assert.deepEqual(agent.active(), []);
  }
});

test('an order cuts a waiting recovery short, or waits for its step; the batch comes before its result', () => {
  const table = [
    { name: 'while it waits', steps: 0, expected: ['failed failure', 'order: done 0'] },
    { name: 'while it stops', steps: 1, expected: ['failed failure stop', 'order: done 0'] },
    { name: 'while it starts', steps: 2, expected: ['failed failure stop start', 'order: done 0'] },
    { name: 'while it monitors', steps: 3, expected: ['recovered failure stop start monitor', 'order: done 0'] },
  ];
  for (const { name, steps, expected } of table) {
    const agent = new AgentScenario();
    agent.startMonitored('web.a');
    agent.delegate('web.a');
    if (steps === 0) {
      agent.fail('web.a');
      while (agent.running.length > 0) agent.finish();
      agent.reports.length = 0;
    }
    agent.fail('web.a');
    for (let done = 1; done < steps; done += 1) agent.finish();
    agent.execute('order', 'web.a', 'stop');
    if (steps > 0) assert.equal(agent.running.length, 1, name);
    while (agent.running.length > 0) agent.finish();
    assert.deepEqual(agent.reports.map(told), expected, name);
    agent.pass(120_000);
    assert.deepEqual(agent.active(), [], name);
  }
});

test('no recovery begins while an order waits or runs', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a');
  agent.send({ kind: 'resource-changed', resource: 'web.a' });
  agent.execute('stop', 'web.a', 'stop');
  agent.finish(notRunning);
  assert.deepEqual(agent.active(), ['web.a stop']);
  agent.send({ kind: 'resource-changed', resource: 'web.a' });
  agent.finish();
  assert.deepEqual(agent.active(), []);
  assert.deepEqual(agent.reports.map(told), ['changed: done 7', 'stop: done 0']);
});

test('what is delegated and not monitored yet is looked at when something happens to it', () => {
  const agent = new AgentScenario();
  agent.delegate('web.a');
  agent.execute('start', 'web.a', 'start');
  agent.finish();
  agent.fail('web.a');
  assert.deepEqual(agent.active(), ['web.a stop']);
});

test('what was escalated before its monitor was ordered is left alone, whatever happens to it', () => {
  const agent = new AgentScenario();
  agent.delegate('web.a', { failures: 2 });
  agent.execute('start', 'web.a', 'start');
  agent.finish();
  for (let failure = 0; failure < 5; failure += 1) {
    agent.send({ kind: 'resource-changed', resource: 'web.a' });
    while (agent.running.length > 0) {
      agent.finish(agent.active()[0] === 'web.a monitor' ? notRunning : good);
    }
    agent.pass(1000);
    while (agent.running.length > 0) agent.finish();
  }
  const verdicts = agent.reports.map((report) => (report.kind === 'local-recovery' ? report.verdict : report.kind));
  assert.deepEqual(verdicts, ['order-result', 'escalate']);
  assert.deepEqual(agent.active(), []);
});

test('what happened while nobody watched is not looked at when the resource is delegated again', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.order('cancel', { kind: 'cancel', resource: 'web.a', operation: 'monitor', intervalMs: 10_000 });
  agent.send({ kind: 'resource-changed', resource: 'web.a' });
  agent.delegate('web.a');
  assert.deepEqual(agent.active(), [], 'the decider is about to order a monitor, and acts on what that finds');
  agent.send({ kind: 'resource-changed', resource: 'web.a' });
  assert.deepEqual(agent.active(), ['web.a monitor']);
});

test('a failure in the first run of an ordered monitor is the answer to that order, and nothing else', () => {
  const agent = new AgentScenario();
  agent.delegate('web.a');
  agent.execute('start', 'web.a', 'start');
  agent.finish();
  agent.execute('monitor', 'web.a', 'monitor', 10_000);
  agent.finish(notRunning);
  assert.deepEqual(agent.active(), []);
  assert.deepEqual(agent.reports.map(told), ['start: done 0', 'monitor: done 7']);
});

test('the set of delegations is replaced as a whole', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a');
  agent.delegate('web.b');
  agent.fail('web.a');
  assert.deepEqual(agent.reports.map(told), ['changed: done 7']);
});

test('an inventory tells histories in the order of their call-ids, and the orders whose results are not told', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a');
  agent.execute('next', 'web.a', 'monitor');
  const answer = agent.order('', { kind: 'adopt' });
  assert.ok(answer?.kind === 'inventory');
  const [resource] = answer.inventory.resources;
  assert.deepEqual(
    resource?.operations.map(({ operation, callId }) => [operation, callId]),
    [
      ['start', 1],
      ['monitor', 2],
    ],
  );
  assert.equal(resource?.isDelegated, true);
  const awaited = ({ inventory }: typeof answer) =>
    inventory.inFlight.map(({ resource, operation }) => [resource, operation]);
  const notTold = [
    ['web.a', 'start'],
    ['web.a', 'monitor'],
  ];
  assert.deepEqual(awaited(answer), [['web.a', 'monitor'], ...notTold]);
  agent.send({ kind: 'reports-delivered', number: agent.state.counters.nextReport - 1 });
  const later = agent.order('', { kind: 'adopt' });
  assert.ok(later?.kind === 'inventory');
  assert.deepEqual(awaited(later), [['web.a', 'monitor']]);
});

test('a hundred steps on any state leave the state that they were given alone', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  const before = JSON.stringify(agent.state);
  const { state } = agent;
  agent.delegate('web.a');
  agent.fail('web.a');
  while (agent.running.length > 0) agent.finish();
  assert.equal(JSON.stringify(state), before);
  assert.equal(operationOf('web.a', 'start').timeoutMs, 20_000);
});

test('a resource is stopped with the parameters with which it was started, whatever the order says', () => {
  const agent = new AgentScenario();
  const order = (id: string, name: string, parameters: Record<string, string>, type = 'Dummy') => {
    const operation = operationOf('web.a', name);
    const definition = { ...operation.definition, type, parameters };
    agent.order(id, {
      kind: 'execute',
      operation: { ...operation, definition },
      expectedRc: 0,
      userData: '',
      startDelayMs: 0,
    });
    const used = agent.running[0]?.operation.definition.parameters;
    agent.finish();
    return used;
  };
  assert.deepEqual(order('o1', 'stop', { state: '/never' }), { state: '/never' });
  assert.deepEqual(order('o2', 'start', { state: '/old' }), { state: '/old' });
  assert.deepEqual(order('o3', 'stop', { state: '/new' }), { state: '/old' });
  assert.deepEqual(order('o4', 'start', { state: '/new' }), { state: '/new' });
  assert.deepEqual(order('o5', 'stop', {}), { state: '/new' }, 'it left the definition');
  assert.deepEqual(order('o6', 'stop', { state: '/other' }, 'Stateful'), { state: '/other' });
});
