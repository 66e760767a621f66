import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyAgenda } from './agenda.js';
import { AgentScenario, notRunning } from './agent-scenario.js';
import { nextWakeAt } from './dispatch.js';
import { lookUp, valuesOf } from './id-map.js';
import { step } from './step.js';

const crowd = { maxParallel: 1000, maxResources: 1000, maxDoneOrders: 2000, maxUnspooled: 5000 };
const names = (count: number) => Array.from({ length: count }, (_, index) => `web.r${index}`);

/** So many resources whose monitors were ordered in the same instant. */
function crowded(count: number, policy: { maxParallel?: number } = {}): AgentScenario {
  const agent = new AgentScenario({ ...crowd, ...policy });
  for (const name of names(count)) agent.execute(`monitor ${name}`, name, 'monitor', 10_000);
  while (agent.running.length > 0) agent.finish();
  return agent;
}

function due(agent: AgentScenario, resource: string): number {
  return lookUp(agent.state.resources, resource)?.dueAt['monitor/10000'] ?? 0;
}

/** When each monitor runs while time passes; every run takes a moment. */
function runsWhile(agent: AgentScenario, ms: number): { readonly resource: string; readonly at: number }[] {
  const runs: { resource: string; at: number }[] = [];
  const end = agent.bootMs + ms;
  while (agent.bootMs < end) {
    agent.pass(1);
    while (agent.running.length > 0) {
      runs.push({ resource: agent.running[0]?.operation.resource ?? '', at: agent.bootMs });
      agent.finish();
    }
  }
  return runs;
}

test('200 monitors that were ordered at once run spread over the interval, each at its own phase', () => {
  const agent = crowded(200);
  runsWhile(agent, 1500);
  const first = runsWhile(agent, 10_000);
  assert.equal(new Set(first.map(({ resource }) => resource)).size, 200);
  assert.equal(first.length, 200);
  const perHundredth = new Map<number, number>();
  for (const { at } of first) {
    const hundredth = Math.floor(at / 100);
    perHundredth.set(hundredth, (perHundredth.get(hundredth) ?? 0) + 1);
  }
  assert.ok(Math.max(...perHundredth.values()) <= 4);
  const second = runsWhile(agent, 10_000);
  assert.deepEqual(
    second.map(({ resource, at }) => [resource, at]),
    first.map(({ resource, at }) => [resource, at + 10_000]),
  );
});

test('a monitor that was triggered keeps its phase', () => {
  const agent = crowded(3);
  const before = due(agent, 'web.r1');
  agent.pass(500);
  agent.send({ kind: 'resource-changed', resource: 'web.r1' });
  assert.deepEqual(agent.active(), ['web.r1 monitor']);
  agent.finish();
  assert.equal(due(agent, 'web.r1'), before);
});

test('when the machine was suspended for an hour, monitors go on at their phases and not all at once', () => {
  const agent = crowded(200);
  agent.bootMs += 3_600_000;
  agent.send({ kind: 'tick' });
  assert.deepEqual(agent.active(), []);
  assert.equal(new Set(runsWhile(agent, 10_000).map(({ resource }) => resource)).size, 200);
});

test('an agent that is merely late runs what is due', () => {
  const agent = crowded(20);
  agent.pass(1500);
  while (agent.running.length > 0) agent.finish();
  agent.bootMs += 12_000;
  agent.send({ kind: 'tick' });
  assert.equal(agent.running.length, 20);
});

test('what waits for a place comes in the order in which it became due, and no order waits for a monitor', () => {
  const agent = crowded(4, { maxParallel: 1 });
  const byDue = names(4).sort((a, b) => due(agent, a) - due(agent, b));
  agent.bootMs += 12_000;
  agent.send({ kind: 'tick' });
  agent.execute('order', 'web.new', 'start');
  agent.execute('next order', 'web.newer', 'start');
  assert.deepEqual(agent.active(), [`${byDue[0]} monitor`, 'web.new start']);
  const order: string[] = [];
  while (agent.running.length > 0) order.push(agent.finish().split(' ')[0] ?? '');
  const orders = ['web.new', 'web.newer'];
  assert.deepEqual(
    order.filter((resource) => orders.includes(resource)),
    orders,
  );
  assert.deepEqual(
    order.filter((resource) => !orders.includes(resource)),
    byDue,
  );
  const { busy, turns } = agent.state.agenda;
  assert.deepEqual([busy, turns], [emptyAgenda.busy, []]);
});

