import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainResource } from '../../model/plain.js';
import { failCount } from '../../state/fail-count.js';
import { cibInputOf, isRunning } from './cib-input-of.js';
import { conditionOf } from './condition.js';
import type { DpeState, DurableState, Overrides } from './dpe-state.js';
import type { OperatorVerb, VerbReply } from './operator-verb.js';
import { shop, shopInstances, shopState } from './sample-shop.js';
import { sampleNow as now } from './sample-state.js';
import { type StepResult, step } from './step.js';

type Done = Extract<VerbReply, { kind: 'done' }>;

function order(state: DpeState, verb: OperatorVerb): StepResult {
  return step(state, { kind: 'operator-verb', verb, by: 'operator alice', token: 7, now, chance: 0 });
}

function replyOf({ effects }: StepResult): VerbReply {
  const replies = effects.filter((effect) => effect.kind === 'reply');
  assert.equal(replies.length, 1, 'one answer');
  assert.equal(replies[0]?.token, 7);
  return replies[0]?.reply as VerbReply;
}

function doneBy(result: StepResult): Done {
  const reply = replyOf(result);
  assert.ok(reply.kind === 'done', JSON.stringify(reply));
  return reply;
}

const res = (kind: 'stop' | 'start' | 'restart' | 'manage' | 'unmanage' | 'fail' | 'clear', resource: string) =>
  ({ kind: `resource-${kind}`, resource }) as const;
const move = (resource: string, node: string | undefined, more: { role?: 'promoted'; until?: number } = {}) =>
  ({ kind: 'resource-move', resource, node, role: more.role, until: more.until }) as const;
const ban = (resource: string, node?: string, more: { role?: 'promoted'; until?: number } = {}) =>
  ({ kind: 'resource-ban', resource, node, role: more.role, until: more.until }) as const;
const asm = (kind: 'standby' | 'unstandby' | 'restart' | 'destroy' | 'drain', assembly: string) =>
  ({ kind: `assembly-${kind}`, assembly }) as const;

/** Verbs that put down a wish: asked twice, the second one changes nothing. */
const wishes: readonly {
  readonly verb: OperatorVerb;
  readonly overrides: Partial<Overrides>;
  readonly event: string;
  readonly warns?: RegExp;
}[] = [
  {
    verb: res('stop', 'db.redis'),
    overrides: { resources: { 'db.redis': { target: 'stopped' } } },
    event: 'resource-stop-ordered',
  },
  {
    verb: res('stop', 'db.vm'),
    overrides: { resources: { 'db.vm': { target: 'stopped' } } },
    event: 'resource-stop-ordered',
  },
  {
    verb: res('stop', 'web.app'),
    overrides: { resources: { 'web.app': { target: 'stopped' } } },
    event: 'resource-stop-ordered',
  },
  {
    verb: res('stop', 'web.log'),
    overrides: { resources: { 'web-1.log': { target: 'stopped' }, 'web-2.log': { target: 'stopped' } } },
    event: 'resource-stop-ordered',
  },
  {
    verb: res('stop', 'cache'),
    overrides: { resources: { 'db.redis': { target: 'stopped' }, 'db.exporter': { target: 'stopped' } } },
    event: 'resource-stop-ordered',
  },
  { verb: res('restart', 'db.redis'), overrides: { restarting: ['db.redis'] }, event: 'resource-restart-ordered' },
  { verb: res('restart', 'web.app'), overrides: { restarting: ['web.app'] }, event: 'resource-restart-ordered' },
  {
    verb: res('unmanage', 'db.redis'),
    overrides: { resources: { 'db.redis': { isManaged: false } } },
    event: 'resource-unmanage-ordered',
    warns: /not protected from its VM/,
  },
  {
    verb: res('unmanage', 'db.vm'),
    overrides: { resources: { 'db.vm': { isManaged: false } } },
    event: 'resource-unmanage-ordered',
    warns: /what runs inside is still managed/,
  },
  {
    verb: move('db.vm', 'h2'),
    overrides: { locations: [{ resource: 'db.vm', node: 'h2', kind: 'move' }] },
    event: 'resource-move-ordered',
  },
  {
    verb: move('web.app', 'web-2', { role: 'promoted', until: now + 1 }),
    overrides: {
      locations: [{ resource: 'web.app-clone', node: 'web-2', kind: 'move', role: 'promoted', until: now + 1 }],
    },
    event: 'resource-move-ordered',
  },
  {
    verb: ban('db.vm'),
    overrides: { locations: [{ resource: 'db.vm', node: 'h1', kind: 'ban' }] },
    event: 'resource-ban-ordered',
  },
  {
    verb: ban('web.app', 'web-1'),
    overrides: { locations: [{ resource: 'web.app-clone', node: 'web-1', kind: 'ban' }] },
    event: 'resource-ban-ordered',
  },
  { verb: asm('standby', 'db'), overrides: { assemblies: { db: 'standby' } }, event: 'assembly-standby-ordered' },
  {
    verb: asm('drain', 'web'),
    overrides: { assemblies: { 'web-1': 'drained', 'web-2': 'drained' } },
    event: 'assembly-drain-ordered',
  },
  { verb: asm('restart', 'db'), overrides: { restarting: ['db.vm'] }, event: 'assembly-restart-ordered' },
  {
    verb: { kind: 'deployable-maintenance', isOn: true },
    overrides: { isInMaintenance: true },
    event: 'deployable-maintenance-on-ordered',
  },
  {
    verb: { kind: 'deployable-hold', reason: 'an audit' },
    overrides: { hold: { since: now, by: 'operator alice', reason: 'an audit' } },
    event: 'deployable-hold-ordered',
  },
];

