import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GraphAction, TransitionGraph } from '../../graph/transition-graph.js';
import { type Fencer, type HostFact, plainHostFact } from '../../state/host-fact.js';
import { cibInputOf } from './cib-input-of.js';
import type { DpeEffect } from './dpe-effect.js';
import type { DpeEvent } from './dpe-event.js';
import type { DpeState } from './dpe-state.js';
import { suspectHost } from './host-facts.js';
import { shopInstances, shopState } from './sample-shop.js';
import { sampleNow as now } from './sample-state.js';
import { type StepResult, step } from './step.js';
import type { Work } from './work.js';

const fencer: Fencer = { command: ['fence_ipmilan'], parameters: { ip: '10.0.0.1' }, timeoutMs: 60_000 };
const death = { at: now, by: 'operator alice', evidence: 'the rack has no power' };

function facts(h1: Partial<HostFact>, at = now): DpeEvent {
  return { kind: 'host-facts', facts: { h1: { ...plainHostFact('h1'), ...h1 } }, now: at };
}

/** What a classifier of failures concludes at a tick. */
function suspected(state: DpeState, at = now): StepResult {
  const work: Work = { ...state, now: at, chance: 0, effects: [], events: [] };
  suspectHost(work, 'h1', ['its launcher and all its agents are silent', 'other hosts are heard']);
  const { durable, volatile, effects, events } = work;
  return { state: { durable, volatile }, effects, events };
}

const kinds = ({ events }: StepResult) => events.map(({ kind }) => kind);
const hostOf = (state: DpeState, at = now) => cibInputOf(state, at).hosts.find(({ name }) => name === 'h1');
const standing = ({ state }: StepResult) => state.durable.hosts.h1?.standing;

function effectOf<K extends DpeEffect['kind']>({ effects }: StepResult, kind: K): Extract<DpeEffect, { kind: K }> {
  const found = effects.find((effect): effect is Extract<DpeEffect, { kind: K }> => effect.kind === kind);
  assert.ok(found, `no effect ${kind} among ${effects.map((effect) => effect.kind).join()}`);
  return found;
}

/** The scheduler's graph orders that h1 is fenced. */
function fencingGraph(state: DpeState, at = now): StepResult {
  const action: GraphAction = {
    kind: 'fencing',
    id: 5,
    operation: 'stonith',
    operationKey: 'stonith-h1-reboot',
    internalOperationKey: undefined,
    intervalMs: 0,
    timeoutMs: 0,
    startDelayMs: 0,
    noWait: false,
    meta: new Map(),
    parameters: new Map(),
    featureSet: undefined,
    downs: ['h1'],
    node: { name: 'h1', uuid: 'h1' },
    fencingOperation: 'reboot',
    priorityDelay: undefined,
  };
  const graph: TransitionGraph = {
    id: 0,
    batchLimit: 0,
    migrationLimit: 0,
    clusterDelayMs: 60_000,
    fencingTimeoutMs: 60_000,
    failedStopOffset: 1,
    failedStartOffset: 1,
    recheckAtMs: undefined,
    synapses: [{ id: 0, priority: 0, actions: [action], inputs: [] }],
  };
  const { engine } = state.volatile;
  assert.equal(engine.kind, 'deciding');
  const number = engine.kind === 'deciding' ? engine.number : 0;
  return step(state, {
    kind: 'decided',
    number,
    elapsedMs: 1,
    outcome: { kind: 'graph', graph, recheckAt: undefined },
    now: at,
  });
}

/** h1 is suspected, a decision is asked for, and its graph has it fenced. */
function fencing(): StepResult {
  const known = step(shopState(), facts({ fencer })).state;
  const asked = step(suspected(known).state, { kind: 'tick', now, chance: 0 });
  return fencingGraph(asked.state);
}

test('a host that is drained is told to the policy, and one that no longer is, too', () => {
  const drained = step(shopState(), facts({ isDrained: true }));
  assert.deepEqual(kinds(drained), ['host-drained']);
  assert.equal(hostOf(drained.state)?.isDrained, true);
  effectOf(drained, 'decide');
  assert.deepEqual(kinds(step(drained.state, facts({ isDrained: true }))), []);
  const back = step(drained.state, facts({}));
  assert.deepEqual(kinds(back), ['host-undrained']);
  assert.equal(hostOf(back.state)?.isDrained, false);
});

