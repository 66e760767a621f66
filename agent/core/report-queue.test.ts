import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentScenario, failed, good, notRunning, scenarioPolicy } from './agent-scenario.js';
import { durableEntries, restoreState } from './durable-state.js';
import { adoptWindow } from './failure-window.js';
import { lookUp } from './id-map.js';
import { resultOf } from './report-results.js';
import type { AgentState, CondensedReport, Report } from './state.js';

/** The outbox takes one report at a time, and has no room for it; two more may wait whole. */
const fullOutbox = { maxHandedOver: 1, maxUnspooled: 2, maxParallel: 10, maxResources: 10 };

function fullAgent(resources: readonly string[]): AgentScenario {
  const agent = new AgentScenario({ ...fullOutbox });
  for (const resource of resources) {
    agent.startMonitored(resource);
    agent.send({ kind: 'reports-spooled', number: agent.state.counters.nextReport });
  }
  agent.reports.length = 0;
  return agent;
}

/** One failure and its repair, ten milliseconds later. */
function recover(agent: AgentScenario, resource: string): void {
  agent.bootMs += 10;
  agent.fail(resource);
  if (agent.running.length === 0) agent.pass(1000);
  for (const _step of ['stop', 'start', 'monitor']) agent.finish();
}

function delegateAll(agent: AgentScenario, resources: readonly string[]): void {
  const delegations = resources.map((resource) => ({
    resource,
    failures: 1000,
    periodMs: 1000,
    startTimeoutMs: 1000,
    stopTimeoutMs: 1000,
    monitorTimeoutMs: 1000,
    isExclusive: false,
    windowUnixMs: [],
  }));
  agent.order('', { kind: 'delegate', delegations });
}

const told = (report: Report): string => {
  const { resource } = resultOf(report);
  switch (report.kind) {
    case 'order-result':
      return `${report.operationId}`;
    case 'monitor-changed':
      return `${resource} changed to ${report.result.rc}`;
    case 'local-recovery':
      return `${resource} ${report.verdict}`;
    case 'condensed':
      return `${resource} ${report.failures} failures, ${report.recovered} recovered, now ${report.newest.kind}`;
  }
};

const waiting = ({ state }: { readonly state: AgentState }): string[] => state.unspooled.map(told);

test('the first reports that wait stay whole; later ones of a resource become one, which keeps the count', () => {
  const agent = fullAgent(['web.a', 'web.b']);
  delegateAll(agent, ['web.a', 'web.b']);
  const startedAt = agent.now().unixMs;
  for (let failure = 0; failure < 50; failure += 1) {
    recover(agent, 'web.a');
    if (failure < 20) recover(agent, 'web.b');
  }
  assert.deepEqual(waiting(agent), [
    'web.a recovered',
    'web.b recovered',
    'web.a recovered',
    'web.b 19 failures, 19 recovered, now local-recovery',
    'web.a 48 failures, 48 recovered, now local-recovery',
  ]);
  const last = agent.state.unspooled.at(-1);
  assert.ok(last?.kind === 'condensed' && last.newest.kind === 'local-recovery');
  assert.equal(last.firstUnixMs, startedAt + 50);
  assert.equal(last.lastUnixMs, startedAt + 700);
  assert.equal(last.newest.detectedUnixMs, last.lastUnixMs);
  assert.equal(agent.state.counters.condensedReports, 18 + 47);
});

test('when there is room again everything goes to the outbox in order, each once', () => {
  const agent = fullAgent(['web.a']);
  delegateAll(agent, ['web.a']);
  for (let failure = 0; failure < 20; failure += 1) recover(agent, 'web.a');
  while (agent.state.unspooled.length > 0) {
    agent.send({ kind: 'reports-spooled', number: agent.reports.at(-1)?.number ?? 0 });
  }
  assert.deepEqual(agent.reports.map(told), [
    'web.a recovered',
    'web.a recovered',
    'web.a recovered',
    'web.a 17 failures, 17 recovered, now local-recovery',
  ]);
  const numbers = agent.reports.map(({ number }) => number);
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
  recover(agent, 'web.a');
  assert.equal(agent.reports.map(told).at(-1), 'web.a recovered', 'and then they are told whole again');
});

test('results of orders are never condensed, and nothing is moved past one of its own resource', () => {
  const agent = fullAgent(['web.a']);
  delegateAll(agent, ['web.a']);
  for (let failure = 0; failure < 6; failure += 1) recover(agent, 'web.a');
  agent.execute('probe', 'web.a', 'notify');
  agent.finish();
  for (let failure = 0; failure < 3; failure += 1) recover(agent, 'web.a');
  assert.deepEqual(waiting(agent).slice(3), [
    'web.a 3 failures, 3 recovered, now local-recovery',
    'probe',
    'web.a 3 failures, 3 recovered, now local-recovery',
  ]);
});

