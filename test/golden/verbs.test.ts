/**
 * Operators' verbs through the real core and the real scheduler, in a world in which everything ends at once and as
 * expected: what is stopped and started, in which order, and that nothing else is.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { DpeState } from '../../coordinator/dpe/core/dpe-state.js';
import { emptyState } from '../../coordinator/dpe/core/empty-state.js';
import type { OperatorVerb } from '../../coordinator/dpe/core/operator-verb.js';
import { sampleNow, sampleState } from '../../coordinator/dpe/core/sample-state.js';
import { decideWhole } from '../../coordinator/dpe/decide.js';
import { type DecideEffect, type Rehearsal, rehearse } from '../../coordinator/dpe/what-if/rehearse.js';
import type { News } from '../../coordinator/dpe/what-if/well-behaved-world.js';
import { parseDeployable } from '../../coordinator/model/parse-deployable.js';
import { openSchedulerChild } from '../../coordinator/scheduler/scheduler-child.js';
import { failCount } from '../../coordinator/state/fail-count.js';
import { plainHostFact } from '../../coordinator/state/host-fact.js';

const scheduler = openSchedulerChild();
after(() => scheduler.close());

async function decide({ input }: DecideEffect) {
  const { outcome, record } = await decideWhole(input, scheduler);
  assert.ok(outcome.kind === 'graph', JSON.stringify(outcome));
  return { outcome: { ...outcome, recheckAt: undefined }, graphXml: (await record()).graph };
}

const dummy = '{ agent: "ocf:heartbeat:Dummy" }';
const shop = `
deployable: shop
assemblies:
  db: { resources: { redis: ${dummy}, exporter: ${dummy} } }
  web: { resources: { app: ${dummy}, log: ${dummy} } }
  aside: { resources: { job: ${dummy} } }
constraints:
  - { order: [db.redis, web.app] }
`;

const farm = `
deployable: farm
assemblies:
  web:
    replicas: 2
    resources: { app: { agent: "ocf:pacemaker:Stateful", clone: { promotable: true } } }
`;

/** Started on these hosts, settled. */
async function running(text: string, hosts: readonly string[]): Promise<DpeState> {
  const parsed = parseDeployable(text, 'yaml');
  assert.ok(parsed.kind === 'deployable', JSON.stringify(parsed));
  const { deployable } = parsed;
  const launcher = { isAdopted: true, lastBeatAt: sampleNow, running: [] };
  const { featureSet, schema } = await scheduler.hello();
  const known = hosts.map((host) => [host, { standing: 'in-service', isDrained: false }] as const);
  const state: DpeState = {
    durable: { ...emptyState(deployable.name), hosts: Object.fromEntries(known) },
    volatile: {
      ...sampleState().volatile,
      launchers: Object.fromEntries(hosts.map((host) => [host, launcher])),
      hostFacts: {},
      dialect: { featureSet, schema },
    },
  };
  const started = await rehearsed(state, [
    (_state, now) => ({ kind: 'definition-changed', revision: 1, deployable, now }),
    (_state, now) => ({ kind: 'desired-changed', revision: 1, state: 'running', now }),
  ]);
  return started.after;
}

async function rehearsed(state: DpeState, news: readonly News[]): Promise<Rehearsal> {
  const rehearsal = await rehearse(state, news, { now: sampleNow + 60_000, decide });
  assert.deepEqual(rehearsal.end, { kind: 'settled' });
  return rehearsal;
}

function verb(ordered: OperatorVerb): News {
  return (_state, now) => ({ kind: 'operator-verb', verb: ordered, by: 'operator alice', token: 1, chance: 0, now });
}

function order(state: DpeState, ...verbs: readonly OperatorVerb[]): Promise<Rehearsal> {
  return rehearsed(state, verbs.map(verb));
}

/** What was started, stopped and so on, in order. */
function course({ transitions }: Rehearsal): readonly string[] {
  return transitions
    .flatMap(({ summary }) => summary?.executed ?? [])
    .filter(({ kind, operation }) => kind !== 'pseudo' && operation !== 'monitor' && operation !== 'cancel')
    .map(({ operation, resource, node }) => `${operation} ${resource} on ${node}`);
}

const resource = (kind: 'stop' | 'start' | 'restart' | 'manage' | 'unmanage' | 'fail' | 'clear', name: string) =>
  ({ kind: `resource-${kind}`, resource: name }) as const;
const assembly = (kind: 'standby' | 'unstandby' | 'restart' | 'destroy' | 'drain', name: string) =>
  ({ kind: `assembly-${kind}`, assembly: name }) as const;