test('a host that is drained before its record was read in this process stays drained', () => {
  const drained = step(shopState(), facts({ isDrained: true })).state;
  const restarted = { ...drained, volatile: { ...drained.volatile, hostFacts: undefined } };
  const heard = step(restarted, { kind: 'launcher-beat', host: 'h1', running: [], now });
  assert.equal(hostOf(heard.state)?.isDrained, true);
});

test('a host that is proven dead takes its instances with it, each counted once, and no other', () => {
  const dead = step(shopState(), facts({ death }));
  const { assemblies, windows, history, reports } = dead.state.durable;
  assert.deepEqual(
    Object.entries(assemblies).map(([name, { instance }]) => [name, instance.kind]),
    [
      ['db', 'dead'],
      ['web-1', 'dead'],
      ['web-2', 'running'],
    ],
  );
  assert.deepEqual([windows.assemblies.db?.length, windows.assemblies['web-1']?.length], [1, 1]);
  assert.deepEqual([history.h1, history.db, history['web-1']], [undefined, undefined, undefined]);
  assert.ok(history.h2 && history['web-2']);
  assert.equal(reports['launcher:h1'], undefined);
  assert.deepEqual([hostOf(dead.state)?.state, hostOf(dead.state)?.isBarred], ['offline', true]);
  assert.deepEqual(Object.keys(dead.state.volatile.agents), [shopInstances['web-2'].id]);
  assert.deepEqual(kinds(dead).slice(0, 3), ['host-dead', 'assembly-failed', 'assembly-failed']);
  for (const { evidence } of dead.events.slice(0, 3)) {
    const { verdict } = { ...(evidence as { readonly verdict?: string } | undefined) };
    assert.equal(verdict, 'launcher-host');
  }
  assert.match(dead.events[0]?.reason ?? '', /the rack has no power \(operator alice\)/);
  effectOf(dead, 'decide');
  const again = step(dead.state, facts({ death }));
  assert.deepEqual([kinds(again), again.state.durable.windows], [[], windows]);
});

test('a host without an instance of the deployable that dies changes nothing but placement', () => {
  const before = shopState();
  const event: DpeEvent = { kind: 'host-facts', facts: { h3: { ...plainHostFact('h3'), death } }, now };
  const unknown = step(before, event);
  assert.deepEqual([kinds(unknown), unknown.state.durable], [[], before.durable]);
  const hosts = { ...before.durable.hosts, h3: { standing: 'in-service' as const, isDrained: false } };
  const known = step({ ...before, durable: { ...before.durable, hosts } }, event);
  assert.deepEqual(kinds(known), ['host-dead']);
  assert.deepEqual(known.state.durable.assemblies, before.durable.assemblies);
  assert.equal(known.state.durable.hosts.h3?.standing, 'dead');
});

test('what was ordered of a dead host ends: starts have failed, stops have come true', () => {
  const before = shopState();
  const web = before.durable.assemblies['web-1'];
  assert.ok(web && web.instance.kind !== 'none');
  const stopping = { ...web, instance: { ...web.instance, kind: 'stopping' as const } };
  const durable = { ...before.durable, assemblies: { ...before.durable.assemblies, 'web-1': stopping } };
  const order = { operation: 'stop', intervalMs: 0, expectedRc: 0, transition: 1, action: 1, digest: '' };
  const orders = {
    o: {
      kind: 'launcher' as const,
      what: 'stop' as const,
      action: undefined,
      issuedAt: now,
      expiresAt: now + 60_000,
      assembly: 'web-1',
      instance: web.instance.id,
      host: 'h1',
      order,
    },
  };
  const dead = step({ durable, volatile: { ...before.volatile, orders } }, facts({ death }));
  assert.deepEqual(dead.state.volatile.orders, {});
  assert.equal(effectOf(dead, 'withdraw').operationId, 'o');
  assert.equal(dead.state.durable.windows.assemblies['web-1'], undefined, 'an end that was asked for is no failure');
});

test('a beat that was under way when the host died is no sign of life; one that comes later is', () => {
  const dead = step(shopState(), facts({ death })).state;
  const beat = (at: number) => step(dead, { kind: 'launcher-beat', host: 'h1', running: [], now: at });
  assert.equal(standing(beat(now + 1_000)), 'dead');
  const back = beat(now + 3_000);
  assert.equal(standing(back), 'in-service');
  assert.ok(kinds(back).includes('host-back'));
  // The same proof, read once more, is over.
  assert.equal(standing(step(back.state, facts({ death }, now + 4_000))), 'in-service');
  const again = step(back.state, facts({ death: { ...death, at: now + 60_000 } }, now + 60_000));
  assert.equal(standing(again), 'dead');
});

