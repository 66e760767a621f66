import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentScenario, notRunning } from './agent-scenario.js';

function scenario(): AgentScenario {
  const agent = new AgentScenario();
  agent.startMonitored('web.db');
  agent.startMonitored('web.app');
  agent.delegate('web.app', { after: ['web.db', 'web.unknown'] });
  return agent;
}

test('a resource is repaired at once while what it needs runs', () => {
  const agent = scenario();
  agent.fail('web.app');
  assert.deepEqual(agent.active(), ['web.app stop']);
});

test('a resource is not repaired while what it needs is down, and is as soon as that runs again', () => {
  const agent = scenario();
  agent.fail('web.db');
  agent.fail('web.app');
  agent.pass(5000);
  assert.deepEqual(agent.active(), []);
  agent.execute('restart', 'web.db', 'start');
  assert.equal(agent.finish(), 'web.db start');
  agent.pass(1500);
  assert.deepEqual(agent.active(), ['web.app stop']);
});

test('when both fail at once the verdict on what is needed comes first', () => {
  const agent = scenario();
  agent.send({ kind: 'resource-changed', resource: 'web.db' });
  agent.send({ kind: 'resource-changed', resource: 'web.app' });
  const [db, app] = agent.running.splice(0);
  assert.ok(db !== undefined && app !== undefined);
  agent.send({ kind: 'run-finished', resource: 'web.app', run: app.run, outcome: notRunning });
  assert.deepEqual(agent.active(), []);
  agent.send({ kind: 'run-finished', resource: 'web.db', run: db.run, outcome: notRunning });
  agent.pass(3000);
  assert.deepEqual(agent.active(), []);
});

test('a monitor of what is needed that hangs does not hold up the repair for long', () => {
  const agent = scenario();
  agent.send({ kind: 'resource-changed', resource: 'web.db' });
  agent.send({ kind: 'resource-changed', resource: 'web.app' });
  const app = agent.running.find(({ operation }) => operation.resource === 'web.app');
  assert.ok(app !== undefined);
  agent.running.splice(0);
  agent.send({ kind: 'run-finished', resource: 'web.app', run: app.run, outcome: notRunning });
  agent.pass(2500);
  assert.deepEqual(agent.active(), ['web.app stop']);
});

test('the orders that repair both end the waiting', () => {
  const agent = scenario();
  agent.fail('web.db');
  agent.fail('web.app');
  agent.execute('stop', 'web.app', 'stop');
  assert.deepEqual(agent.active(), ['web.app stop']);
  const report = agent.reports.at(-1);
  assert.ok(report?.kind === 'local-recovery');
  assert.deepEqual([report.verdict, report.reason], ['failed', 'cut short by an order to stop it']);
});