test('monitors that hang keep nobody waiting: their places are given up, and orders and repairs have their own', () => {
  const agent = crowded(12, { maxParallel: 2 });
  agent.execute('start healthy', 'web.healthy', 'start');
  while (agent.active().at(-1) !== 'web.healthy start') agent.finish();
  agent.running.splice(0, agent.running.length, ...agent.running.slice(-1));
  agent.finish();
  agent.execute('monitor healthy', 'web.healthy', 'monitor', 10_000);
  agent.finish();
  agent.delegate('web.healthy');
  // All others hang from now on; 2 of them begin in each second.
  const hung = new Set<string>();
  const passAndHang = (ms: number): boolean => {
    let isHealthySeen = false;
    for (let passed = 0; passed < ms; passed += 100) {
      agent.pass(100);
      for (const run of [...agent.running]) {
        if (run.operation.resource === 'web.healthy') {
          agent.running = [run, ...agent.running.filter((other) => other !== run)];
          agent.finish();
          isHealthySeen = true;
        } else hung.add(run.operation.resource);
      }
    }
    return isHealthySeen;
  };
  passAndHang(12_000);
  assert.equal(hung.size, 12);
  assert.ok(passAndHang(11_000), 'the healthy one is monitored all the same');
  agent.send({ kind: 'resource-changed', resource: 'web.healthy' });
  assert.equal(agent.active().at(-1), 'web.healthy monitor');
  agent.running = agent.running.slice(-1);
  agent.finish(notRunning);
  assert.deepEqual(agent.active(), ['web.healthy stop']);
});

test('those that hang at once are bounded, so that they do not fill the machine', () => {
  const agent = crowded(100, { maxParallel: 2 });
  agent.pass(60_000);
  assert.equal(agent.running.length, 2 * 8 + 1);
  while (agent.running.length > 0) {
    agent.pass(10);
    agent.finish();
    assert.ok(agent.running.length <= 2 * 8 + 2);
    if (agent.bootMs > 5_000_000) break;
  }
});

test('the agenda says what a look at every resource would say', () => {
  const agent = crowded(50, { maxParallel: 3 });
  agent.delegate('web.r1', { isExclusive: true });
  for (let round = 0; round < 400; round += 1) {
    agent.pass(round % 7 === 0 ? 900 : 13);
    if (round % 5 === 0) agent.send({ kind: 'resource-changed', resource: `web.r${round % 50}` });
    if (round % 11 === 0) agent.execute(`o${round}`, `web.r${round % 13}`, 'notify', 0, round % 3);
    if (round % 3 !== 0 && agent.running.length > 0) agent.finish();
    const { agenda, resources } = agent.state;
    const idle = valuesOf(resources).filter(({ activity }) => activity === undefined);
    const { urgent, routine, slow } = agenda.busy;
    assert.equal(urgent + routine + slow, valuesOf(resources).length - idle.length);
    assert.ok(urgent <= 3 && routine <= 3);
    const waiting = new Set([...agenda.wakes, ...agenda.turns].map(({ resource }) => resource));
    for (const { record } of idle) {
      const hasWork = record.queue.length + Object.keys(record.monitors).length > 0;
      assert.equal(waiting.has(record.resource), hasWork, `${record.resource} is not forgotten`);
    }
    assert.ok((nextWakeAt(agent.state) ?? agent.bootMs + 1) > agent.bootMs);
    for (const { rank } of agenda.turns) {
      const taken = rank === 0 ? urgent : routine;
      assert.ok(taken === 3 || (rank === 1 && slow >= 3 * 8), 'nobody waits for a place that is free');
    }
  }
});

test('a step costs what it changes: with a thousand resources hardly more than with ten', () => {
  const perStepMs = (count: number): number => {
    const agent = crowded(count);
    const at = agent.now();
    let { state } = agent;
    const steps = 3000;
    const startedAt = performance.now();
    for (let index = 0; index < steps; index += 1) {
      const resource = `web.r${index % count}`;
      const triggered = step(state, { kind: 'resource-changed', resource }, { at, chance: 0.5 });
      const [effect] = triggered.effects;
      const run = effect?.kind === 'run' ? effect.run : '';
      const outcome = { rc: 0, status: 'done', exitReason: '', output: '' } as const;
      state = step(triggered.state, { kind: 'run-finished', resource, run, outcome }, { at, chance: 0.5 }).state;
    }
    return (performance.now() - startedAt) / steps;
  };
  perStepMs(10);
  const [few, many] = [perStepMs(10), perStepMs(1000)];
  assert.ok(many < 10 * few + 0.05, `${few} ms with 10, ${many} ms with 1000`);
});