test('a proof of death that is older than the last beat is over before it is read', () => {
  const beat = step(shopState(), { kind: 'launcher-beat', host: 'h1', running: [], now: now + 10_000 });
  assert.equal(standing(step(beat.state, facts({ death }, now + 10_001))), 'in-service');
});

test('an instance that was said to be dead and runs is destroyed before its assembly is started again', () => {
  const dead = step(shopState(), facts({ death })).state;
  const { id } = shopInstances.db;
  const report = { instance: id, assembly: 'db', address: '', hostname: '', evidence: '', at: now } as const;
  const inventory = { kind: 'launcher-adopted', host: 'h1', inFlight: [], now: now + 5_000 } as const;
  const found = step(dead, { ...inventory, instances: [{ ...report, state: 'running' }] });
  assert.equal(found.state.durable.assemblies.db?.instance.kind, 'held');
  assert.equal(cibInputOf(found.state, now).assemblies.db?.isHeld, true);
  assert.ok(kinds(found).includes('assembly-held'));
  const retried = step(found.state, { kind: 'tick', now: now + 60_000, chance: 0 });
  assert.deepEqual(effectOf(retried, 'order-launcher').order, { kind: 'destroy', instance: id });
});

test('without a fencer a suspicion is told once, with what an operator can do, and nothing is concluded', () => {
  const first = suspected(step(shopState(), facts({})).state);
  assert.deepEqual(kinds(first), ['host-suspect']);
  assert.match(first.events[0]?.reason ?? '', /cpectl host confirm-dead h1/);
  assert.equal(hostOf(first.state)?.state, 'online');
  assert.deepEqual(kinds(suspected(first.state)), []);
  const heard = step(first.state, { kind: 'launcher-beat', host: 'h1', running: [], now });
  assert.deepEqual(kinds(suspected(heard.state)), ['host-suspect']);
});

test('a fencer that is configured after a suspicion is used', () => {
  const first = suspected(step(shopState(), facts({})).state);
  const configured = step(first.state, facts({ fencer }));
  assert.deepEqual(kinds(configured), ['host-unclean']);
  assert.equal(hostOf(configured.state)?.state, 'unclean');
  const removed = step(configured.state, facts({}));
  assert.equal(hostOf(removed.state)?.state, 'online');
});

test('a host that is heard after all is not fenced', () => {
  const unclean = suspected(step(shopState(), facts({ fencer })).state);
  assert.equal(hostOf(unclean.state)?.state, 'unclean');
  const heard = step(unclean.state, { kind: 'launcher-beat', host: 'h1', running: [], now });
  assert.deepEqual([standing(heard), hostOf(heard.state)?.state], ['in-service', 'online']);
  assert.deepEqual(heard.state.volatile.suspicions, {});
});

test('the fencer of a host proves its death, and everybody is told', () => {
  const ordered = fencing();
  const effect = effectOf(ordered, 'fence-host');
  assert.deepEqual([effect.host, effect.operation, effect.fencer], ['h1', 'reboot', fencer]);
  assert.deepEqual([effect.heardAt, effect.expiresAt], [now, now + fencer.timeoutMs]);
  assert.equal(standing(ordered), 'fencing');
  const event: DpeEvent = {
    kind: 'host-fenced',
    host: 'h1',
    outcome: { kind: 'fenced', evidence: 'off' },
    now: now + 9,
  };
  const fenced = step(ordered.state, event);
  assert.equal(standing(fenced), 'dead');
  assert.deepEqual(effectOf(fenced, 'tell-host-dead'), {
    kind: 'tell-host-dead',
    host: 'h1',
    at: now + 9,
    evidence: 'off',
  });
  const { executed } = effectOf(fenced, 'archive').summary;
  assert.deepEqual(
    executed.map(({ kind, outcome }) => [kind, outcome]),
    [['fencing', 'succeeded']],
  );
  // Its own proof, read back from the store, and a second answer add nothing.
  const own = { at: now + 9, by: 'the DPE of shop', evidence: 'off' };
  assert.deepEqual(kinds(step(fenced.state, facts({ fencer, death: own }, now + 10))), []);
  assert.deepEqual(kinds(step(fenced.state, event)), []);
});

