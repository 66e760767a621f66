import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssemblyStatus, DeployableStatus, Draft, ResourceStatus } from '../../proto/messages.js';
import type { OperatorVerb } from './core/operator-verb.js';
import { instanceOf, recoveryScenario } from './core/recovery-scenario.js';
import { shopState } from './core/sample-shop.js';
import { sampleNow as now } from './core/sample-state.js';
import { step } from './core/step.js';
import { listFailCounts } from './fail-counts.js';
import { renderStatus } from './status.js';

function after(...verbs: readonly OperatorVerb[]): Draft<DeployableStatus> {
  return renderStatus(stateAfter(...verbs), now);
}

function stateAfter(...verbs: readonly OperatorVerb[]) {
  return verbs.reduce(
    (state, verb) => step(state, { kind: 'operator-verb', verb, by: 'operator alice', token: 1, now, chance: 0 }).state,
    shopState(),
  );
}

function assembly(status: Draft<DeployableStatus>, name: string): Draft<AssemblyStatus> {
  const found = status.assemblies?.find((each) => each.name === name);
  assert.ok(found);
  return found;
}

function resource(status: Draft<DeployableStatus>, id: string): Draft<ResourceStatus> {
  const [name = '', own = ''] = id.split('.');
  const found = assembly(status, name).resources?.find((each) => each.name === own);
  assert.ok(found);
  return found;
}

test('a deployable that nobody has touched shows no wishes, and its budgets', () => {
  const status = after();
  const { held, maintenance, unmanaged, locations, failures, failureLimit } = status;
  assert.deepEqual([held, maintenance, unmanaged, locations], ['', false, [], []]);
  assert.deepEqual([failures, failureLimit], [0, 2]);
  const db = assembly(status, 'db');
  assert.deepEqual([db.wish, db.unmanaged, db.failureLimit, db.failurePeriodMs], ['', false, 3, 600_000]);
  const redis = resource(status, 'db.redis');
  assert.deepEqual([redis.state, redis.wish, redis.unmanaged, redis.role], ['running', '', false, '']);
  assert.equal(resource(status, 'web-1.app').role, 'unpromoted');
});

test('what operators want is shown where they want it', () => {
  const status = after(
    { kind: 'resource-stop', resource: 'web.app' },
    { kind: 'resource-restart', resource: 'db.redis' },
    { kind: 'resource-unmanage', resource: 'db.exporter' },
    { kind: 'assembly-standby', assembly: 'web-1' },
    { kind: 'assembly-restart', assembly: 'web-2' },
    { kind: 'resource-ban', resource: 'web.app', node: 'web-2', role: 'promoted', until: now + 5 },
  );
  assert.deepEqual(
    ['web-1.app', 'web-2.app', 'web-1.log', 'db.redis'].map((id) => resource(status, id).wish),
    ['stopped', 'stopped', '', 'restarting'],
  );
  assert.equal(resource(status, 'db.exporter').unmanaged, true);
  assert.match(resource(status, 'db.exporter').delegatedReason ?? '', /not managed/);
  assert.deepEqual(status.unmanaged, ['db.exporter']);
  assert.deepEqual(
    ['db', 'web-1', 'web-2'].map((name) => assembly(status, name).wish),
    ['', 'standby', 'restarting'],
  );
  assert.deepEqual(status.locations, [
    { resource: 'web.app', node: 'web-2', kind: 'ban', role: 'promoted', untilUnixMs: now + 5 },
  ]);
});

test('a deployable that is held says by whom and why; one in maintenance has nothing that is managed', () => {
  const held = after({ kind: 'deployable-hold', reason: 'an audit' });
  assert.deepEqual([held.condition, held.held], ['held', 'operator alice: an audit']);
  const maintained = after({ kind: 'deployable-maintenance', isOn: true });
  assert.equal(maintained.maintenance, true);
  assert.deepEqual(maintained.unmanaged?.slice(0, 3), ['db.vm', 'db.redis', 'db.exporter']);
});

test('an assembly whose VM hangs says so while its agent is heard, and when it is not', () => {
  const scenario = recoveryScenario({ web: 'h1' });
  const instance = instanceOf('web', 'h1');
  const beat = { kind: 'launcher-beat', host: 'h1', running: [instance] } as const;
  const shown = () => assembly(renderStatus(scenario.state, scenario.now), 'web');
  assert.deepEqual([shown().state, shown().condition, shown().reason], ['running', 'working', '']);
  scenario.send({ ...beat, conditions: [{ instance, condition: 'paused', evidence: 'by QMP stop' }] });
  assert.deepEqual(
    [shown().state, shown().condition, shown().conditionEvidence, shown().reason],
    ['running', 'paused', 'by QMP stop', 'its VM is paused (by QMP stop)'],
  );
  scenario.silentLaunchers.add('h1');
  scenario.silentAgents.add('web');
  scenario.pass(4_000);
  assert.deepEqual(
    [shown().state, shown().reason],
    ['suspect', 'the agent of web is silent; its VM is paused (by QMP stop)'],
  );
});

test('fail counts are listed with their budgets; without a name, only where there are any', () => {
  assert.deepEqual(listFailCounts(shopState(), undefined), { kind: 'found', subject: [] });
  const state = stateAfter(
    { kind: 'resource-fail', resource: 'db.redis' },
    { kind: 'resource-fail', resource: 'db.vm' },
  );
  const listed = listFailCounts(state, undefined);
  assert.ok(listed.kind === 'found');
  assert.deepEqual(
    listed.subject.map(({ resource: id, node, failures, inWindow, limit }) => [id, node, failures, inWindow, limit]),
    [
      ['db.vm', 'h1', 1, 1, 3],
      ['db.redis', 'db', 1, 1, 3],
    ],
  );
  for (const { lastFailureUnixMs } of listed.subject) assert.equal(lastFailureUnixMs, now);
  const one = listFailCounts(state, 'web.app');
  assert.ok(one.kind === 'found');
  assert.deepEqual(
    one.subject.map(({ resource: id, failures }) => [id, failures]),
    [
      ['web-1.app', 0],
      ['web-2.app', 0],
    ],
  );
  assert.equal(listFailCounts(state, 'db.nginx').kind, 'refused');
});
