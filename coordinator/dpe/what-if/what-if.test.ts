import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Deployable } from '../../model/deployable.js';
import { parseDeployable } from '../../model/parse-deployable.js';
import { openSchedulerChild } from '../../scheduler/scheduler-child.js';
import { conditionOf } from '../core/condition.js';
import type { DpeState } from '../core/dpe-state.js';
import { emptyState } from '../core/empty-state.js';
import { sampleNow, sampleState } from '../core/sample-state.js';
import { decideWhole } from '../decide.js';
import { newsOf, type WhatIf } from './change-news.js';
import { compareDefinitions } from './compare-definitions.js';
import { describeChanges, lostWith, runningBefore } from './describe-changes.js';
import { type DecideEffect, type Rehearsal, rehearse } from './rehearse.js';
import type { News } from './well-behaved-world.js';

const scheduler = openSchedulerChild();
after(() => scheduler.close());

async function decide({ input }: DecideEffect) {
  const { outcome, record } = await decideWhole(input, scheduler);
  assert.ok(outcome.kind === 'graph', JSON.stringify(outcome));
  return { outcome: { ...outcome, recheckAt: undefined }, graphXml: (await record()).graph };
}

function parsed(text: string): Deployable {
  const result = parseDeployable(text, 'yaml');
  assert.equal(result.kind, 'deployable', JSON.stringify(result));
  assert.ok(result.kind === 'deployable');
  return result.deployable;
}

const dummy = '{ agent: "ocf:heartbeat:Dummy" }';
const shop = `
deployable: shop
assemblies:
  db: { resources: { redis: ${dummy} } }
  web: { resources: { app: ${dummy}, log: ${dummy} } }
  aside: { resources: { job: ${dummy} } }
constraints:
  - { order: [db.redis, web.app] }
`;

/** The deployable, started on these hosts: by a rehearsal of its start. */
async function running(text: string, hosts: readonly string[]): Promise<DpeState> {
  const launchers = Object.fromEntries(
    hosts.map((host) => [host, { isAdopted: true, lastBeatAt: sampleNow, running: [] }]),
  );
  const known = Object.fromEntries(hosts.map((host) => [host, { standing: 'in-service' as const, isDrained: false }]));
  const { featureSet, schema } = await scheduler.hello();
  const state = {
    durable: { ...emptyState('shop'), hosts: known },
    volatile: { ...sampleState().volatile, launchers, dialect: { featureSet, schema } },
  };
  const news: News[] = [
    (_state, now) => ({ kind: 'definition-changed', revision: 1, deployable: parsed(text), now }),
    (_state, now) => ({ kind: 'desired-changed', revision: 1, state: 'running', now }),
  ];
  const rehearsal = await rehearse(state, news, { now: sampleNow, decide });
  assert.deepEqual(rehearsal.end, { kind: 'settled' });
  return rehearsal.after;
}

async function whatIf(state: DpeState, asked: WhatIf): Promise<Rehearsal> {
  const found = newsOf(asked, state);
  assert.equal(found.kind, 'news', JSON.stringify(found));
  return rehearse(state, found.kind === 'news' ? found.news : [], { now: sampleNow + 1_000, decide });
}

/** `what subject`, sorted. */
function changesOf(before: DpeState, { transitions, after: { durable } }: Rehearsal): readonly string[] {
  const executed = transitions.flatMap(({ summary }) => summary?.executed ?? []);
  return describeChanges(durable.definition.deployable, executed, { direct: new Map(), before: runningBefore(before) })
    .map(({ subject, what }) => `${what} ${subject}`)
    .sort();
}