for (const { verb, overrides, event, warns = /^/ } of wishes) {
  const { kind, ...about } = verb;
  test(`${kind} ${JSON.stringify(about)} is put down, told with who asked, and asked twice changes nothing`, () => {
    const before = shopState();
    const first = order(before, verb);
    const reply = doneBy(first);
    assert.equal(reply.isChanged, true);
    assert.match(reply.warnings.join('\n'), warns);
    assert.deepEqual(first.state.durable.overrides, { ...before.durable.overrides, ...overrides });
    assert.ok(first.events.length > 0);
    for (const told of first.events) {
      assert.equal(told.kind, event);
      assert.match(told.reason, /^ordered by operator alice/);
    }
    assert.notEqual(
      kind === 'deployable-hold' ? 'decide' : first.effects.find((effect) => effect.kind === 'decide'),
      undefined,
    );
    assert.deepEqual(JSON.parse(JSON.stringify(first.state.durable.overrides)), first.state.durable.overrides);
    const second = order(first.state, verb);
    assert.equal(doneBy(second).isChanged, false);
    assert.deepEqual(second.events, []);
    assert.deepEqual(second.state.durable, first.state.durable);
  });
}

test('one instance of a clone can be stopped and started, and a start of the clone starts it as well', () => {
  const { state } = order(shopState(), res('stop', 'web-1.app'));
  assert.deepEqual(state.durable.overrides.resources, { 'web-1.app': { target: 'stopped' } });
  for (const asked of ['web-1.app', 'web.app']) {
    assert.deepEqual(order(state, res('start', asked)).state.durable.overrides.resources, {});
  }
  const all = order(state, res('stop', 'web.app')).state;
  assert.match(doneBy(order(all, res('start', 'web-1.app'))).warnings.join(), /to be stopped with all of its clone/);
});

/** What undoes a verb leaves nothing behind. */
const undone: readonly (readonly [OperatorVerb, OperatorVerb])[] = [
  [res('stop', 'db.redis'), res('start', 'db.redis')],
  [res('stop', 'db.vm'), res('start', 'db.vm')],
  [res('stop', 'cache'), res('start', 'cache')],
  [res('restart', 'db.redis'), res('start', 'db.redis')],
  [res('unmanage', 'web.app'), res('manage', 'web.app')],
  [move('db.vm', 'h2'), res('clear', 'db.vm')],
  [ban('web.app', 'web-1'), res('clear', 'web.app')],
  [asm('standby', 'db'), asm('unstandby', 'db')],
  [asm('drain', 'web'), asm('unstandby', 'web')],
  [
    { kind: 'deployable-maintenance', isOn: true },
    { kind: 'deployable-maintenance', isOn: false },
  ],
  [{ kind: 'deployable-hold', reason: '' }, { kind: 'deployable-resume' }],
];

for (const [verb, reverse] of undone) {
  test(`${reverse.kind} undoes ${verb.kind} of ${JSON.stringify(verb)}`, () => {
    const before = shopState();
    const after = order(order(before, verb).state, reverse);
    assert.equal(doneBy(after).isChanged, true);
    assert.deepEqual(after.state.durable.overrides, before.durable.overrides);
    assert.equal(doneBy(order(after.state, reverse)).isChanged, false);
  });
}