test('the end of a lease is no failure, and told whole whatever waits', () => {
  const agent = fullAgent(['web.a']);
  const budget = { failures: 1000, periodMs: 1000, isExclusive: true };
  agent.delegate('web.a', budget);
  for (let failure = 0; failure < 6; failure += 1) recover(agent, 'web.a');
  agent.pass(20_000);
  while (agent.running.length > 0) agent.finish();
  const last = agent.state.unspooled.at(-1);
  assert.ok(last?.kind === 'local-recovery' && last.reason === 'lease ran out');
  assert.equal(waiting(agent).at(-2), 'web.a 3 failures, 3 recovered, now local-recovery');
});

test('a resource that is not delegated is told by its newest state and the number of its failures', () => {
  const agent = fullAgent(['web.a']);
  const states = [failed, good, failed, good, notRunning, good, failed, notRunning];
  for (const outcome of states) agent.fail('web.a', outcome);
  assert.deepEqual(waiting(agent), [
    'web.a changed to 1',
    'web.a changed to 0',
    'web.a changed to 1',
    'web.a 3 failures, 0 recovered, now monitor-changed',
  ]);
  const last = agent.state.unspooled.at(-1);
  assert.equal(last && resultOf(last).rc, 7);
});

test('while the results of too many orders wait no more are taken; repeated ones are still answered', () => {
  const agent = new AgentScenario({ ...fullOutbox, maxDoneOrders: 1000 });
  let taken = 0;
  while (agent.execute(`o${taken}`, 'web.a', 'notify')?.kind === 'accepted') {
    agent.finish();
    taken += 1;
    assert.ok(taken < 1000);
  }
  const answer = agent.answers.at(-1);
  assert.ok(answer?.kind === 'refused' && answer.code === 'unavailable');
  assert.equal(agent.state.unspooled.length, taken, 'none is lost');
  assert.equal(agent.execute('o2', 'web.a', 'notify')?.kind, 'accepted', 'it is known already');
  agent.send({ kind: 'reports-spooled', number: 1 });
  assert.equal(agent.execute('next', 'web.a', 'notify')?.kind, 'accepted');
});

test('what was handed over is handed over again after a restart, and never condensed with what comes then', () => {
  const agent = fullAgent(['web.a']);
  delegateAll(agent, ['web.a']);
  for (let failure = 0; failure < 9; failure += 1) recover(agent, 'web.a');
  // The outbox takes the first three whole ones and the condensed one, and the agent dies before it knows of the last.
  for (let taken = 0; taken < 3; taken += 1) {
    agent.send({ kind: 'reports-spooled', number: agent.reports.at(-1)?.number ?? 0 });
  }
  assert.deepEqual(waiting(agent), ['web.a 6 failures, 6 recovered, now local-recovery']);
  const clock = { bootId: 'boot', at: agent.now() };
  const entries = new Map(
    durableEntries(agent.state, clock).map(({ key, value }) => [key, JSON.parse(JSON.stringify(value))]),
  );
  const policy = { ...scenarioPolicy, ...fullOutbox, maxUnspooled: 0, process: 'next' };
  const next = new AgentScenario({}, restoreState(entries, policy, { clock, epoch: 1 }));
  next.bootMs = agent.bootMs;
  for (let failure = 0; failure < 4; failure += 1) recover(next, 'web.a');
  assert.deepEqual(waiting(next), [
    'web.a 6 failures, 6 recovered, now local-recovery',
    'web.a 4 failures, 4 recovered, now local-recovery',
  ]);
});

test('failures that went into a later report are unknown to the decider until it has that one', () => {
  const agent = fullAgent(['web.a']);
  const periodMs = 3_600_000;
  agent.delegate('web.a', { failures: 1000, periodMs });
  for (let failure = 0; failure < 8; failure += 1) recover(agent, 'web.a');
  const window = lookUp(agent.state.resources, 'web.a')?.record.window;
  const condensed = agent.state.unspooled.at(-1);
  assert.ok(window && condensed?.kind === 'condensed');
  const kept = (deliveredReport: number) =>
    adoptWindow(window, { failuresUnixMs: [], deliveredReport }, agent.now()).failures.length;
  assert.equal(kept(condensed.number - 1), (condensed satisfies CondensedReport).failures);
  assert.equal(kept(condensed.number), 0);
});
