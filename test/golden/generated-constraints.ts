import { element, type Xml } from '../../coordinator/policy/xml.js';
import type { Chance } from './generated-chance.js';
import { maybe, nodesOf, type Plan, type PlannedResource, primitivesOf, range } from './generated-plan.js';

/** Constraints of every kind between the resources of a plan. What a document would do is mixed with what none would. */
export function generatedConstraints(chance: Chance, plan: Plan): Xml[] {
  const targets = targetsOf(plan);
  const [first, second] = targets;
  if (first === undefined || second === undefined) return placements(chance, plan);
  const draw = (): Target => chance.pick([first, ...targets]);
  const some = (most: number) => range(chance.integer(0, most));
  // Two that have nothing to do with each other yet: the library asserts that nothing is ordered after itself.
  const pairs = (most: number) =>
    some(most)
      .map(() => ({ one: draw(), other: draw() }))
      .filter(({ one, other }) => one.whole !== other.whole);
  return [
    ...placements(chance, plan),
    ...some(3).map((index) => location(chance.fork(`location ${index}`), `l${index}`, draw(), plan)),
    ...pairs(6).map(({ one, other }, index) => order(chance.fork(`order ${index}`), `o${index}`, one, other)),
    ...pairs(3).map(({ one, other }, index) => colocation(chance.fork(`colocation ${index}`), `c${index}`, one, other)),
    ...(chance.happens(0.25) ? [orderSets(chance.fork('order sets'), targets)] : []),
    ...(chance.happens(0.15) ? [colocationSets(chance.fork('colocation sets'), targets)] : []),
    ...(chance.happens(0.06) ? [ticket(draw())] : []),
    ...(plan.resources.length > 0 && chance.happens(0.1) ? [taggedLocation(chance)] : []),
  ];
}

interface Target {
  readonly id: string;
  /** The resource that it is, or is a part of. */
  readonly whole: string;
  readonly isPromotable: boolean;
}

/** What constraints may speak of: whole resources, VMs, and now and then a member of a group. */
function targetsOf({ resources, guests }: Plan): Target[] {
  const ofResource = (resource: PlannedResource): Target[] => [
    { id: resource.id, whole: resource.id, isPromotable: resource.kind === 'clone' && resource.isPromotable },
    ...(resource.kind === 'group'
      ? primitivesOf(resource).map(({ id }) => ({ id, whole: resource.id, isPromotable: false }))
      : []),
  ];
  const vms = guests.map(({ vm: { id } }) => ({ id, whole: id, isPromotable: false }));
  return [...resources.flatMap(ofResource), ...vms];
}

/** VMs like some hosts better; what is inside an assembly is pinned to its guest node. */
function placements(chance: Chance, { hosts, guests, resources }: Plan): Xml[] {
  const vms = guests.flatMap(({ vm }) =>
    hosts
      .filter(() => chance.happens(0.7))
      .map(({ name }) =>
        element('rsc_location', {
          id: `place-${vm.id}-${name}`,
          rsc: vm.id,
          node: name,
          score: chance.pick(['0', '50', '100', 'INFINITY', '-50']),
        }),
      ),
  );
  const inside = resources.flatMap((resource) =>
    resource.kind === 'primitive' && resource.pinnedTo !== undefined
      ? [
          element('rsc_location', {
            id: `pin-${resource.id}`,
            rsc: resource.id,
            node: resource.pinnedTo,
            score: 'INFINITY',
            'resource-discovery': chance.happens(0.8) ? 'exclusive' : undefined,
          }),
        ]
      : [],
  );
  return [...vms, ...inside];
}

function location(chance: Chance, id: string, { id: rsc, isPromotable }: Target, plan: Plan): Xml {
  const scores = ['-INFINITY', '-10', '0', '10', '200', 'INFINITY'] as const;
  const discovery = chance.happens(0.15) ? chance.pick(['never', 'exclusive', 'always']) : undefined;
  const [node = { name: 'h1' }, ...others] = nodesOf(plan);
  if (chance.happens(0.4)) {
    const { name } = chance.pick([node, ...others]);
    const plain = { id, rsc, node: name, score: chance.pick(scores), 'resource-discovery': discovery };
    return element('rsc_location', plain);
  }
  const score = chance.happens(0.2) ? { 'score-attribute': 'rank' } : { score: chance.pick(scores) };
  const role = isPromotable && chance.happens(0.5) ? 'Promoted' : undefined;
  const boolean = chance.happens(0.4) ? chance.pick(['and', 'or']) : undefined;
  const expressions = range(chance.integer(1, 2)).map((index) => expression(chance, `${id}-expression-${index}`));
  return element('rsc_location', { id, rsc, 'resource-discovery': discovery }, [
    element('rule', { id: `${id}-rule`, ...score, role, 'boolean-op': boolean }, expressions),
  ]);
}