const stopped = { desired: { revision: 2, state: 'stopped' } } as const;
const halted = { recovery: { kind: 'halted', since: now, reason: 'spent' } } as const;
const inMaintenance = { overrides: { ...shopState().durable.overrides, isInMaintenance: true } };

const refusals: readonly {
  readonly verb: OperatorVerb;
  readonly durable?: Partial<DurableState>;
  readonly code: Extract<VerbReply, { kind: 'refused' }>['code'];
  readonly says: RegExp;
}[] = [
  {
    verb: res('stop', 'db.nginx'),
    code: 'invalid-request',
    says: /no resource "db.nginx"; it has db.vm, db.redis, db.exporter, web-1.vm/,
  },
  { verb: res('stop', 'constructor.vm'), code: 'invalid-request', says: /no resource/ },
  { verb: res('stop', 'db.redis.more'), code: 'invalid-request', says: /no resource/ },
  { verb: asm('drain', 'dB'), code: 'invalid-request', says: /no assembly "dB"; it has db, web-1, web-2/ },
  { verb: move('db.redis', 'h2'), code: 'invalid-request', says: /cannot be moved out of it; move its VM: db\.vm/ },
  { verb: move('web.vm', 'h2'), code: 'invalid-request', says: /more than one VM; say which: web-1.vm, web-2.vm/ },
  { verb: move('web-1.app', 'web-2'), code: 'invalid-request', says: /one instance of the clone web\.app/ },
  { verb: move('db.vm', 'h3'), code: 'invalid-request', says: /no such launcher host; there are h1, h2/ },
  { verb: move('web.app', 'db'), code: 'invalid-request', says: /no such replica; there are web-1, web-2/ },
  { verb: move('db.vm', undefined), code: 'invalid-request', says: /say where db.vm is to go: h1, h2/ },
  { verb: move('db.vm', 'h2', { role: 'promoted' }), code: 'invalid-request', says: /not promotable/ },
  { verb: move('db.vm', 'h2', { until: now }), code: 'invalid-request', says: /over already/ },
  {
    verb: move('db.vm', 'h2'),
    durable: { hosts: { h2: { standing: 'dead', isDrained: false } } },
    code: 'conflict',
    says: /h2 is dead/,
  },
  { verb: ban('web.app'), code: 'invalid-request', says: /several places; say from which it is banned: web-1, web-2/ },
  { verb: ban('db.vm'), durable: { assemblies: {} }, code: 'conflict', says: /nowhere now/ },
  {
    verb: res('unmanage', 'web-1.app'),
    code: 'invalid-request',
    says: /one instance of the clone web\.app; unmanage web\.app as a whole, .*resource ban web\.app web-1/,
  },
  {
    verb: res('restart', 'db.redis'),
    durable: stopped,
    code: 'conflict',
    says: /is stopped; start it with: cpectl deployable start shop/,
  },
  {
    verb: res('restart', 'db.redis'),
    durable: halted,
    code: 'conflict',
    says: /too many failures; resume with: cpectl deployable start shop/,
  },
  { verb: res('start', 'db.redis'), durable: stopped, code: 'conflict', says: /is stopped; start it with/ },
  { verb: res('restart', 'db.redis'), durable: inMaintenance, code: 'conflict', says: /maintenance/ },
  { verb: res('restart', 'db.redis'), durable: { history: {} }, code: 'conflict', says: /does not run/ },
  { verb: res('fail', 'db.redis'), durable: { history: {} }, code: 'conflict', says: /nothing that could fail/ },
  { verb: res('fail', 'db.redis'), durable: inMaintenance, code: 'conflict', says: /maintenance/ },
  { verb: res('fail', 'web.app'), code: 'invalid-request', says: /which is to fail: web-1.app, web-2.app/ },
  {
    verb: { kind: 'resource-cleanup', resource: undefined },
    durable: halted,
    code: 'conflict',
    says: /too many failures/,
  },
  { verb: asm('restart', 'db'), durable: { assemblies: {} }, code: 'conflict', says: /does not run/ },
  { verb: asm('destroy', 'db'), durable: { assemblies: {} }, code: 'conflict', says: /nothing to destroy/ },
  { verb: asm('restart', 'db'), durable: stopped, code: 'conflict', says: /is stopped/ },
  {
    verb: { kind: 'deployable-resume' },
    durable: { definition: { revision: 0, deployable: shop } },
    code: 'unavailable',
    says: /not read its definition yet/,
  },
];

