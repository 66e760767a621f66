import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  CloneOptions,
  Constraint,
  Deployable,
  OrderConstraint,
  OrderStep,
  Resource,
} from '../model/deployable.js';
import { plainAssembly, plainColocation, plainDeployable, plainOrder, plainResource } from '../model/plain.js';
import { type ContainmentWishes, containment } from './containment.js';

function resource(name: string, change: Partial<Resource> = {}): Resource {
  return {
    ...plainResource,
    name,
    agent: { class: 'lsb', type: name },
    ...change,
  };
}

/** Assemblies a and b with resources x and y each. */
function deployable(change: Partial<Deployable>, ofX: Partial<Resource> = {}): Deployable {
  const assemblies = ['a', 'b'].map((name) => ({
    ...plainAssembly,
    name,
    resources: [resource('x', name === 'a' ? ofX : {}), resource('y')],
  }));
  return { ...plainDeployable, name: 'd', assemblies, ...change };
}

function at(id: string): { assembly: string; resource: string } {
  const [assembly = '', name = ''] = id.split('.');
  return { assembly, resource: name };
}

function order(...ids: string[]): OrderConstraint {
  return plainOrder('o', ids.map(at));
}

function colocation(id: string, target: string, score: number | 'INFINITY' | '-INFINITY'): Constraint {
  return plainColocation('c', at(id), { with: at(target), score });
}

/** An order with another first step. */
function change(given: OrderConstraint, first: Partial<OrderStep>, isSymmetrical = true): OrderConstraint {
  const steps = given.steps.map((step, index) => (index === 0 ? { ...step, ...first } : step));
  return { ...given, steps, isSymmetrical };
}

/** A raw section with these constraints. */
function raw(constraints: string): Partial<Deployable> {
  return { pacemaker: { constraints, tags: '' } };
}

const set = (attributes: string, ...ids: string[]) =>
  `<resource_set id="s${ids[0]}" ${attributes}>${ids.map((id) => `<resource_ref id="${id}"/>`).join('')}</resource_set>`;

