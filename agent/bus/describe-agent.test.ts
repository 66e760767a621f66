import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBusError } from '../../proto/bus-error.js';
import { encodeEnvelope } from '../../proto/codec.js';
import { AgentScenario } from '../core/agent-scenario.js';
import type { Watch } from '../executors/resource-executor.js';
import { type AgentFacts, agentName, describeAgent, watchWords } from './describe-agent.js';

function facts(agent: AgentScenario): AgentFacts {
  return {
    version: '1.2.3',
    pid: 77,
    startedUnixMs: 5,
    memoryBytes: 9,
    outbox: { waiting: 2, waitingBytes: 300, oldestSequence: 1, nextSequence: 3, dropped: 0, tornBytes: 0 },
    backends: { Host: 'own' },
    classes: ['ocf', 'exec'],
    watch: (resource) =>
      resource === 'web.app' ? { kind: 'exit', pid: 5 } : { kind: 'interval', reason: 'no cgroup' },
    at: agent.now(),
  };
}

function describe(agent: AgentScenario, resource = '') {
  const described = describeAgent(agent.state, facts(agent), resource);
  return isBusError(described) ? assert.fail(described.message) : described;
}

test('what has left the deployable without ever having run here is not shown', () => {
  const agent = new AgentScenario();
  agent.delegate('web.app', { windowUnixMs: [agent.now().unixMs] });
  assert.deepEqual(
    describe(agent).resources?.map(({ resource }) => resource),
    ['web.app'],
  );
  agent.order('', { kind: 'delegate', delegations: [] });
  assert.deepEqual(describe(agent).resources, []);
});

test('an agent without resources is described', () => {
  const described = describe(new AgentScenario());
  assert.deepEqual(described, {
    version: '1.2.3',
    instance: 'shop.web.local.1-1',
    incarnation: 1,
    pid: 77,
    startedUnixMs: 5,
    epoch: 1,
    leaseMs: 0,
    memoryBytes: 9,
    reportsWaiting: 2,
    reportsWaitingBytes: 300,
    reportsCondensed: 0,
    backends: { Host: 'own' },
    classes: ['ocf', 'exec'],
    resources: [],
  });
});

test('a monitored resource has its watch, its monitor with the time until the next run, and its last operation', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.app');
  agent.startMonitored('web.a');
  agent.pass(1000);
  const [first, second] = describe(agent).resources ?? [];
  assert.deepEqual([first?.resource, second?.resource], ['web.a', 'web.app']);
  assert.deepEqual([first?.watch, first?.watchedBy], ['interval', 'the interval of its monitor decides: no cgroup']);
  assert.deepEqual([second?.watch, second?.watchedBy], ['exit', 'the exit of process 5 is seen at once']);
  assert.equal(second?.agent, 'ocf:heartbeat:Dummy');
  assert.equal(second?.expectedToRun, true);
  assert.deepEqual([second?.delegated, second?.exclusive, second?.activity], [false, false, '']);
  assert.equal(second?.lastOperation?.operation, 'start');
  const [monitor] = second?.monitors ?? [];
  const { dueInMs = 0, lastUnixMs = 0, ...rest } = monitor ?? {};
  assert.deepEqual(rest, {
    operation: 'monitor',
    intervalMs: 10_000,
    timeoutMs: 20_000,
    lastRc: 0,
    lastStatus: 'done',
  });
  assert.ok(dueInMs > 0 && dueInMs <= 10_000, String(dueInMs));
  assert.ok(lastUnixMs > 0);
});

test('a lease, an operation under way, orders that wait and failures that count are told', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.app');
  agent.delegate('web.app', { failures: 4, isExclusive: true });
  agent.order('', { kind: 'renew', leaseMs: 25_000 });
  agent.fail('web.app');
  assert.deepEqual(agent.active(), ['web.app stop']);
  agent.execute('x', 'web.app', 'start');
  const described = describe(agent);
  assert.equal(described.leaseMs, 25_000);
  const [resource] = described.resources ?? [];
  assert.deepEqual([resource?.delegated, resource?.exclusive], [true, true]);
  assert.deepEqual([resource?.failuresInWindow, resource?.failureLimit], [1, 4]);
  assert.deepEqual([resource?.activity, resource?.ordersWaiting], ['stop', 1]);
});

test('outputs are shown of one resource only, and parameters of none', () => {
  const agent = new AgentScenario();
  agent.execute('x', 'web.app', 'start');
  agent.finish({ rc: 0, status: 'done', exitReason: '', output: 'started' });
  assert.equal(describe(agent).resources?.[0]?.lastOperation?.output, '');
  const last = describe(agent, 'web.app').resources?.[0]?.lastOperation;
  assert.equal(last?.output, 'started');
  assert.equal(last?.parameters, undefined);
});

test('a resource that the agent does not have is unknown', () => {
  for (const name of ['web.nothing', 'constructor', '__proto__']) {
    const agent = new AgentScenario();
    const described = describeAgent(agent.state, facts(agent), name);
    assert.ok(isBusError(described) && described.code === 'unknown-resource', name);
  }
});

test('a thousand resources fit a message', () => {
  const agent = new AgentScenario({ maxResources: 1000, maxParallel: 1000 });
  for (let index = 0; index < 1000; index++) {
    agent.execute(`s${index}`, `assembly_with_a_name.resource-${index}`, 'start');
    agent.finish({ rc: 0, status: 'done', exitReason: 'r'.repeat(200), output: 'o'.repeat(4000) });
    agent.send({ kind: 'reports-spooled', number: agent.reports.at(-1)?.number ?? 0 });
  }
  const sender = { role: 'agent', id: 'a', incarnation: '1' } as const;
  const body = { kind: 'agentDescription', value: describe(agent) } as const;
  assert.ok(encodeEnvelope({ messageId: '1', sender, body }).length < 2 ** 20);
});

const watches: readonly [Watch, RegExp][] = [
  [{ kind: 'exit', pid: 5 }, /exit of process 5/],
  [{ kind: 'cgroup', processes: 1 }, /end of its process/],
  [{ kind: 'cgroup', processes: 3 }, /last of its 3 processes/],
  [{ kind: 'processes', pids: [5, 6] }, /any of the processes 5, 6/],
  [{ kind: 'unit', unit: 'nginx.service' }, /nginx\.service.*systemd/],
  [{ kind: 'interval', reason: 'it does not run' }, /interval.*it does not run/],
];
for (const [watch, words] of watches) {
  test(`a watch in words: ${watch.kind} ${words.source}`, () => assert.match(watchWords(watch), words));
}

test('an agent is named as in documents', () => {
  const definition = { provider: '', parameters: {}, meta: {}, exec: undefined };
  assert.equal(agentName({ ...definition, class: 'exec', type: '' }), 'exec');
  assert.equal(agentName({ ...definition, class: 'systemd', type: 'nginx.service' }), 'systemd:nginx.service');
  assert.equal(agentName({ ...definition, class: 'ocf', provider: 'heartbeat', type: 'redis' }), 'ocf:heartbeat:redis');
  assert.equal(agentName(undefined), '');
});