for (const { verb, durable = {}, code, says } of refusals) {
  test(`${verb.kind} ${JSON.stringify(verb)} is refused: ${says.source}`, () => {
    const before = shopState(durable);
    const result = order(before, verb);
    const reply = replyOf(result);
    assert.ok(reply.kind === 'refused', JSON.stringify(reply));
    assert.equal(reply.code, code);
    assert.match(reply.message, says);
    assert.deepEqual(result.state.durable.overrides, before.durable.overrides);
    assert.deepEqual(result.state.durable.history, before.durable.history);
    assert.ok(!result.events.some(({ kind }) => kind.endsWith('-ordered')));
  });
}

test('what an operator wants of a stopped deployable holds when it is started', () => {
  const reply = doneBy(order(shopState(stopped), res('stop', 'db.redis')));
  assert.match(reply.warnings.join(), /stopped: it takes effect when it is started/);
});

test('a resource that is restarted is to be stopped until the scheduler has nothing left to do, then to run', () => {
  const first = order(shopState(), res('restart', 'db.redis'));
  assert.equal(cibInputOf(first.state, now).wishes['db.redis']?.target, 'stopped');
  const settled = decided(first.state);
  assert.deepEqual(settled.state.durable.overrides.restarting, []);
  assert.deepEqual(cibInputOf(settled.state, now).wishes, {});
  assert.ok(settled.effects.some(({ kind }) => kind === 'decide'));
});

test('a VM that is restarted, or stopped, is drained: what runs inside stops before it', () => {
  for (const verb of [asm('restart', 'db'), res('restart', 'db.vm'), res('stop', 'db.vm')]) {
    const { assemblies } = cibInputOf(order(shopState(), verb).state, now);
    assert.deepEqual([assemblies.db?.wish, assemblies['web-1']?.wish], ['drained', 'none']);
  }
});

test('what operators want stopped is not missing, nor is what needs it', () => {
  for (const verb of [res('stop', 'db.redis'), res('stop', 'db.vm'), asm('standby', 'db'), asm('drain', 'db')]) {
    const { state } = order(shopState(), verb);
    const down = { ...state.durable, history: { ...state.durable.history, db: { resources: {}, attributes: {} } } };
    const settled = { durable: down, volatile: { ...state.volatile, isSettled: true } };
    const { condition, reason } = conditionOf(settled, now);
    assert.equal(condition, 'running', reason);
    const isGroupCut = verb.kind === 'resource-stop' && verb.resource === 'db.redis';
    assert.equal(reason, isGroupCut ? 'db.exporter waits for db.redis, which is to be stopped' : '');
  }
});

test('a resource that is declared failed fails as if its agent had said so, and counts', () => {
  const result = order(shopState(), res('fail', 'db.redis'));
  assert.equal(doneBy(result).isChanged, true);
  const { history, windows } = result.state.durable;
  assert.equal(failCount(history, 'db', 'db.redis'), 1);
  assert.equal(isRunning(history, 'db', 'db.redis'), false);
  assert.equal(windows.resources['db.redis']?.length, 1);
  assert.deepEqual(
    result.events.map(({ kind }) => kind),
    ['resource-fail-ordered', 'resource-failed'],
  );
  const { verdict } = { ...(result.events[1]?.evidence as { readonly verdict?: string } | undefined) };
  assert.equal(verdict, 'operator');
});

test('declared failures climb the ladder like any other', () => {
  let { state } = order(shopState(), res('fail', 'db.redis'));
  const kinds: string[] = [];
  for (let failure = 2; failure <= plainResource.escalation.failures; failure++) {
    // Recovered in between, as the scheduler would have it.
    const volatile = { ...state.volatile, engine: { kind: 'idle' as const } };
    const repaired = { ...state.durable, history: shopState().durable.history };
    const result = order({ durable: repaired, volatile }, res('fail', 'db.redis'));
    kinds.push(...result.events.map(({ kind }) => kind));
    ({ state } = result);
  }
  assert.ok(kinds.includes('escalated') && kinds.includes('assembly-failed'), kinds.join());
});

test('a VM that is declared failed is recovered and counts against the budget of its assembly', () => {
  const { state, events } = order(shopState(), res('fail', 'db.vm'));
  assert.equal(failCount(state.durable.history, 'h1', 'db.vm'), 1);
  assert.equal(state.durable.windows.assemblies.db?.length, 1);
  assert.ok(events.some(({ kind }) => kind === 'assembly-failed'));
});

