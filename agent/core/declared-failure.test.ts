import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentScenario, good, notRunning } from './agent-scenario.js';
import { isManaged } from './declared-failure.js';
import { resultOf } from './report-results.js';

function declare(agent: AgentScenario, rc = 1, resource = 'web.a'): void {
  agent.send({ kind: 'declared-failed', resource, rc });
}

test('what is declared failed and delegated is recovered as after a failed monitor', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a');
  declare(agent, 7);
  const steps: string[] = [];
  while (agent.running.length > 0) steps.push(agent.finish());
  assert.deepEqual(steps, ['web.a stop', 'web.a start', 'web.a monitor/10000']);
  const [report, ...more] = agent.reports;
  assert.ok(report?.kind === 'local-recovery' && more.length === 0);
  assert.equal(report.verdict, 'recovered');
  assert.deepEqual([report.failure.rc, report.failure.exitReason], [7, 'declared failed by an operator']);
  assert.equal(report.failure.userData, 'data of monitor web.a');
});

test('declared failures spend the budget like others', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a', { failures: 2 });
  declare(agent);
  while (agent.running.length > 0) agent.finish();
  declare(agent);
  assert.deepEqual(agent.active(), []);
  const report = agent.reports.at(-1);
  assert.ok(report?.kind === 'local-recovery' && report.verdict === 'escalate');
});

test('what is not delegated is reported, and well again with the next good monitor', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  declare(agent, 1);
  assert.deepEqual(agent.active(), []);
  agent.pass(10_000);
  agent.finish(good);
  assert.deepEqual(
    agent.reports.map((report) => [report.kind, resultOf(report).rc, resultOf(report).intervalMs]),
    [
      ['monitor-changed', 1, 10_000],
      ['monitor-changed', 0, 10_000],
    ],
  );
});

test('a monitor under way says nothing about what was declared meanwhile', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a');
  agent.pass(10_000);
  declare(agent);
  assert.deepEqual(agent.active(), ['web.a monitor']);
  agent.finish(good);
  const steps: string[] = [];
  while (agent.running.length > 0) steps.push(agent.finish());
  assert.deepEqual(steps, ['web.a stop', 'web.a start', 'web.a monitor/10000']);
  assert.equal(agent.reports.length, 1);
});

test('a resource that is being recovered has failed already', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.a');
  agent.delegate('web.a');
  agent.fail('web.a', notRunning);
  declare(agent);
  while (agent.running.length > 0) agent.finish();
  assert.equal(agent.reports.length, 1);
});

test('only what is expected to run can be declared failed', () => {
  const agent = new AgentScenario();
  const managed = () => isManaged(agent.state, 'web.a');
  assert.equal(managed(), false);
  declare(agent);
  agent.execute('start', 'web.a', 'start');
  assert.equal(managed(), false);
  agent.finish();
  assert.equal(managed(), true);
  declare(agent);
  assert.equal(agent.reports.at(-1)?.kind, 'monitor-changed', 'it is not delegated, nor monitored yet');
  agent.execute('stop', 'web.a', 'stop');
  agent.finish();
  assert.equal(managed(), false);
  const before = agent.reports.length;
  declare(agent);
  assert.equal(agent.reports.length, before);
});

test('an exit code that is none of a failure counts as a generic error', () => {
  for (const rc of [0, -1, 256, 1.5, Number.NaN, 190]) {
    const agent = new AgentScenario();
    agent.startMonitored('web.a');
    declare(agent, rc);
    const [report] = agent.reports;
    assert.equal(report && resultOf(report).rc, 1, String(rc));
  }
});