function expression(chance: Chance, id: string): Xml {
  switch (chance.integer(0, 3)) {
    case 0:
      return element('expression', { id, attribute: 'site', operation: chance.pick(['eq', 'ne']), value: 'north' });
    case 1: {
      const operation = chance.pick(['lt', 'gte', 'defined', 'not_defined']);
      const value = operation.endsWith('defined') ? {} : { value: '20', type: 'number' };
      return element('expression', { id, attribute: 'rank', operation, ...value });
    }
    case 2:
      return element('expression', { id, attribute: '#uname', operation: 'eq', value: `h${chance.integer(1, 3)}` });
    default: {
      // Times around the one for which generated cases are decided.
      const day = chance.pick(['2023-11-01', '2023-11-20']);
      const bound = chance.happens(0.5) ? { operation: 'gt', start: day } : { operation: 'lt', end: day };
      return element('date_expression', { id, ...bound });
    }
  }
}

function order(chance: Chance, id: string, one: Target, other: Target): Xml {
  const [first, then] = [one.id, other.id];
  const kind = chance.happens(0.6) ? chance.pick(['Mandatory', 'Optional', 'Serialize']) : undefined;
  return element('rsc_order', {
    id,
    first,
    then,
    kind,
    ...(kind === 'Serialize' ? {} : maybe(chance, { symmetrical: [0.25, chance.pick(['true', 'false'])] })),
    ...(one.isPromotable ? maybe(chance, { 'first-action': [0.5, chance.pick(['promote', 'start', 'demote'])] }) : {}),
    ...maybe(chance, { 'then-action': [0.15, other.isPromotable ? 'promote' : chance.pick(['start', 'stop'])] }),
    ...maybe(chance, { 'require-all': [0.1, 'false'] }),
  });
}

function colocation(chance: Chance, id: string, dependent: Target, main: Target): Xml {
  return element('rsc_colocation', {
    id,
    rsc: dependent.id,
    'with-rsc': main.id,
    score: chance.pick(['INFINITY', 'INFINITY', '-INFINITY', '50', '-50']),
    'rsc-role': dependent.isPromotable && chance.happens(0.4) ? 'Promoted' : undefined,
    'with-rsc-role': main.isPromotable && chance.happens(0.6) ? chance.pick(['Promoted', 'Unpromoted']) : undefined,
    influence: chance.happens(0.1) ? 'false' : undefined,
    'node-attribute': chance.happens(0.1) ? 'site' : undefined,
  });
}

function orderSets(chance: Chance, targets: readonly Target[]): Xml {
  const sets = resourceSets(chance, 'os', targets, () =>
    maybe(chance, { sequential: [0.4, 'false'], 'require-all': [0.3, 'false'], action: [0.15, 'start'] }),
  );
  return element('rsc_order', { id: 'os', kind: chance.pick(['Mandatory', 'Optional', 'Serialize']) }, sets);
}

function colocationSets(chance: Chance, targets: readonly Target[]): Xml {
  const sets = resourceSets(chance, 'cs', targets, () => maybe(chance, { sequential: [0.4, 'false'] }));
  return element('rsc_colocation', { id: 'cs', score: chance.pick(['INFINITY', '100', '-50']) }, sets);
}

function resourceSets(
  chance: Chance,
  id: string,
  targets: readonly Target[],
  drawAttributes: () => Record<string, string>,
): Xml[] {
  const wholes = new Set<string>();
  const chosen = chance.some(targets, 5).filter(({ whole }) => !wholes.has(whole) && wholes.add(whole));
  const cut = chance.integer(1, Math.max(1, chosen.length - 1));
  return [chosen.slice(0, cut), chosen.slice(cut)]
    .filter((members) => members.length > 0)
    .map((members, index) =>
      element(
        'resource_set',
        { id: `${id}-${index}`, ...drawAttributes() },
        members.map((target) => element('resource_ref', { id: target.id })),
      ),
    );
}

function taggedLocation(chance: Chance): Xml {
  const score = chance.pick(['20', '-20', '-INFINITY']);
  return element('rsc_location', { id: 'tagged', rsc: 'anything', node: 'h1', score });
}

function ticket({ id }: Target): Xml {
  return element('rsc_ticket', { id: 'ticket', rsc: id, ticket: 'site-a', 'loss-policy': 'stop' });
}