test('failures of one resource are forgotten, and those of the others are not', () => {
  const failed = ['db.redis', 'db.exporter'].reduce((state, id) => {
    const result = order(state, res('fail', id));
    return { ...result.state, volatile: { ...result.state.volatile, engine: { kind: 'idle' as const } } };
  }, shopState());
  const result = order(failed, { kind: 'resource-cleanup', resource: 'db.redis' });
  assert.match(doneBy(result).message, /db\.redis/);
  const { history, windows } = result.state.durable;
  assert.deepEqual([failCount(history, 'db', 'db.redis'), failCount(history, 'db', 'db.exporter')], [0, 1]);
  assert.deepEqual([windows.resources['db.redis'], windows.resources['db.exporter']?.length], [[], 1]);
  // It does not run: it is probed.
  assert.equal(history.db?.resources['db.redis'], undefined);
  const all = order(result.state, { kind: 'resource-cleanup', resource: undefined });
  assert.equal(failCount(all.state.durable.history, 'db', 'db.exporter'), 0);
  assert.equal(doneBy(order(all.state, { kind: 'resource-cleanup', resource: undefined })).isChanged, false);
});

test('an assembly that is destroyed ends at once, with proof, is recovered, and counts nowhere', () => {
  const before = shopState();
  const result = order(before, asm('destroy', 'db'));
  const { durable } = result.state;
  assert.equal(durable.assemblies.db?.instance.kind, 'stopping');
  const destroy = result.effects.find((effect) => effect.kind === 'order-launcher');
  assert.deepEqual(destroy?.order, { kind: 'destroy', instance: shopInstances.db.id });
  assert.deepEqual(durable.windows, before.durable.windows);
  assert.deepEqual(durable.history.h1?.attributes, before.durable.history.h1?.attributes);
  assert.equal(isRunning(durable.history, 'h1', 'db'), false);
  assert.equal(doneBy(order(result.state, asm('destroy', 'db'))).isChanged, false);
  const dead = { instance: shopInstances.db.id, assembly: 'db', state: 'dead', address: '', hostname: '' } as const;
  const proven = step(result.state, {
    kind: 'launcher-result',
    operationId: destroy?.operationId ?? '',
    outcome: { kind: 'state', state: { ...dead, evidence: 'init has ended', at: now } },
    now,
  });
  assert.equal(proven.state.durable.assemblies.db?.instance.kind, 'dead');
  assert.deepEqual(proven.state.durable.windows, before.durable.windows);
  assert.ok(!proven.events.some(({ kind }) => kind === 'assembly-failed'));
});

test('of replicas those are restarted that run, and the others are named', () => {
  const { state } = order(shopState(), asm('drain', 'web-1'));
  const result = order(state, asm('restart', 'web'));
  assert.match(doneBy(result).warnings.join(), /web-1 is to be stopped/);
  assert.deepEqual(result.state.durable.overrides.restarting, ['web-2.vm']);
});

test('while a deployable is held nothing is decided, its condition says who holds it, and resuming decides', () => {
  const held = order(shopState(), { kind: 'deployable-hold', reason: 'an audit' });
  const { condition, reason } = conditionOf(held.state, now);
  assert.equal(condition, 'held');
  assert.match(reason, /held by operator alice \(an audit\).*cpectl deployable resume shop/);
  const failed = order(held.state, res('fail', 'db.redis'));
  assert.match(doneBy(failed).warnings.join(), /held/);
  const ticked = step(failed.state, { kind: 'tick', now: now + 1_000, chance: 0 });
  assert.ok(![...held.effects, ...failed.effects, ...ticked.effects].some(({ kind }) => kind === 'decide'));
  const resumed = order(ticked.state, { kind: 'deployable-resume' });
  assert.ok(resumed.effects.some(({ kind }) => kind === 'decide'));
});

test('an answer that was asked for before a hold is void', () => {
  const asked = order(shopState(), res('stop', 'db.redis'));
  const held = order(asked.state, { kind: 'deployable-hold', reason: '' });
  const answered = decided(held.state);
  assert.equal(answered.state.volatile.engine.kind, 'idle');
  assert.ok(!answered.effects.some(({ kind }) => kind === 'decide'));
});

test('in maintenance agents lose their delegations, and get them back', () => {
  const on = order(shopState(), { kind: 'deployable-maintenance', isOn: true });
  const off = order(on.state, { kind: 'deployable-maintenance', isOn: false });
  const delegated = ({ effects }: StepResult) =>
    effects.flatMap((effect) => (effect.kind === 'delegate' ? effect.delegations.map(({ failures }) => failures) : []));
  assert.ok(on.effects.some(({ kind }) => kind === 'delegate'));
  assert.equal(delegated(on).filter((failures) => failures > 0).length, 0);
  assert.ok(delegated(off).filter((failures) => failures > 0).length > 0);
});