const cases: readonly {
  readonly name: string;
  readonly deployable: Deployable;
  readonly kept: Record<string, string>;
}[] = [
  { name: 'without constraints everything is delegated', deployable: deployable({}), kept: {} },
  {
    name: 'what others are ordered after is kept, the last of a chain is not',
    deployable: deployable({ constraints: [order('a.x', 'b.x', 'b.y')] }),
    kept: { 'a.x': 'b.x is ordered after it (constraint o)', 'b.x': 'b.y is ordered after it (constraint o)' },
  },
  {
    name: 'what another must be with is kept',
    deployable: deployable({ constraints: [colocation('a.y', 'a.x', 'INFINITY')] }),
    kept: { 'a.x': 'a.y must run where it runs (constraint c)' },
  },
  {
    name: 'what another must not be with is kept',
    deployable: deployable({ constraints: [colocation('b.y', 'a.x', '-INFINITY')] }),
    kept: { 'a.x': 'b.y must not run where it runs (constraint c)' },
  },
  {
    name: 'a preference keeps nothing',
    deployable: deployable({ constraints: [colocation('a.y', 'a.x', 100)] }),
    kept: {},
  },
  {
    name: 'an order of the raw section keeps',
    deployable: deployable(raw('<rsc_order id="r" first="a.y" then="b.x"/>')),
    kept: { 'a.y': 'b.x is ordered after it (constraint r)' },
  },
  {
    name: 'an order to a configure step keeps what is first',
    deployable: deployable(raw('<rsc_order id="r" first="b.y" then="a.x-configure"/>'), {
      configure: { url: '/c', timeoutMs: 1 },
    }),
    kept: { 'b.y': 'a.x-configure is ordered after it (constraint r)' },
  },
  {
    name: 'an order after a VM keeps no resource',
    deployable: deployable(raw('<rsc_order id="r" first="a.vm" then="b.vm"/>')),
    kept: {},
  },
  {
    name: 'an optional order keeps nothing',
    deployable: deployable(
      raw(
        '<rsc_order id="r" kind="Optional" first="a.x" then="b.x"/><rsc_order id="q" score="0" first="a.x" then="b.y"/>',
      ),
    ),
    kept: {},
  },
  {
    name: 'serialized resources are kept both',
    deployable: deployable(raw('<rsc_order id="r" kind="Serialize" first="a.x" then="b.x"/>')),
    kept: {
      'a.x': 'b.x must not act at the same time (constraint r)',
      'b.x': 'a.x must not act at the same time (constraint r)',
    },
  },
  {
    name: 'ordered sets keep all but the last of their last',
    deployable: deployable(
      raw(`<rsc_order id="r">${set('sequential="false"', 'a.x', 'a.y')}${set('', 'b.x', 'b.y')}</rsc_order>`),
    ),
    kept: {
      'a.x': 'b.x is ordered after it (constraint r)',
      'a.y': 'b.x is ordered after it (constraint r)',
      'b.x': 'b.y is ordered after it (constraint r)',
    },
  },
  {
    name: 'the members of one parallel set are not ordered',
    deployable: deployable(raw(`<rsc_order id="r">${set('sequential="false"', 'a.x', 'b.x')}</rsc_order>`)),
    kept: {},
  },
  {
    name: 'colocated sets keep all members',
    deployable: deployable(raw(`<rsc_colocation id="r" score="INFINITY">${set('', 'a.x', 'a.y')}</rsc_colocation>`)),
    kept: { 'a.x': 'a.y must run where it runs (constraint r)', 'a.y': 'a.x must run where it runs (constraint r)' },
  },
  {
    name: 'comments, locations and entities change nothing',
    deployable: deployable(
      raw(
        '<!-- first="a.x" --><rsc_location id="l" rsc="a.x" node="a" score="1"/><rsc_order id="r" first="a.&#120;" then="b.x"/>',
      ),
    ),
    kept: { 'a.x': 'b.x is ordered after it (constraint r)' },
  },
  {
    name: 'another on-fail keeps',
    deployable: deployable({}, { onFail: 'block' }),
    kept: { 'a.x': 'on-fail of its monitor is block' },
  },
  {
    name: 'an asked-for threshold keeps',
    deployable: deployable({}, { migrationThreshold: 2 }),
    kept: { 'a.x': 'its migration-threshold is 2' },
  },
  {
    name: 'an operation with an on-fail of its own keeps',
    deployable: deployable({}, { stop: { timeoutMs: 1, onFail: 'ignore' } }),
    kept: { 'a.x': 'on-fail of its stop is ignore' },
  },
  {
    name: 'every member of a group but the last is kept',
    deployable: deployable({ groups: [{ name: 'g', assembly: 'a', members: ['y', 'x'] }] }),
    kept: { 'a.y': 'a.x follows it in group g' },
  },
  {
    name: 'what is ordered after a group is ordered after each member',
    deployable: deployable({
      groups: [{ name: 'g', assembly: 'a', members: ['x', 'y'] }],
      constraints: [change(order('a.x', 'b.x'), { members: [{ kind: 'group', group: 'g' }] })],
    }),
    kept: { 'a.x': 'b.x is ordered after it (constraint o)', 'a.y': 'b.x is ordered after it (constraint o)' },
  },
  {
    name: 'the members of one step are in no order, each is before the next step',
    deployable: deployable({
      constraints: [
        change(order('a.x', 'b.x'), { members: ['a.x', 'a.y'].map((id) => ({ kind: 'resource', ...at(id) })) }),
      ],
    }),
    kept: { 'a.x': 'b.x is ordered after it (constraint o)', 'a.y': 'b.x is ordered after it (constraint o)' },
  },
  {
    name: 'what waits for a stop is disturbed by a restart',
    deployable: deployable({ constraints: [change(order('a.x', 'b.x'), { action: 'stop' }, false)] }),
    kept: { 'a.x': 'b.x is ordered after it (constraint o)' },
  },
  {
    name: 'an order for starting alone keeps nothing',
    deployable: deployable({ constraints: [change(order('a.x', 'b.x'), {}, false)] }),
    kept: {},
  },
  {
    name: 'an optional order of the document keeps nothing',
    deployable: deployable({ constraints: [{ ...order('a.x', 'b.x'), strength: 'optional' }] }),
    kept: {},
  },
  {
    name: 'a serialized order of the document keeps both',
    deployable: deployable({ constraints: [{ ...order('a.x', 'b.x'), strength: 'serialize' }] }),
    kept: {
      'a.x': 'b.x must not act at the same time (constraint o)',
      'b.x': 'a.x must not act at the same time (constraint o)',
    },
  },
  {
    name: 'of what is together the last is free, of what is apart too',
    deployable: deployable({
      constraints: [
        {
          kind: 'colocated-set',
          id: 's',
          members: ['a.x', 'a.y'].map((id) => ({ kind: 'resource', ...at(id) })),
          score: 'INFINITY',
          nodeAttribute: undefined,
        },
      ],
    }),
    kept: { 'a.x': 'a.y must run where it runs (constraint s)' },
  },
  {
    name: 'what is not managed is kept',
    deployable: deployable({}, { isManaged: false }),
    kept: { 'a.x': 'it is not managed' },
  },
  {
    name: 'what is in maintenance is kept',
    deployable: deployable({}, { isInMaintenance: true }),
    kept: { 'a.x': 'it is in maintenance' },
  },
  {
    name: 'maintenance of the deployable keeps all',
    deployable: deployable({ isInMaintenance: true }),
    kept: Object.fromEntries(['a.x', 'a.y', 'b.x', 'b.y'].map((id) => [id, 'the deployable is in maintenance'])),
  },
  {
    name: 'an exclusive resource, and one whose failures are forgotten after a time, are delegated',
    deployable: deployable({}, { isExclusive: true, failureTimeoutMs: 60_000 }),
    kept: {},
  },
];

