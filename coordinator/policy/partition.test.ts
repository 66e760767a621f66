import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployable } from '../model/deployable.js';
import { parseDeployable } from '../model/parse-deployable.js';
import type { CibInput } from '../state/cib-input.js';
import { addFailure } from '../state/fail-count.js';
import type { NodeHistory } from '../state/history.js';
import { recordPending, recordResult } from '../state/record.js';
import { areAlike, partition } from './partition.js';

const agent = 'ocf:heartbeat:Dummy';
const names = ['a', 'b', 'c'];

function deployable(change: Partial<Deployable> = {}): Deployable {
  const assemblies = Object.fromEntries(names.map((name) => [name, { resources: { x: { agent }, y: { agent } } }]));
  const parsed = parseDeployable(JSON.stringify({ deployable: 'd', assemblies }), 'yaml');
  assert.ok(parsed.kind === 'deployable');
  return { ...parsed.deployable, ...change };
}

const order = { operation: 'start', intervalMs: 0, expectedRc: 0, transition: 1, action: 1, digest: '' };
const done = { callId: 1, rc: 0, status: 0, changedAt: 0, execMs: 0, queueMs: 0, exitReason: '' };
const vm = (name: string) => ({ id: `${name}.vm`, class: 'ocf', provider: 'cpe', type: 'assembly' });

/** Every VM runs on h1. */
function running(hosts: readonly string[], change: Partial<CibInput> = {}): CibInput {
  const history = names.reduce(
    (all, name) => recordResult(all, 'h1', vm(name), { ...order, ...done }),
    {} as CibInput['history'],
  );
  const known = { host: 'h1', isConnected: true, isHeld: false, mayStart: true, wish: 'none' } as const;
  return {
    deployable: deployable(),
    revision: 1,
    dialect: { featureSet: '3.16.1', schema: 'pacemaker-3.9' },
    hosts: hosts.map((name) => ({ name, state: 'online', isBarred: false, isDrained: false })),
    assemblies: Object.fromEntries(names.map((name) => [name, { ...known, address: undefined, hostname: undefined }])),
    history,
    stopAll: false,
    isInMaintenance: false,
    wishes: {},
    locationWishes: [],
    nowUnixMs: 0,
    ...change,
  };
}

function partsOf(input: CibInput): readonly string[] {
  return partition(input).map((part) => part.deployable.assemblies.map(({ name }) => name).join('+'));
}

const resource = (assembly: string, name = 'x') => ({ kind: 'resource', assembly, resource: name }) as const;
const assemblyOf = (assembly: string) => ({ kind: 'assembly', assembly }) as const;
const step = (assembly: string) => ({ members: [resource(assembly)], action: 'start', needsAll: true }) as const;
const ordered = (...assemblies: string[]) =>
  ({ kind: 'order', id: 'o', steps: assemblies.map(step), strength: 'optional', isSymmetrical: true }) as const;
const pair = { resource: assemblyOf('a'), with: assemblyOf('b'), role: undefined, withRole: undefined } as const;
const near = (score: 'INFINITY' | '-INFINITY' | number) =>
  ({ kind: 'colocation', id: 'c', ...pair, score, nodeAttribute: undefined }) as const;
const place = (node: string, score: number) =>
  ({
    kind: 'location',
    id: 'l',
    subject: assemblyOf('a'),
    role: undefined,
    preference: { kind: 'node', node, score },
  }) as const;
const ruled = {
  kind: 'location',
  id: 'l',
  subject: resource('a'),
  role: undefined,
  preference: { kind: 'rule', rule: { score: 1, combine: 'and', expressions: [] } },
} as const;
const raw = (constraints: string, tags = '') => deployable({ pacemaker: { constraints, tags } });
const nothing: NodeHistory = { resources: {}, attributes: {} };
const apart = ['a', 'b', 'c'];
const whole = ['a+b+c'];