test('failures of what is unmanaged are told and climb no ladder', () => {
  let { state } = order(shopState(), res('unmanage', 'db.redis'));
  const result = { resource: 'db.redis', operation: 'monitor', intervalMs: 10_000, rc: 7, status: 'done' } as const;
  for (let sequence = 1; sequence <= 10; sequence++) {
    const times = { startedAt: now, endedAt: now, queueMs: 0, timeoutMs: 0, exitReason: '', output: '' };
    const report = { kind: 'monitor-changed', result: { ...result, ...times, callId: sequence, userData: undefined } };
    const event = { kind: 'agent-report', instance: shopInstances.db.id, sequence, report, token: 1, now, chance: 0 };
    const after = step(state, event as never);
    assert.ok(!after.events.some(({ kind }) => kind === 'escalated'));
    ({ state } = after);
  }
});

test('a deployable that is to stop stops what is unmanaged, too: the stop was forced', () => {
  const { state } = order(order(shopState(), res('unmanage', 'db.redis')).state, {
    kind: 'deployable-maintenance',
    isOn: true,
  });
  const input = cibInputOf({ ...state, durable: { ...state.durable, ...stopped } }, now);
  assert.deepEqual(
    [input.stopAll, input.isInMaintenance, input.wishes['db.redis']?.isManaged],
    [true, false, undefined],
  );
});

test('a move or a ban ends with its time, and says so', () => {
  const { state } = order(order(shopState(), ban('db.vm', 'h2', { until: now + 5_000 })).state, ban('web-1.vm', 'h2'));
  const early = step(state, { kind: 'tick', now: now + 4_999, chance: 0 });
  assert.equal(early.state.durable.overrides.locations.length, 2);
  const late = step(early.state, { kind: 'tick', now: now + 5_000, chance: 0 });
  assert.deepEqual(
    late.state.durable.overrides.locations.map(({ resource }) => resource),
    ['web-1.vm'],
  );
  assert.deepEqual(
    late.events.filter(({ kind }) => kind === 'resource-ban-expired').map(({ assembly }) => assembly),
    ['db'],
  );
});

test('a move replaces what was said before of the resource, a ban what was said of that host', () => {
  const banned = order(shopState(), ban('db.vm', 'h2')).state;
  const moved = order(banned, move('db.vm', 'h2')).state;
  assert.deepEqual(moved.durable.overrides.locations, [{ resource: 'db.vm', node: 'h2', kind: 'move' }]);
  const both = order(moved, ban('db.vm', 'h1'));
  assert.equal(both.state.durable.overrides.locations.length, 2);
  const nowhere = order(order(moved, ban('db.vm', 'h2')).state, ban('db.vm', 'h1'));
  assert.match(doneBy(nowhere).warnings.join(), /nowhere is left/);
});

test('a definition without them ends wishes about resources and assemblies', () => {
  const verbs = [res('stop', 'db.redis'), res('unmanage', 'db.exporter'), asm('standby', 'web'), move('db.vm', 'h2')];
  const { state } = [...verbs, asm('restart', 'db')].reduce((last, verb) => order(last.state, verb), {
    state: shopState(),
  } as StepResult);
  const [db] = shop.assemblies;
  assert.ok(db);
  const deployable = { ...shop, assemblies: [{ ...db, resources: db.resources.slice(0, 1) }], groups: [] };
  const after = step(state, { kind: 'definition-changed', revision: 2, deployable, now });
  assert.deepEqual(after.state.durable.overrides, {
    isInMaintenance: false,
    resources: { 'db.redis': { target: 'stopped' } },
    assemblies: {},
    locations: [{ resource: 'db.vm', node: 'h2', kind: 'move' }],
    restarting: ['db.vm'],
  });
});

/** The scheduler finds nothing to do. */
function decided(state: DpeState): StepResult {
  const number = state.durable.counters.decision;
  const settings = { batchLimit: 0, migrationLimit: 0, clusterDelayMs: 0, fencingTimeoutMs: 0 };
  const offsets = { failedStopOffset: 0, failedStartOffset: 0, recheckAtMs: undefined };
  const graph = { id: 0, ...settings, ...offsets, synapses: [] };
  return step(state, {
    kind: 'decided',
    number,
    elapsedMs: 1,
    outcome: { kind: 'graph', graph, recheckAt: undefined },
    now,
  });
}
