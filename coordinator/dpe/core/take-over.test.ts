import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceReport } from './dpe-event.js';
import { instanceOf, type RecoveryScenario, recoveryScenario } from './recovery-scenario.js';

/** A store from before `later` was started, under a lease whose epoch was raised. */
function restored(epoch = 9): RecoveryScenario {
  const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
  scenario.state = { ...scenario.state, volatile: { ...scenario.state.volatile, epoch } };
  return scenario;
}

function running(scenario: RecoveryScenario, instance: string): InstanceReport {
  const where = { assembly: 'a', address: '10.0.0.9', hostname: 'a' };
  return { instance, ...where, state: 'running', evidence: '', at: scenario.now };
}

function inventory(scenario: RecoveryScenario, host: string, ...instances: readonly InstanceReport[]): void {
  scenario.send({ kind: 'launcher-adopted', host, instances, inFlight: [] });
}

for (const [name, instance, host] of [
  ['by a later decider', 'shop.a.h1.4-7', 'h1'],
  ['by the same decider later', 'shop.a.h1.1-2', 'h1'],
  ['on another launcher host', 'shop.a.h2.4-7', 'h2'],
] as const) {
  test(`an instance that was started ${name} than the recorded one is taken over as it is`, () => {
    const scenario = restored();
    inventory(scenario, host, running(scenario, instance));
    const { instance: found, address } = scenario.assembly('a');
    assert.deepEqual([found.kind, found.kind === 'running' && found.id, address], ['running', instance, '10.0.0.9']);
    assert.deepEqual(scenario.told('orphan-destroyed'), []);
    assert.match(scenario.told('assembly-taken-over')[0]?.reason ?? '', /it is taken over as it is/);
    assert.ok(scenario.effects.some((effect) => effect.kind === 'adopt-agent' && effect.instance === instance));
    assert.equal(scenario.state.durable.history.a, undefined, 'what runs inside is for probes to find');
    assert.equal(scenario.state.durable.history.h1?.resources['a.vm'], undefined);
  });
}

for (const [name, instance, epoch] of [
  ['before the recorded one', 'shop.a.h1.1-0', 9],
  ['by a decider that is none', 'shop.a.h1.9-1', 9],
] as const) {
  test(`an instance that was started ${name} is an orphan`, () => {
    const scenario = restored(epoch);
    inventory(scenario, 'h1', running(scenario, instanceOf('a', 'h1')), running(scenario, instance));
    assert.equal(scenario.told('assembly-taken-over').length, 0);
    assert.equal(scenario.told('orphan-destroyed').length, 1);
    const { instance: found } = scenario.assembly('a');
    assert.equal(found.kind !== 'none' && found.id, instanceOf('a', 'h1'));
  });
}