test('a rehearsed start starts everything and comes to rest, and changes nothing of the state it began with', async () => {
  const state = await running(shop, ['h1']);
  const before = JSON.stringify(state.durable);
  const nothing = await rehearse(state, [(_state, now) => ({ kind: 'tick', chance: 0.5, now })], {
    now: sampleNow + 1_000,
    decide,
  });
  assert.deepEqual([nothing.end.kind, nothing.transitions.length], ['settled', 0]);
  const failing = await whatIf(state, { subject: 'assembly', name: 'db', change: 'fails' });
  assert.equal(failing.end.kind, 'settled');
  assert.equal(JSON.stringify(state.durable), before);
  for (const [name, { instance }] of Object.entries(state.durable.assemblies)) {
    assert.equal(instance.kind, 'running', name);
  }
});

test('what fails is recovered with what depends on it, and with nothing else', async () => {
  const state = await running(shop, ['h1']);
  const cases: readonly (readonly [WhatIf, readonly string[]])[] = [
    [{ subject: 'resource', name: 'db.redis', change: 'fails' }, ['restart db.redis', 'restart web.app']],
    [{ subject: 'resource', name: 'web.app', change: 'fails' }, []],
    [{ subject: 'assembly', name: 'db', change: 'fails' }, ['restart db.redis', 'restart db.vm', 'restart web.app']],
    [{ subject: 'assembly', name: 'aside', change: 'fails' }, ['restart aside.job', 'restart aside.vm']],
  ];
  for (const [asked, expected] of cases) {
    const rehearsal = await whatIf(state, asked);
    assert.deepEqual(rehearsal.end, { kind: 'settled' });
    assert.deepEqual(changesOf(state, rehearsal), expected, JSON.stringify(asked));
  }
});

test('a delegated resource that fails is restarted by its agent, outside of any graph', async () => {
  const state = await running(shop, ['h1']);
  const { transitions, events } = await whatIf(state, { subject: 'resource', name: 'web.log', change: 'fails' });
  assert.deepEqual(transitions, []);
  assert.deepEqual(
    events.map(({ kind, resource }) => `${kind} ${resource}`),
    ['resource-failed log', 'resource-recovered log'],
  );
});