for (const { name, deployable: given, kept } of cases) {
  test(name, () => {
    const verdicts = containment(given);
    assert.deepEqual([...verdicts.keys()], ['a.x', 'a.y', 'b.x', 'b.y']);
    const reasons = [...verdicts].flatMap(([id, verdict]) => (verdict.kind === 'kept' ? [[id, verdict.reason]] : []));
    assert.deepEqual(Object.fromEntries(reasons), kept);
  });
}

/** What becomes of both instances of a clone over two replicas. */
function verdictsOfClone(
  clone: Partial<CloneOptions>,
  constraints: Constraint[] = [],
  wishes: ContainmentWishes['wishes'] = {},
): readonly string[] {
  const options = { promotable: undefined, max: undefined, notify: false, interleave: false, ordered: false, ...clone };
  const replicas = [1, 2].map((index) => ({
    ...plainAssembly,
    name: `web-${index}`,
    replica: { of: 'web', index, count: 2 },
    resources: [resource('app', { clone: options })],
  }));
  const lone = { ...plainAssembly, name: 'lb', resources: [resource('x')] };
  const given = { ...plainDeployable, name: 'd', assemblies: [...replicas, lone], constraints };
  const verdicts = containment(given, { isInMaintenance: false, wishes });
  return ['web-1.app', 'web-2.app'].map((id) => {
    const verdict = verdicts.get(id);
    return verdict?.kind === 'kept' ? verdict.reason : 'delegated';
  });
}

test('instances of a clone are delegated where a graph would restart each alone', () => {
  const both = (text: string) => [text, text];
  assert.deepEqual(verdictsOfClone({}), both('delegated'));
  assert.deepEqual(verdictsOfClone({ interleave: true }), both('delegated'));
  assert.deepEqual(
    verdictsOfClone({ promotable: { promotedMax: 1, prefer: [] } }),
    both('web.app-clone is promotable, and which instance is promoted is decided for all of them together'),
  );
  assert.deepEqual(
    verdictsOfClone({ ordered: true }),
    both('web.app-clone starts and stops its instances one after the other'),
  );
  assert.deepEqual(
    verdictsOfClone({ notify: true }),
    both('the other instances of web.app-clone are notified when it stops and starts'),
  );
  const after = change(order('lb.x', 'lb.x'), { members: [{ kind: 'clone', assembly: 'web', resource: 'app' }] });
  assert.deepEqual(verdictsOfClone({}, [after]), both('lb.x is ordered after it (constraint o)'));
  for (const name of ['web.app', 'web.app-clone', 'web-2.app']) {
    assert.deepEqual(verdictsOfClone({}, [], { [name]: { isManaged: false } }), both('it is not managed'), name);
  }
});

test('what operators want goes before what the document says', () => {
  const given = deployable({}, { isManaged: false });
  const reasonOf = (id: string, wishes: ContainmentWishes['wishes'], isInMaintenance = false) => {
    const verdict = containment(given, { isInMaintenance, wishes }).get(id);
    return verdict?.kind === 'kept' ? verdict.reason : verdict?.kind;
  };
  assert.equal(reasonOf('a.x', {}), 'it is not managed');
  assert.equal(reasonOf('a.x', { 'a.x': { isManaged: true } }), 'delegated');
  assert.equal(reasonOf('a.y', { 'a.y': { isManaged: false } }), 'it is not managed');
  assert.equal(reasonOf('a.y', { 'a.vm': { isManaged: false } }), 'the VM of a is not managed');
  assert.equal(reasonOf('a.y', {}, true), 'the deployable is in maintenance');
});
