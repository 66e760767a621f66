import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceReport, LauncherOutcome } from './dpe-event.js';
import type { Order } from './dpe-state.js';
import { instanceOf, type RecoveryScenario, recoveryScenario } from './recovery-scenario.js';

const instance = instanceOf('a', 'h1');

function adopted(scenario: RecoveryScenario): void {
  scenario.send({ kind: 'agent-adopted', instance, inFlight: [] });
}

/** Its launcher has lost its journal and knows nothing of it. */
function inventory(scenario: RecoveryScenario): void {
  scenario.send({ kind: 'launcher-adopted', host: 'h1', instances: [], inFlight: [] });
}

function unknown(scenario: RecoveryScenario): InstanceReport {
  const state = { instance, assembly: 'a', state: 'unknown', address: '', hostname: '' } as const;
  return { ...state, evidence: 'it is in no journal', at: scenario.now };
}

function launcherOrder(scenario: RecoveryScenario, what: 'start' | 'stop' | 'destroy'): void {
  const order: Order = {
    kind: 'launcher',
    what,
    assembly: 'a',
    instance,
    host: 'h1',
    order: undefined,
    action: undefined,
    issuedAt: scenario.now,
    expiresAt: scenario.now + 10_000,
  };
  const { durable, volatile } = scenario.state;
  const a = scenario.assembly('a');
  const kind = what === 'start' ? 'starting' : 'stopping';
  const assemblies = {
    ...durable.assemblies,
    a: { ...a, instance: { kind, id: instance, host: 'h1', at: scenario.now } },
  };
  scenario.state = { durable: { ...durable, assemblies } as never, volatile: { ...volatile, orders: { o: order } } };
}

function answer(scenario: RecoveryScenario, outcome: LauncherOutcome): void {
  scenario.send({ kind: 'launcher-result', operationId: 'o', outcome });
}

const refused = { kind: 'refused', code: 'invalid-request', message: 'not mine' } as const;
const failed = { kind: 'refused', code: 'driver-failed', message: 'the platform failed' } as const;

test('an instance that its launcher does not know, and whose agent is heard, is left alone and told once', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
  scenario.pass(1_000);
  for (let look = 0; look < 3; look++) {
    inventory(scenario);
    scenario.send({ kind: 'launcher-beat', host: 'h1', running: [] });
    assert.equal(scenario.state.volatile.launchers.h1?.isAdopted, true, 'the launcher stays usable');
  }
  assert.equal(scenario.assembly('a').instance.kind, 'running');
  const [told, ...more] = scenario.told('assembly-unknown');
  assert.deepEqual(more, []);
  assert.match(told?.reason ?? '', /has no record of the instance; it is left as it is while its agent is heard/);
});

test('when its agent falls silent as well it is held, and comes back as it was when the agent answers', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
  inventory(scenario);
  scenario.silentAgents.add('a');
  scenario.silentLaunchers.add('h1');
  const beats = (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      scenario.pass(1_000);
      scenario.send({ kind: 'launcher-beat', host: 'h1', running: [] });
    }
  };
  beats(14);
  assert.equal(scenario.assembly('a').instance.kind, 'running');
  beats(2);
  assert.equal(scenario.assembly('a').instance.kind, 'held');
  adopted(scenario);
  assert.equal(scenario.assembly('a').instance.kind, 'running');
  assert.equal(scenario.assembly('a').isConnected, true);
  assert.equal(scenario.told('assembly-back').length, 1);
  assert.deepEqual(scenario.told('assembly-failed'), [], 'it counts nowhere');
  const monitor = scenario.state.durable.history.h1?.resources.a?.records.a_monitor_30000;
  assert.equal(monitor?.rc, 0, 'its connection is well again');
});