test('what does not exist, or does not run, is refused with what there is', async () => {
  const state = await running(shop, ['h1']);
  const refusals: readonly (readonly [WhatIf, RegExp])[] = [
    [{ subject: 'resource', name: 'db.nope', change: 'fails' }, /no resource "db.nope" \(there are: db.redis, web.app/],
    [{ subject: 'assembly', name: 'nope', change: 'fails' }, /no assembly "nope" \(there are: db, web, aside\)/],
    [{ subject: 'host', name: 'h9', change: 'fails' }, /no launcher host "h9" \(there are: h1\)/],
    [{ subject: 'assembly', name: 'db', change: 'returns' }, /runs already/],
  ];
  for (const [asked, message] of refusals) {
    const found = newsOf(asked, state);
    assert.ok(found.kind === 'refused');
    assert.match(found.message, message);
  }
});

test('a plan names what a new definition starts, stops and restarts, why, and nothing else', async () => {
  const state = await running(shop, ['h1']);
  const changed = parsed(`
deployable: shop
assemblies:
  db: { resources: { redis: { agent: "ocf:heartbeat:Dummy", parameters: { state: /run/x } } } }
  web: { resources: { app: ${dummy} } }
  extra: { resources: { job: ${dummy} } }
constraints:
  - { order: [db.redis, web.app] }
`);
  const news: News = (_state, now) => ({ kind: 'definition-changed', revision: 2, deployable: changed, now });
  const rehearsal = await rehearse(state, [news], { now: sampleNow + 1_000, decide });
  assert.deepEqual(rehearsal.end, { kind: 'settled' });
  const executed = rehearsal.transitions.flatMap(({ summary }) => summary?.executed ?? []);
  const direct = compareDefinitions(state.durable.definition.deployable, changed);
  const lines = describeChanges(changed, executed, { direct, before: runningBefore(state) })
    .map(({ subject, what, reason }) => `${what} ${subject}: ${reason}`)
    .sort();
  assert.deepEqual(lines, [
    'restart db.redis: its parameter state changed',
    'restart web.app: it is ordered after db.redis, which is restarted',
    'start extra.job: its assembly is new',
    'start extra.vm: it is new',
    'stop aside.job: its assembly left the definition',
    'stop aside.vm: it left the definition',
    'stop web.log: it left the definition',
  ]);
});

const replicated = `
deployable: shop
assemblies:
  pg:
    replicas: 3
    resources:
      db: { agent: "ocf:heartbeat:Dummy", clone: { promotable: true }, monitors: [{ interval: 5s, role: promoted }] }
  web: { resources: { app: ${dummy} } }
constraints:
  - { order: [{ promote: pg.db }, { start: web.app }] }
`;

test('of a promotable clone one instance is promoted, and the next one when its assembly fails', async () => {
  const state = await running(replicated, ['h1']);
  assert.equal(conditionOf(state, sampleNow + 60_000).condition, 'running');
  const failing = await whatIf(state, { subject: 'assembly', name: 'pg-1', change: 'fails' });
  assert.deepEqual(failing.end, { kind: 'settled' });
  assert.equal(conditionOf(failing.after, sampleNow + 60_000).condition, 'running');
  const promoted = failing.transitions
    .flatMap(({ summary }) => summary?.executed ?? [])
    .filter(({ kind, operation }) => kind === 'resource' && operation === 'promote')
    .map(({ resource }) => resource);
  assert.equal(promoted[0], 'pg-2.db');
  assert.ok(failing.events.some(({ kind, assembly }) => kind === 'resource-promoted' && assembly === 'pg-2'));
  assert.deepEqual(changesOf(state, failing), ['promote pg-2.db', 'restart pg-1.db', 'restart pg-1.vm']);
});

test('a replica that leaves the definition while its clone is promoted stops in order', async () => {
  const state = await running(replicated, ['h1']);
  const fewer = parsed(replicated.replace('replicas: 3', 'replicas: 2'));
  for (const [before, wanted] of [
    [state, fewer],
    [state, parsed(replicated.replace('replicas: 3', 'replicas: 5'))],
  ] as const) {
    const news: News = (_state, now) => ({ kind: 'definition-changed', revision: 2, deployable: wanted, now });
    const rehearsal = await rehearse(before, [news], { now: sampleNow + 1_000, decide });
    assert.deepEqual(rehearsal.end, { kind: 'settled' });
    assert.equal(conditionOf(rehearsal.after, sampleNow + 60_000).condition, 'running');
    const touched = changesOf(before, rehearsal).filter((line) => /pg-[123]\.|web/.test(line));
    assert.deepEqual(touched, wanted === fewer ? ['stop pg-3.db', 'stop pg-3.vm'] : []);
  }
});

test('of a launcher host that fails everything moves to another one, also right after the start', async () => {
  const state = await running(shop, ['h1', 'h2']);
  for (const host of ['h1', 'h2']) {
    const ran = Object.entries(state.durable.assemblies).filter(
      ([, { instance }]) => instance.kind === 'running' && instance.host === host,
    );
    const rehearsal = await whatIf(state, { subject: 'host', name: host, change: 'fails' });
    assert.deepEqual(rehearsal.end, { kind: 'settled' });
    const moved = changesOf(state, rehearsal).filter((line) => line.startsWith('move '));
    assert.deepEqual(moved, ran.map(([name]) => `move ${name}.vm`).sort());
  }
});

test('what ends with the only launcher host is named, although there is nothing that could be done', async () => {
  const state = await running(shop, ['h1']);
  const { transitions, after: then } = await whatIf(state, { subject: 'host', name: 'h1', change: 'fails' });
  assert.deepEqual(transitions, []);
  const lost = lostWith(state, then, []).map(({ what, subject }) => `${what} ${subject}`);
  const ids = ['aside.job', 'aside.vm', 'db.redis', 'db.vm', 'web.app', 'web.log', 'web.vm'];
  assert.deepEqual(
    lost.sort(),
    ids.map((id) => `stop ${id}`),
  );
});