/** From the running `shop` on one host: what each of these verbs leads to, one after the other. */
const courses: readonly {
  readonly name: string;
  readonly steps: readonly (readonly [OperatorVerb, readonly string[]])[];
}[] = [
  {
    name: 'a resource stops after what depends on it, and both start again',
    steps: [
      [resource('stop', 'db.redis'), ['stop web.app on web', 'stop db.redis on db']],
      [resource('start', 'db.redis'), ['start db.redis on db', 'start web.app on web']],
    ],
  },
  {
    name: 'a resource that is restarted stops and starts with what depends on it',
    steps: [
      [
        resource('restart', 'db.redis'),
        ['stop web.app on web', 'stop db.redis on db', 'start db.redis on db', 'start web.app on web'],
      ],
      [resource('restart', 'web.log'), ['stop web.log on web', 'start web.log on web']],
    ],
  },
  {
    name: 'a VM that is stopped stops what runs inside first, and stays down',
    steps: [
      [resource('stop', 'aside.vm'), ['stop aside.job on aside', 'stop aside on h1', 'stop aside.vm on h1']],
      [resource('restart', 'web.log'), ['stop web.log on web', 'start web.log on web']],
      [resource('start', 'aside.vm'), ['start aside.vm on h1', 'start aside on h1', 'start aside.job on aside']],
    ],
  },
  {
    name: 'an assembly that is restarted stops in order and starts again, and nothing else is touched',
    steps: [
      [
        assembly('restart', 'aside'),
        [
          'stop aside.job on aside',
          'stop aside on h1',
          'stop aside.vm on h1',
          'start aside.vm on h1',
          'start aside on h1',
          'start aside.job on aside',
        ],
      ],
    ],
  },
  {
    name: 'an assembly in standby keeps its VM',
    steps: [
      [assembly('standby', 'aside'), ['stop aside.job on aside']],
      [assembly('unstandby', 'aside'), ['start aside.job on aside']],
    ],
  },
  {
    name: 'an assembly that is drained stops, VM and all, until it is wanted again',
    steps: [
      [assembly('drain', 'aside'), ['stop aside.job on aside', 'stop aside on h1', 'stop aside.vm on h1']],
      [assembly('unstandby', 'aside'), ['start aside.vm on h1', 'start aside on h1', 'start aside.job on aside']],
    ],
  },
  {
    name: 'a resource that is declared failed is recovered with what depends on it',
    steps: [
      [
        resource('fail', 'db.redis'),
        ['stop web.app on web', 'stop db.redis on db', 'start db.redis on db', 'start web.app on web'],
      ],
    ],
  },
  {
    name: 'what is unmanaged is left as it is',
    steps: [
      [resource('unmanage', 'db.redis'), []],
      [resource('stop', 'db.redis'), []],
      [resource('manage', 'db.redis'), ['stop web.app on web', 'stop db.redis on db']],
    ],
  },
  {
    name: 'in maintenance nothing is done, and afterwards what was wanted meanwhile',
    steps: [
      [{ kind: 'deployable-maintenance', isOn: true }, []],
      [resource('stop', 'aside.job'), []],
      [{ kind: 'deployable-maintenance', isOn: false }, ['stop aside.job on aside']],
    ],
  },
  {
    name: 'while it is held nothing is done, and afterwards what was wanted meanwhile',
    steps: [
      [{ kind: 'deployable-hold', reason: '' }, []],
      [resource('stop', 'aside.job'), []],
      [{ kind: 'deployable-resume' }, ['stop aside.job on aside']],
    ],
  },
];

for (const { name, steps } of courses) {
  test(name, async () => {
    let state = await running(shop, ['h1']);
    for (const [ordered, expected] of steps) {
      const rehearsal = await order(state, ordered);
      assert.deepEqual(course(rehearsal), expected, JSON.stringify(ordered));
      state = rehearsal.after;
    }
  });
}

test('a VM that is destroyed is recovered with what depends on it, and counts nowhere', async () => {
  const state = await running(shop, ['h1']);
  const rehearsal = await order(state, assembly('destroy', 'db'));
  const done = course(rehearsal);
  assert.deepEqual(done.slice(-5), [
    'start db.vm on h1',
    'start db on h1',
    'start db.redis on db',
    'start db.exporter on db',
    'start web.app on web',
  ]);
  assert.ok(done.includes('stop web.app on web') && !done.some((line) => line.includes('aside')), done.join('\n'));
  const { durable } = rehearsal.after;
  assert.deepEqual([durable.windows.assemblies, durable.windows.deployable], [{}, []]);
  assert.deepEqual([failCount(durable.history, 'h1', 'db.vm'), failCount(durable.history, 'h1', 'db')], [0, 0]);
});

test('a VM moves to another host and back, and is kept from where it is banned', async () => {
  const before = await running(shop, ['h1', 'h2']);
  const hostOf = ({ durable }: DpeState) => {
    const instance = durable.assemblies.aside?.instance;
    return instance?.kind === 'running' ? instance.host : undefined;
  };
  const [from = '', to = ''] = hostOf(before) === 'h1' ? ['h1', 'h2'] : ['h2', 'h1'];
  const move = (node: string) =>
    ({ kind: 'resource-move', resource: 'aside.vm', node, role: undefined, until: undefined }) as const;
  const moved = await order(before, move(to));
  assert.deepEqual(course(moved), [
    'stop aside.job on aside',
    `stop aside on ${from}`,
    `stop aside.vm on ${from}`,
    `start aside.vm on ${to}`,
    `start aside on ${to}`,
    'start aside.job on aside',
  ]);
  const cleared = await order(moved.after, resource('clear', 'aside.vm'));
  assert.deepEqual([course(cleared), hostOf(cleared.after)], [[], to]);
  const ban = { ...move(to), kind: 'resource-ban', node: undefined } as const;
  assert.equal(hostOf((await order(cleared.after, ban)).after), from);
});

