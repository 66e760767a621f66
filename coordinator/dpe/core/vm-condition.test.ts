import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DpeEvent } from './dpe-event.js';
import { instanceOf, type RecoveryScenario, recoveryScenario } from './recovery-scenario.js';

const instance = instanceOf('web', 'h1');
type Beat = Extract<DpeEvent, { kind: 'launcher-beat' }>;
type Condition = NonNullable<Beat['conditions']>[number]['condition'];

/** Beats of the launcher follow; the scenario's own say that everything works. */
function scenarioWithBeats(): { scenario: RecoveryScenario; beat: (...conditions: readonly Condition[]) => void } {
  const scenario = recoveryScenario({ web: 'h1', db: 'h1' });
  scenario.silentLaunchers.add('h1');
  const running = [instance, instanceOf('db', 'h1')];
  const beat = (...conditions: readonly Condition[]) => {
    const named = conditions.map((condition) => ({ instance, condition, evidence: `why ${condition}` }));
    scenario.send({ kind: 'launcher-beat', host: 'h1', running, conditions: named });
  };
  return { scenario, beat };
}

function conditionEvents({ events }: RecoveryScenario): readonly string[] {
  return events
    .filter(({ kind }) => /-(paused|panicked|not-answering|working)$/.test(kind))
    .map(({ kind, assembly }) => `${assembly} ${kind.replace('assembly-', '')}`);
}

for (const { name, beats, told } of [
  { name: 'a VM that works is no news', beats: [[], []], told: [] },
  { name: 'each condition is told once', beats: [['paused'], ['paused'], ['paused']], told: ['web paused'] },
  { name: 'so is its end', beats: [['paused'], [], []], told: ['web paused', 'web working'] },
  {
    name: 'one condition may become another',
    beats: [['not-answering'], ['panicked'], []],
    told: ['web not-answering', 'web panicked', 'web working'],
  },
  {
    name: 'a launcher that was restarted and cannot tell yet takes nothing back',
    beats: [['paused'], ['unknown'], ['unknown'], ['paused'], []],
    told: ['web paused', 'web working'],
  },
  { name: 'one that cannot tell says nothing new', beats: [['unknown'], []], told: [] },
] as const) {
  test(name, () => {
    const { scenario, beat } = scenarioWithBeats();
    for (const conditions of beats) beat(...conditions);
    assert.deepEqual(conditionEvents(scenario), told);
  });
}

test('a beat that does not name the instance says nothing about its VM', () => {
  const { scenario, beat } = scenarioWithBeats();
  beat('paused');
  scenario.send({ kind: 'launcher-beat', host: 'h1', running: [instanceOf('db', 'h1')] });
  assert.deepEqual(conditionEvents(scenario), ['web paused']);
});

test('what is known of a VM survives its decider', () => {
  const { scenario, beat } = scenarioWithBeats();
  beat('paused');
  const persisted = JSON.parse(JSON.stringify(scenario.state.durable));
  const successor = recoveryScenario({ web: 'h1', db: 'h1' });
  successor.state = { ...successor.state, durable: persisted };
  successor.send({
    kind: 'launcher-beat',
    host: 'h1',
    running: [instance, instanceOf('db', 'h1')],
    conditions: [{ instance, condition: 'paused', evidence: 'why paused' }],
  });
  assert.deepEqual(conditionEvents(successor), []);
});

test('a silent agent in a paused VM: suspicion and loss name the pause, and nothing else is done than for any silence', () => {
  const { scenario, beat } = scenarioWithBeats();
  scenario.silentAgents.add('web');
  for (let second = 0; second < 16; second++) {
    beat('paused');
    scenario.pass(1_000);
  }
  const [suspect, ...more] = scenario.told('assembly-suspect');
  assert.deepEqual(more, []);
  assert.match(suspect?.reason ?? '', /^its agent has been silent for \d+ ms; its VM is paused \(why paused\)$/);
  const [failed] = scenario.told('assembly-failed');
  assert.match(failed?.reason ?? '', /^its agent has been silent for 1\d{4} ms; its VM is paused \(why paused\)$/);
  const { verdict, evidence } = (failed?.evidence ?? {}) as { verdict: string; evidence: readonly string[] };
  assert.equal(verdict, 'agent');
  assert.equal(evidence.at(-1), 'the launcher says that the instance runs, and its VM is paused (why paused)');
  assert.equal(scenario.assembly('web').instance.kind, 'lost');
});

test('while its guest reboots by order its agent is waited for as in any boot, and then no longer', () => {
  for (const isBack of [true, false]) {
    const model = () => ({ bootTimeoutMs: 60_000 });
    const scenario = recoveryScenario({ web: 'h1', db: 'h1' }, { model });
    const running = [instance, instanceOf('db', 'h1')];
    const rebooting = { instance, condition: 'rebooting', evidence: 'as ordered' } as const;
    scenario.send({ kind: 'launcher-beat', host: 'h1', running, conditions: [rebooting] });
    scenario.send({ kind: 'launcher-beat', host: 'h1', running, conditions: [rebooting] });
    scenario.silentAgents.add('web');
    scenario.pass(50_000);
    assert.deepEqual(
      scenario.events.map(({ kind }) => kind),
      ['assembly-rebooting'],
    );
    if (isBack) {
      scenario.send({ kind: 'agent-registered', instance, incarnation: '2' });
      scenario.silentAgents.delete('web');
    }
    scenario.pass(20_000);
    assert.equal(scenario.assembly('web').instance.kind, isBack ? 'running' : 'lost');
    assert.equal(scenario.told('assembly-rebooted').length, isBack ? 1 : 0);
    assert.deepEqual(scenario.told('agent-restarted'), []);
  }
});
