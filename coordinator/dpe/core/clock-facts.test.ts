import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetOnArrival } from './clock-facts.js';
import { instanceOf, type RecoveryScenario, recoveryScenario } from './recovery-scenario.js';

const instance = instanceOf('a', 'h1');

function beat(scenario: RecoveryScenario, errorMs: number, bootErrorMs = 0): void {
  scenario.now += 1_000;
  const clock = { unixMs: scenario.now + errorMs, bootMs: scenario.now - 1_700_000_000_000 + bootErrorMs };
  scenario.send({ kind: 'agent-heard', instance, clock });
}

test('the offset of an agent’s clock is kept where a successor finds it, and only when it has changed', () => {
  const scenario = recoveryScenario({ a: 'h1' });
  const before = scenario.state.durable;
  beat(scenario, 40);
  assert.equal(scenario.state.durable, before, 'a clock that is about right is not worth a commit');
  beat(scenario, -3_600_000);
  assert.equal(scenario.assembly('a').clockOffsetMs, -3_600_000);
  const kept = scenario.state.durable;
  for (let count = 0; count < 20; count++) beat(scenario, -3_600_000 + count);
  assert.equal(scenario.state.durable, kept);
});

test('a clock that steps is no silence, and no failure', () => {
  const scenario = recoveryScenario({ a: 'h1' });
  for (const errorMs of [0, 86_400_000, -86_400_000, 0]) {
    beat(scenario, errorMs);
    scenario.pass(3_000);
  }
  assert.deepEqual(scenario.events, []);
});

test('failures that the agent is told of are in its own time', () => {
  const scenario = recoveryScenario({ a: 'h1' });
  beat(scenario, 60_000);
  const { durable } = scenario.state;
  const failedAt = scenario.now - 5_000;
  const windows = { ...durable.windows, resources: { 'a.app': [failedAt] } };
  scenario.state = { ...scenario.state, durable: { ...durable, windows } };
  scenario.send({ kind: 'agent-adopted', instance, inFlight: [] });
  const delegated = scenario.effects.find((effect) => effect.kind === 'delegate');
  assert.deepEqual(delegated?.kind === 'delegate' && delegated.delegations[0]?.window, [failedAt + 60_000]);
});

test('operations of an earlier decider are awaited by our clock, not by that of an agent an hour ahead', () => {
  const scenario = recoveryScenario({ a: 'h1' });
  beat(scenario, 3_600_000);
  const expiresAt = scenario.now + 3_600_000 + 20_000;
  scenario.send({ kind: 'agent-adopted', instance, inFlight: [{ operationId: 'old', expiresAt }] });
  assert.equal(scenario.state.volatile.inherited.old?.expiresAt, scenario.now + 20_000);
});

test('a report that is the first word after its agent’s clock was set is read by the new clock', () => {
  const scenario = recoveryScenario({ a: 'h1' });
  beat(scenario, 0);
  beat(scenario, 0);
  for (const stepMs of [-3_600_000, 3_600_000]) {
    scenario.now += 500;
    const clock = { unixMs: scenario.now + stepMs, bootMs: scenario.now - 1_700_000_000_000 };
    assert.equal(offsetOnArrival(scenario.state, { assembly: 'a', instance, clock }, scenario.now), stepMs);
    const told = { kind: 'unknown' } as const;
    scenario.send({ kind: 'agent-report', instance, sequence: 1, clock, report: told, token: 1, chance: 0 });
    assert.equal(scenario.assembly('a').clockOffsetMs, stepMs);
  }
  const none = { unixMs: 0, bootMs: 0 };
  assert.equal(offsetOnArrival(scenario.state, { assembly: 'a', instance, clock: none }, scenario.now), 3_600_000);
});