test('a launcher host that is drained is left, and one that is dead is recovered from', async () => {
  const before = await running(shop, ['h1', 'h2']);
  const onHost = ({ durable }: DpeState, host: string) =>
    Object.entries(durable.assemblies).filter(
      ([, { instance }]) => instance.kind === 'running' && instance.host === host,
    );
  assert.ok(onHost(before, 'h1').length > 0 && onHost(before, 'h2').length > 0, 'both hosts are used');
  const fact = plainHostFact('h1');
  const drained = await rehearsed(before, [
    (_state, now) => ({ kind: 'host-facts', facts: { h1: { ...fact, isDrained: true } }, now }),
  ]);
  assert.deepEqual([onHost(drained.after, 'h1').length, onHost(drained.after, 'h2').length], [0, 3]);
  const dead = await rehearsed(before, [
    (_state, now) => ({
      kind: 'host-facts',
      facts: { h1: { ...fact, death: { at: now, by: 'operator alice', evidence: 'no power' } } },
      now,
    }),
  ]);
  assert.deepEqual([onHost(dead.after, 'h1').length, onHost(dead.after, 'h2').length], [0, 3]);
  assert.ok(!course(dead).some((line) => line.startsWith('stop') && line.endsWith('h1')), course(dead).join('\n'));
  const stayed = onHost(before, 'h2').map(([name]) => name);
  assert.ok(!course(dead).some((line) => stayed.some((name) => line.includes(`${name}.vm`))), course(dead).join('\n'));
});

test('a launcher host that seems to be dead is fenced before anything of it is started elsewhere', async () => {
  const before = await running(shop, ['h1', 'h2']);
  const suspicion = { evidence: ['all of it is silent'], failures: 0, retryAt: 0 };
  const launchers = { ...before.volatile.launchers };
  delete launchers.h1;
  const suspected = { ...before, volatile: { ...before.volatile, launchers, suspicions: { h1: suspicion } } };
  const fencer = { command: ['fence_test'], parameters: {}, timeoutMs: 60_000 };
  const rehearsal = await rehearsed(suspected, [
    (_state, now) => ({ kind: 'host-facts', facts: { h1: { ...plainHostFact('h1'), fencer } }, now }),
  ]);
  const executed = rehearsal.transitions.flatMap(({ summary }) => summary?.executed ?? []);
  const fenced = executed.findIndex(({ kind, outcome }) => kind === 'fencing' && outcome === 'succeeded');
  const started = executed.findIndex(({ operation, resource: id }) => operation === 'start' && id.endsWith('.vm'));
  assert.ok(fenced >= 0 && started > fenced, JSON.stringify(executed, undefined, 1));
  const { hosts, assemblies } = rehearsal.after.durable;
  assert.equal(hosts.h1?.standing, 'dead');
  for (const [name, { instance }] of Object.entries(assemblies)) {
    assert.deepEqual([instance.kind, 'host' in instance && instance.host], ['running', 'h2'], name);
  }
});

test('a clone stops in one replica, or in all', async () => {
  const before = await running(farm, ['h1']);
  const one = await order(before, resource('stop', 'web-1.app'));
  assert.ok(course(one).includes('stop web-1.app on web-1'), course(one).join('\n'));
  assert.ok(!course(one).includes('stop web-2.app on web-2'), course(one).join('\n'));
  const all = await order(before, resource('stop', 'web.app'));
  const stops = course(all).filter((line) => line.startsWith('stop'));
  assert.deepEqual(stops.sort(), ['stop web-1.app on web-1', 'stop web-2.app on web-2']);
  const again = await order(all.after, resource('start', 'web.app'));
  const starts = course(again).filter((line) => line.startsWith('start'));
  assert.deepEqual(starts.sort(), ['start web-1.app on web-1', 'start web-2.app on web-2']);
});

test('the promoted role moves to another replica', async () => {
  const before = await running(farm, ['h1']);
  const promoted = (state: DpeState) =>
    ['web-1', 'web-2'].filter((name) =>
      Object.values(state.durable.history[name]?.resources[`${name}.app`]?.records ?? {}).some(
        ({ operation, rc }) => operation === 'promote' && rc === 0,
      ),
    );
  const [from = ''] = promoted(before);
  const to = from === 'web-1' ? 'web-2' : 'web-1';
  const moved = await order(before, {
    kind: 'resource-move',
    resource: 'web.app',
    node: to,
    role: 'promoted',
    until: undefined,
  });
  assert.deepEqual(course(moved), [`demote ${from}.app on ${from}`, `promote ${to}.app on ${to}`]);
});
