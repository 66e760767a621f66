import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cibInputOf } from './cib-input-of.js';
import type { LauncherOutcome } from './dpe-event.js';
import type { DpeState } from './dpe-state.js';
import { instanceOf, type RecoveryScenario, recoveryScenario } from './recovery-scenario.js';

const instance = instanceOf('web', 'h1');

/** The start of `web` on h1 is under way; both hosts may take it. */
function starting(): RecoveryScenario {
  const scenario = recoveryScenario({ web: 'h1', db: 'h1' }, { hosts: ['h1', 'h2'] });
  const { durable, volatile } = scenario.state;
  const web = scenario.assembly('web');
  const order = { operation: 'start', intervalMs: 0, expectedRc: 0, transition: 1, action: 1, digest: '' };
  scenario.state = {
    durable: {
      ...durable,
      assemblies: {
        ...durable.assemblies,
        web: { ...web, isConnected: false, instance: { kind: 'starting', id: instance, host: 'h1', at: scenario.now } },
      },
    },
    volatile: {
      ...volatile,
      orders: {
        start1: {
          ...{ kind: 'launcher', what: 'start', assembly: 'web', instance, host: 'h1', action: undefined, order },
          ...{ issuedAt: scenario.now, expiresAt: scenario.now + 60_000 },
        },
      },
    },
  };
  return scenario;
}

const noRoom: LauncherOutcome = {
  kind: 'state',
  state: {
    ...{ instance, assembly: 'web', state: 'failed', address: '', hostname: '', at: 0, hasNoRoom: true },
    evidence: 'the launcher host has no room: 512 MiB are asked for, and of 1000 MiB 400 MiB are left',
  },
};

function fullHosts({ state, now }: { state: DpeState; now: number }): readonly string[] {
  return cibInputOf(state, now).assemblies.web?.fullHosts ?? [];
}

function refused(): RecoveryScenario {
  const scenario = starting();
  scenario.send({ kind: 'launcher-result', operationId: 'start1', outcome: noRoom });
  return scenario;
}

test('a refusal for lack of room is no failure: told, that host is left out, and decided anew', () => {
  const scenario = refused();
  const { durable, volatile } = scenario.state;
  assert.equal(scenario.assembly('web').instance.kind, 'dead');
  assert.match(
    scenario.told('assembly-no-room')[0]?.reason ?? '',
    /^not started on launcher host h1: .* 400 MiB are left/,
  );
  assert.deepEqual(scenario.told('assembly-failed'), []);
  assert.deepEqual([durable.windows.assemblies.web ?? [], scenario.assembly('web').mayStartAt], [[], 0]);
  assert.deepEqual(Object.keys(durable.history.h1?.attributes ?? {}), [], 'no fail count');
  assert.deepEqual(fullHosts(scenario), ['h1']);
  assert.ok(volatile.engine.kind === 'deciding' || volatile.pendingTrigger !== undefined);
});

test('it is asked again when an instance there has ended, when it has more, and after a while', () => {
  const running = [instanceOf('db', 'h1')];
  const beat = { kind: 'launcher-beat', host: 'h1', running, capacity: { cpus: 2, memory: 1_000 } } as const;
  const ways: readonly ((scenario: RecoveryScenario) => void)[] = [
    (scenario) => scenario.send({ ...beat, running: [] }),
    (scenario) => scenario.send({ ...beat, capacity: { cpus: 2, memory: 2_000 } }),
    (scenario) => scenario.pass(300_200),
  ];
  for (const way of ways) {
    const scenario = refused();
    scenario.send(beat);
    scenario.send(beat);
    // The first beat tells of a capacity that was not known: that may be more than there was.
    scenario.send({ kind: 'launcher-result', operationId: 'none', outcome: noRoom });
    const { durable } = scenario.state;
    const web = { ...scenario.assembly('web'), fullHosts: { h1: scenario.now + 300_000 } };
    scenario.state = { ...scenario.state, durable: { ...durable, assemblies: { ...durable.assemblies, web } } };
    scenario.send(beat);
    assert.deepEqual(fullHosts(scenario), ['h1']);
    way(scenario);
    assert.deepEqual(fullHosts(scenario), []);
  }
});

test('another definition, and a start by hand, ask all of them again', () => {
  const { deployable } = refused().state.durable.definition;
  const redefined = refused();
  redefined.send({ kind: 'definition-changed', revision: 2, deployable });
  assert.deepEqual(fullHosts(redefined), []);
  const started = refused();
  started.send({ kind: 'desired-changed', revision: 9, state: 'running' });
  assert.deepEqual(fullHosts(started), []);
});

test('what a launcher host has in all is kept over the silence of its launcher, and changes decisions by utilization', () => {
  const scenario = recoveryScenario({ web: 'h1' });
  const capacityOf = () => cibInputOf(scenario.state, scenario.now).hosts[0]?.capacity;
  const beat = { kind: 'launcher-beat', host: 'h1', running: [instance] } as const;
  scenario.send(beat);
  assert.equal(capacityOf(), undefined);
  scenario.send({ ...beat, capacity: { cpus: 8, memory: 0 } });
  assert.deepEqual(capacityOf(), { cpus: 8 });
  assert.equal(scenario.state.volatile.engine.kind, 'idle', 'nobody is placed by it');
  scenario.send(beat);
  assert.deepEqual(capacityOf(), { cpus: 8 });
  const { durable } = scenario.state;
  const deployable = { ...durable.definition.deployable, placement: 'balanced' as const };
  scenario.state = { ...scenario.state, durable: { ...durable, definition: { revision: 1, deployable } } };
  scenario.send({ ...beat, capacity: { cpus: 16, memory: 4_096 } });
  assert.deepEqual(capacityOf(), { cpus: 16, memory: 4_096 });
  assert.equal(scenario.state.volatile.engine.kind, 'deciding');
});