const courses: readonly {
  readonly name: string;
  readonly what: 'start' | 'stop' | 'destroy';
  readonly outcome: LauncherOutcome | 'unknown' | 'none';
  readonly returns: boolean;
}[] = [
  { name: 'a start whose outcome is unknown', what: 'start', outcome: 'unknown', returns: true },
  { name: 'a start that nobody answered', what: 'start', outcome: 'none', returns: true },
  { name: 'a destroy that was refused', what: 'destroy', outcome: refused, returns: true },
  { name: 'a destroy that failed half-way', what: 'destroy', outcome: failed, returns: false },
  { name: 'a destroy whose outcome is unknown', what: 'destroy', outcome: 'unknown', returns: false },
  { name: 'a destroy that nobody answered', what: 'destroy', outcome: 'none', returns: false },
  { name: 'a stop that was wanted, and refused', what: 'stop', outcome: refused, returns: false },
  { name: 'a stop that nobody answered', what: 'stop', outcome: 'none', returns: false },
];

for (const { name, what, outcome, returns } of courses) {
  test(`held after ${name}: its agent's answer ${returns ? 'brings it back' : 'changes nothing'}`, () => {
    const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
    launcherOrder(scenario, what);
    if (outcome === 'none') {
      scenario.now += 10_000;
      scenario.send({ kind: 'tick', chance: 0 });
    } else {
      answer(scenario, outcome === 'unknown' ? { kind: 'state', state: unknown(scenario) } : outcome);
    }
    assert.equal(scenario.assembly('a').instance.kind, 'held');
    scenario.send({ kind: 'agent-heard', instance });
    const isAsked = scenario.effects.some((effect) => effect.kind === 'adopt-agent' && effect.instance === instance);
    assert.equal(isAsked, returns);
    adopted(scenario);
    assert.equal(scenario.assembly('a').instance.kind, returns ? 'running' : 'held');
  });
}

test('held instances are destroyed again and again; only the refusal of the first such order lets one come back', () => {
  for (const { first, second, returns } of [
    { first: refused, second: undefined, returns: true },
    { first: failed, second: refused, returns: false },
  ]) {
    const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
    launcherOrder(scenario, 'start');
    answer(scenario, { kind: 'state', state: unknown(scenario) });
    for (const outcome of [first, second]) {
      if (outcome === undefined) continue;
      scenario.now += 5_000;
      scenario.send({ kind: 'tick', chance: 0 });
      const order = scenario.effects.findLast((effect) => effect.kind === 'order-launcher');
      assert.ok(order?.kind === 'order-launcher' && order.order.kind === 'destroy');
      adopted(scenario);
      assert.equal(scenario.assembly('a').instance.kind, 'held', 'its destroy is under way');
      scenario.send({ kind: 'launcher-result', operationId: order.operationId, outcome });
    }
    adopted(scenario);
    assert.equal(scenario.assembly('a').instance.kind, returns ? 'running' : 'held');
  }
});

test('a lost instance stays on its way', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h1' });
  scenario.silentAgents.add('a');
  scenario.pass(16_000);
  assert.equal(scenario.assembly('a').instance.kind, 'lost');
  scenario.silentAgents.clear();
  scenario.pass(2_000);
  adopted(scenario);
  assert.equal(scenario.assembly('a').instance.kind, 'lost');
});

test('the address of an instance whose start was never answered is asked of its launcher when it is back', () => {
  const scenario = recoveryScenario({ a: 'h1', b: 'h2' });
  launcherOrder(scenario, 'start');
  answer(scenario, { kind: 'state', state: unknown(scenario) });
  adopted(scenario);
  assert.ok(scenario.effects.some((effect) => effect.kind === 'adopt-launcher' && effect.host === 'h1'));
  const known = { ...unknown(scenario), state: 'running', address: '10.0.0.9', hostname: 'a' } as const;
  scenario.send({ kind: 'launcher-adopted', host: 'h1', instances: [known], inFlight: [] });
  assert.equal(scenario.assembly('a').address, '10.0.0.9');
});
