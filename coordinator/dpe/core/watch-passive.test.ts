import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DpeEvent } from './dpe-event.js';
import { ownCounts } from './hearing.js';
import { instanceOf, type RecoveryScenario, recoveryScenario } from './recovery-scenario.js';

const instance = instanceOf('web', 'h1');

/** `web` has no agent; that of `db` is heard. */
function scenarioOf(): RecoveryScenario {
  const model = (name: string) => (name === 'web' ? { monitoring: 'passive' as const, resources: [] } : {});
  const scenario = recoveryScenario({ web: 'h1', db: 'h1' }, { model });
  const { agents } = scenario.state.volatile;
  const { [instance]: _none, ...others } = agents;
  scenario.state = { ...scenario.state, volatile: { ...scenario.state.volatile, agents: others } };
  scenario.silentAgents.add('web');
  return scenario;
}

test('nobody misses an agent where there is none', () => {
  const scenario = scenarioOf();
  scenario.pass(120_000);
  assert.deepEqual(scenario.events, []);
  assert.ok(scenario.effects.every((effect) => effect.kind !== 'adopt-agent'));
  assert.deepEqual(ownCounts(scenario.state, scenario.now), { h1: { running: 1, silent: 0 } });
});

test('an agent that registers all the same is not taken over', () => {
  const scenario = scenarioOf();
  scenario.send({ kind: 'agent-registered', instance, incarnation: 'a1' });
  assert.equal(scenario.state.volatile.agents[instance], undefined);
  assert.deepEqual(scenario.effects, []);
});

test('a death is recovered like any other', () => {
  const scenario = scenarioOf();
  const death = { instance, evidence: 'QEMU has ended', at: scenario.now, sequence: 1, token: 1, chance: 0 };
  scenario.send({ kind: 'instance-died', host: 'h1', ...death });
  assert.match(scenario.told('assembly-failed')[0]?.reason ?? '', /^instance died: QEMU has ended/);
  assert.equal(scenario.state.volatile.engine.kind, 'deciding');
});

for (const { condition, isLost } of [
  { condition: 'paused', isLost: true },
  { condition: 'panicked', isLost: true },
  { condition: 'not-answering', isLost: false },
] as const) {
  test(`${condition} for long: ${isLost ? 'it is lost, and destroyed' : 'that says nothing about what runs in it'}`, () => {
    const scenario = scenarioOf();
    scenario.silentLaunchers.add('h1');
    const running = [instance, instanceOf('db', 'h1')];
    const beat: Omit<Extract<DpeEvent, { kind: 'launcher-beat' }>, 'now'> = {
      kind: 'launcher-beat',
      host: 'h1',
      running,
      conditions: [{ instance, condition, evidence: 'why' }],
    };
    const beatFor = (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        scenario.send(beat);
        scenario.pass(1_000);
      }
    };
    beatFor(14);
    assert.equal(scenario.assembly('web').instance.kind, 'running');
    beatFor(2);
    assert.equal(scenario.assembly('web').instance.kind, isLost ? 'lost' : 'running');
    assert.equal(scenario.told('assembly-failed').length, isLost ? 1 : 0);
    if (isLost)
      assert.match(scenario.told('assembly-failed')[0]?.reason ?? '', /\(why\), and has been for 15\d{3} ms$/);
  });
}

test('when its launcher has lost its journal nobody knows of it: it is held', () => {
  const scenario = scenarioOf();
  scenario.send({ kind: 'launcher-beat', host: 'h1', running: [instanceOf('db', 'h1')] });
  const db = { instance: instanceOf('db', 'h1'), assembly: 'db', state: 'running', address: '', hostname: '' } as const;
  scenario.send({ kind: 'launcher-adopted', host: 'h1', instances: [{ ...db, evidence: '', at: 0 }], inFlight: [] });
  scenario.pass(200);
  assert.equal(scenario.assembly('web').instance.kind, 'held');
});

test('a decider that has just begun waits for no agent where there is none', () => {
  const scenario = scenarioOf();
  const { volatile } = scenario.state;
  scenario.state = {
    ...scenario.state,
    volatile: { ...volatile, startedAt: scenario.now, pendingTrigger: 'the DPE has started', isSettled: false },
  };
  scenario.send({ kind: 'tick', chance: 0 });
  assert.equal(scenario.state.volatile.engine.kind, 'deciding');
});