const table: readonly (readonly [what: string, input: CibInput, parts: readonly string[]])[] = [
  ['nothing in common', running(['h1']), apart],
  ['nothing in common, on two hosts', running(['h1', 'h2']), apart],
  ['an order', running(['h1'], { deployable: deployable({ constraints: [ordered('a', 'c')] }) }), ['a+c', 'b']],
  [
    'an order through all',
    running(['h1'], { deployable: deployable({ constraints: [ordered('a', 'b', 'c')] }) }),
    whole,
  ],
  [
    'raw constraints',
    running(['h1'], { deployable: raw(`<rsc_order id="b.x" first="a.x" then='c.vm'/>`) }),
    ['a+c', 'b'],
  ],
  [
    'raw sets',
    running(['h1'], {
      deployable: raw(
        '<rsc_colocation id="r"><resource_set id="s"><resource_ref id="b.x"/><resource_ref id="c.x"/></resource_set></rsc_colocation>',
      ),
    }),
    ['a', 'b+c'],
  ],
  [
    'a raw location',
    running(['h1'], { deployable: raw('<rsc_location id="r" rsc="a.x" node="h1" score="1"/>') }),
    whole,
  ],
  [
    'a raw constraint of something unknown',
    running(['h1'], { deployable: raw('<rsc_order id="r" first="a.x" then="t"/>') }),
    whole,
  ],
  ['tags', running(['h1'], { deployable: raw('', '<tag id="t"/>') }), whole],
  ['a rule', running(['h1'], { deployable: deployable({ constraints: [ruled] }) }), whole],
  [
    'VMs together as wished',
    running(['h1', 'h2'], { deployable: deployable({ constraints: [near('INFINITY')] }) }),
    ['a+b', 'c'],
  ],
  [
    'VMs together against the wish',
    running(['h1', 'h2'], { deployable: deployable({ constraints: [near(-1)] }) }),
    whole,
  ],
  [
    'VMs together against the wish, on one host',
    running(['h1'], { deployable: deployable({ constraints: [near(-1)] }) }),
    ['a+b', 'c'],
  ],
  [
    'a VM where it is preferred',
    running(['h1', 'h2'], { deployable: deployable({ constraints: [place('h1', 5)] }) }),
    apart,
  ],
  [
    'a VM that another host draws',
    running(['h1', 'h2'], { deployable: deployable({ constraints: [place('h2', 5)] }) }),
    whole,
  ],
  ['stop of everything', running(['h1'], { stopAll: true }), whole],
  ['maintenance', running(['h1'], { isInMaintenance: true }), whole],
  ['utilization', running(['h1'], { deployable: deployable({ placement: 'utilization' }) }), whole],
  [
    'an unclean host',
    running([], {
      hosts: ['online', 'unclean'].map((state, i) => ({
        name: `h${i + 1}`,
        state: state as 'online' | 'unclean',
        isBarred: false,
        isDrained: false,
      })),
    }),
    whole,
  ],
  [
    'an operator’s move',
    running(['h1'], {
      locationWishes: [{ resource: 'a.vm', node: 'h1', kind: 'move' }],
    }),
    whole,
  ],
  ['an assembly held', withAssembly(running(['h1']), { isHeld: true }), whole],
  ['an assembly drained', withAssembly(running(['h1']), { wish: 'drained' }), whole],
  ['a VM to be placed on one host', running(['h1'], { history: {} }), apart],
  ['a VM to be placed on one of two', running(['h1', 'h2'], { history: {} }), whole],
  ['an agent lost', withAssembly(running(['h1', 'h2']), { isConnected: false }), whole],
  [
    'a VM operation under way',
    withHistory(running(['h1', 'h2']), (history) => recordPending(history, 'h1', vm('a'), order, 0)),
    whole,
  ],
  [
    'a fail count of a VM',
    withHistory(running(['h1', 'h2']), (history) =>
      addFailure(history, 'h2', 'a.vm', { operation: 'start', intervalMs: 0 }, 0),
    ),
    whole,
  ],
  [
    'a failed resource',
    withHistory(running(['h1', 'h2']), (history) =>
      addFailure(history, 'a', 'a.x', { operation: 'monitor', intervalMs: 10_000 }, 0),
    ),
    apart,
  ],
  [
    'an assembly that left the definition',
    withHistory(running(['h1']), (history) => recordResult(history, 'h1', vm('gone'), { ...order, ...done })),
    whole,
  ],
  [
    'inside of an assembly that left the definition',
    withHistory(running(['h1']), (history) => ({ ...history, gone: nothing })),
    whole,
  ],
];

function withAssembly(input: CibInput, change: Partial<CibInput['assemblies'][string]>): CibInput {
  const before = input.assemblies.b;
  assert.ok(before);
  return { ...input, assemblies: { ...input.assemblies, b: { ...before, ...change } } };
}

function withHistory(input: CibInput, change: (history: CibInput['history']) => CibInput['history']): CibInput {
  return { ...input, history: change(input.history) };
}

for (const [what, input, parts] of table) {
  test(`${what}: decided as ${parts.join(', ')}`, () => assert.deepEqual(partsOf(input), parts));
}

test('each part has the history of its own assemblies, on hosts and inside', () => {
  const input = withHistory(running(['h1']), (history) =>
    addFailure(addFailure(history, 'h1', 'b.vm', { operation: 'start', intervalMs: 0 }, 0), 'c', 'c.x', order, 0),
  );
  const [a, b, c] = partition(input);
  assert.deepEqual(Object.keys(a?.history.h1?.resources ?? {}), ['a.vm']);
  assert.deepEqual(a?.history.h1?.attributes, {});
  assert.deepEqual(Object.keys(b?.history.h1?.attributes ?? {}), [
    'fail-count-b.vm#start_0',
    'last-failure-b.vm#start_0',
  ]);
  assert.deepEqual(
    [a, b, c].map((part) => Object.keys(part?.history ?? {})),
    [['h1'], ['h1'], ['h1', 'c']],
  );
});

test('a part knows the assemblies whose values it refers to', () => {
  const reference = { kind: 'reference', assembly: 'b', attribute: 'ipaddress' } as const;
  const assemblies = deployable().assemblies.map((each) =>
    each.name === 'a'
      ? { ...each, resources: each.resources.map((one) => ({ ...one, parameters: { peer: [reference] } })) }
      : each,
  );
  const [a, b] = partition(running(['h1'], { deployable: deployable({ assemblies }) }));
  assert.deepEqual(Object.keys(a?.assemblies ?? {}), ['a', 'b']);
  assert.deepEqual(Object.keys(b?.assemblies ?? {}), ['b']);
});

test('parts are alike while nothing but the time has changed in them', () => {
  const before = running(['h1']);
  const later = withHistory({ ...before, nowUnixMs: 1000 }, (history) => addFailure(history, 'b', 'b.x', order, 0));
  const after = partition(later);
  assert.deepEqual(
    partition(before).map((part, i) => areAlike(part, after[i] ?? before)),
    [true, false, true],
  );
});
