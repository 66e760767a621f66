import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainResource } from '../../model/plain.js';
import type { DpeEffect } from './dpe-effect.js';
import { instanceOf, type RecoveryScenario, recoveryScenario } from './recovery-scenario.js';

const agent = { class: 'ocf', provider: 'heartbeat', type: 'Dummy' } as const;
const onlyOnce = { ...plainResource, name: 'app', agent, isExclusive: true };

function withExclusive(): RecoveryScenario {
  return recoveryScenario({ a: 'h1', b: 'h1' }, { model: (name) => (name === 'a' ? { resources: [onlyOnce] } : {}) });
}

function renewals(scenario: RecoveryScenario): Extract<DpeEffect, { kind: 'renew-lease' }>[] {
  return scenario.effects.filter((effect) => effect.kind === 'renew-lease');
}

test('leases of instances with exclusive resources are renewed each third, with what they are about', () => {
  const scenario = withExclusive();
  scenario.pass(30_000);
  const told = renewals(scenario);
  assert.equal(told.length, 6);
  for (const effect of told)
    assert.deepEqual(effect, { kind: 'renew-lease', instance: instanceOf('a', 'h1'), leaseMs: 15_000 });
  const delegations = scenario.effects.filter((effect) => effect.kind === 'delegate');
  assert.equal(delegations.length, 6);
  assert.equal(delegations[0]?.delegations[0]?.isExclusive, true);
});

test('an agent that has just been adopted has its lease before anything is ordered of it', () => {
  const scenario = withExclusive();
  scenario.send({ kind: 'agent-adopted', instance: instanceOf('a', 'h1'), inFlight: [] });
  assert.deepEqual(
    scenario.effects.map(({ kind }) => kind).filter((kind) => kind === 'delegate' || kind === 'renew-lease'),
    ['delegate', 'renew-lease'],
  );
});

test('an instance that is to end, or cannot be reached, gets no lease any more', () => {
  const scenario = withExclusive();
  scenario.silentAgents.add('a');
  scenario.pass(16_000);
  assert.equal(scenario.assembly('a').instance.kind, 'lost');
  scenario.effects.length = 0;
  scenario.pass(30_000);
  assert.deepEqual(renewals(scenario), []);
});

test('a lease outlasts three heartbeats, however slow they are', () => {
  const scenario = withExclusive();
  const { volatile } = scenario.state;
  const options = { ...volatile.options, heartbeatIntervalMs: 10_000 };
  scenario.state = { ...scenario.state, volatile: { ...volatile, options } };
  scenario.pass(200);
  assert.equal(renewals(scenario)[0]?.leaseMs, 30_000);
});

test('what the agent may not repair, but has to stop when its lease ends, is delegated with no budget', () => {
  const kept = { ...onlyOnce, onFail: 'block' } as const;
  const scenario = recoveryScenario({ a: 'h1' }, { model: () => ({ resources: [kept] }) });
  scenario.pass(200);
  const delegated = scenario.effects.find((effect) => effect.kind === 'delegate');
  const [delegation] = delegated?.kind === 'delegate' ? delegated.delegations : [];
  assert.deepEqual([delegation?.failures, delegation?.isExclusive], [0, true]);
});

test('nothing is taken over because a lease must have ended: only proof of death frees the instance', () => {
  const scenario = withExclusive();
  scenario.silentLaunchers.add('h1');
  for (const name of ['a', 'b']) scenario.silentAgents.add(name);
  scenario.pass(3_600_000);
  assert.equal(scenario.assembly('a').instance.kind, 'running');
  assert.equal(
    scenario.effects.some(({ kind }) => kind === 'order-launcher'),
    false,
  );
});
