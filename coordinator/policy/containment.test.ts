import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Constraint, Deployable, Resource } from '../model/deployable.js';
import { plainAssembly, plainColocation, plainDeployable, plainOrder, plainResource } from '../model/plain.js';
import { containment } from './containment.js';

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

function order(...ids: string[]): Constraint {
  return plainOrder('o', ids.map(at));
}

function colocation(id: string, target: string, score: number | 'INFINITY' | '-INFINITY'): Constraint {
  return plainColocation('c', at(id), { with: at(target), score });
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
    kept: { 'a.x': 'b.x is ordered after it', 'b.x': 'b.y is ordered after it' },
  },
  {
    name: 'what another must be with is kept',
    deployable: deployable({ constraints: [colocation('a.y', 'a.x', 'INFINITY')] }),
    kept: { 'a.x': 'a.y is colocated with it' },
  },
  {
    name: 'what another must not be with is kept',
    deployable: deployable({ constraints: [colocation('b.y', 'a.x', '-INFINITY')] }),
    kept: { 'a.x': 'b.y is colocated with it' },
  },
  {
    name: 'a preference keeps nothing',
    deployable: deployable({ constraints: [colocation('a.y', 'a.x', 100)] }),
    kept: {},
  },
  {
    name: 'an order of the raw section keeps',
    deployable: deployable(raw('<rsc_order id="r" first="a.y" then="b.x"/>')),
    kept: { 'a.y': 'b.x is ordered after it' },
  },
  {
    name: 'an order to a configure step keeps what is first',
    deployable: deployable(raw('<rsc_order id="r" first="b.y" then="a.x-configure"/>'), {
      configure: { url: '/c', timeoutMs: 1 },
    }),
    kept: { 'b.y': 'a.x-configure is ordered after it' },
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
    kept: { 'a.x': 'b.x is ordered after it', 'b.x': 'a.x is ordered after it' },
  },
  {
    name: 'ordered sets keep all but the last of their last',
    deployable: deployable(
      raw(`<rsc_order id="r">${set('sequential="false"', 'a.x', 'a.y')}${set('', 'b.x', 'b.y')}</rsc_order>`),
    ),
    kept: {
      'a.x': 'b.x is ordered after it',
      'a.y': 'b.x is ordered after it',
      'b.x': 'b.y is ordered after it',
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
    kept: { 'a.x': 'a.y is colocated with it', 'a.y': 'a.x is colocated with it' },
  },
  {
    name: 'comments, locations and entities change nothing',
    deployable: deployable(
      raw(
        '<!-- first="a.x" --><rsc_location id="l" rsc="a.x" node="a" score="1"/><rsc_order id="r" first="a.&#120;" then="b.x"/>',
      ),
    ),
    kept: { 'a.x': 'b.x is ordered after it' },
  },
  {
    name: 'another on-fail keeps',
    deployable: deployable({}, { onFail: 'block' }),
    kept: { 'a.x': 'on-fail is block' },
  },
  {
    name: 'an asked-for threshold keeps',
    deployable: deployable({}, { migrationThreshold: 2 }),
    kept: { 'a.x': 'migration-threshold is 2' },
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