test('a proof by another decider ends the fencing that is under way', () => {
  const dead = step(fencing().state, facts({ fencer, death: { ...death, at: now + 1 } }, now + 1));
  assert.equal(standing(dead), 'dead');
  assert.deepEqual(
    effectOf(dead, 'archive').summary.executed.map(({ outcome }) => outcome),
    ['succeeded'],
  );
  assert.ok(!dead.effects.some(({ kind }) => kind === 'tell-host-dead'));
});

test('a proof by another decider that the fencing came upon is told once, as it is, and to nobody', () => {
  const outcome = { kind: 'known', death: { at: now + 5, by: 'the DPE of other', evidence: 'off' } } as const;
  const ordered = fencing();
  const dead = step(ordered.state, { kind: 'host-fenced', host: 'h1', outcome, now: now + 9 });
  assert.equal(standing(dead), 'dead');
  assert.equal(dead.events[0]?.reason, 'launcher host h1 is dead: off (the DPE of other)');
  assert.ok(!dead.effects.some(({ kind }) => kind === 'tell-host-dead'));
  assert.deepEqual(kinds(step(dead.state, facts({ fencer, death: outcome.death }, now + 10))), []);
});

test('a host that answers while its fencer is at work ends that, and nothing is taken for proven', () => {
  const ordered = fencing();
  const beat = (at: number) => step(ordered.state, { kind: 'launcher-beat', host: 'h1', running: [], now: at });
  assert.equal(standing(beat(now + 1_000)), 'fencing', 'a beat may have been on its way');
  const heard = beat(now + 3_000);
  assert.equal(standing(heard), 'in-service');
  assert.ok(kinds(heard).includes('host-heard'));
  assert.deepEqual(effectOf(heard, 'end-fencing'), { kind: 'end-fencing', host: 'h1' });
  assert.deepEqual(
    effectOf(heard, 'archive').summary.executed.map(({ outcome }) => outcome),
    ['failed'],
  );
  assert.equal(heard.state.durable.assemblies.db?.instance.kind, 'running');
  assert.deepEqual(heard.state.volatile.suspicions, {});
});

test('another proof of the same death is no news', () => {
  const dead = step(shopState(), facts({ death })).state;
  const later = { at: now + 3_000, by: 'the DPE of other', evidence: 'off' };
  const known = step(dead, facts({ death: later }, now + 3_001));
  assert.deepEqual(kinds(known), []);
  assert.equal(standing(known), 'dead');
  assert.deepEqual(known.state.durable.windows, dead.durable.windows);
});

test('a fencer that fails is told, tried again later, and holds up nothing meanwhile', () => {
  const failed = step(fencing().state, {
    kind: 'host-fenced',
    host: 'h1',
    outcome: { kind: 'failed', reason: 'no route to 10.0.0.1' },
    now,
  });
  assert.ok(kinds(failed).includes('host-fencing-failed'));
  assert.match(
    failed.events.find(({ kind }) => kind === 'host-fencing-failed')?.reason ?? '',
    /no route to 10\.0\.0\.1; tried again in 10 s/,
  );
  assert.deepEqual([standing(failed), hostOf(failed.state)?.state], ['unclean', 'online']);
  assert.equal(effectOf(failed, 'archive').summary.failed, 1);
  assert.ok(!failed.state.durable.assemblies.db || failed.state.durable.assemblies.db.instance.kind === 'running');
  const waiting = step(failed.state, { kind: 'tick', now: now + 9_000, chance: 0 });
  assert.equal(hostOf(waiting.state, now + 9_000)?.state, 'online');
  const due = step(waiting.state, { kind: 'tick', now: now + 10_000, chance: 0 });
  assert.equal(hostOf(due.state, now + 10_000)?.state, 'unclean');
});

test('a decider that was restarted while the fencer worked has it fenced again, unless it is heard', () => {
  const { durable } = fencing().state;
  const restarted = shopState(durable);
  assert.equal(hostOf(restarted)?.state, 'unclean');
  const heard = step(restarted, { kind: 'launcher-beat', host: 'h1', running: [], now });
  assert.equal(hostOf(heard.state)?.state, 'online');
});

test('with no fencer configured fencing fails at once', () => {
  const asked = step(
    { ...shopState(), volatile: { ...shopState().volatile, pendingTrigger: 'a test' } },
    {
      kind: 'tick',
      now,
      chance: 0,
    },
  );
  const failed = fencingGraph(asked.state);
  assert.ok(kinds(failed).includes('host-fencing-failed'));
  assert.equal(effectOf(failed, 'archive').summary.failed, 1);
});
