import { SaxesParser } from 'saxes';

/** A dependency that the document's own words cannot express: when `resource` restarts, `dependent` is disturbed. */
export interface RawDependency {
  readonly resource: string;
  readonly dependent: string;
  readonly kind: 'order' | 'colocation';
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
}

/**
 * Dependencies in raw constraint XML (`rsc_order`, `rsc_colocation`; with resource sets too). Where the effect of a
 * constraint depends on its finer attributes, it counts as a dependency.
 *
 * @param pacemaker constraint elements, already checked to be well-formed; what cannot be parsed has no dependencies
 */
export function rawDependencies(pacemaker: string): readonly RawDependency[] {
  return parseElements(pacemaker).flatMap((constraint) => {
    switch (constraint.name) {
      case 'rsc_order':
        return isMandatoryOrder(constraint) ? orderDependencies(constraint) : [];
      case 'rsc_colocation':
        return isMandatoryColocation(constraint) ? colocationDependencies(constraint) : [];
      default:
        return [];
    }
  });
}

/** `kind` decides, else the older `score`, else it is mandatory (lib/pacemaker/pcmk_sched_ordering.c get_ordering_type). */
function isMandatoryOrder({ attributes: { kind, score } }: Element): boolean {
  return kind === undefined ? score === undefined || score !== '0' : kind !== 'Optional';
}

/** Preferences of a finite score move nothing that is already placed. */
function isMandatoryColocation({ attributes: { score } }: Element): boolean {
  return score === undefined || /^[+-]?INFINITY$/i.test(score);
}

function orderDependencies({ attributes: { first, then, kind }, children }: Element): readonly RawDependency[] {
  // Serialize forbids only that two act at once, but a local recovery could not know of the other one.
  const isMutual = kind === 'Serialize';
  if (first !== undefined && then !== undefined) {
    return dependencies([first], [then], 'order', isMutual);
  }
  const sets = children.filter(({ name }) => name === 'resource_set');
  return sets.flatMap((set, index) => {
    const members = membersOf(set);
    const later = sets.slice(index + 1).flatMap(membersOf);
    const inside = set.attributes.sequential === 'false' ? [] : pairs(members);
    return [
      ...dependencies(members, later, 'order', isMutual),
      ...inside.flatMap(([before, after]) => dependencies([before], [after], 'order', isMutual)),
    ];
  });
}

function colocationDependencies({ attributes, children }: Element): readonly RawDependency[] {
  const { rsc, 'with-rsc': target } = attributes;
  if (rsc !== undefined && target !== undefined) {
    return dependencies([target], [rsc], 'colocation', false);
  }
  // Which member of a set depends on which is a matter of three attributes and the version.
  const members = children.filter(({ name }) => name === 'resource_set').flatMap(membersOf);
  return pairs(members).flatMap(([one, other]) => dependencies([one], [other], 'colocation', true));
}

function dependencies(
  resources: readonly string[],
  dependents: readonly string[],
  kind: RawDependency['kind'],
  isMutual: boolean,
): readonly RawDependency[] {
  return resources.flatMap((resource) =>
    dependents.flatMap((dependent) => [
      { resource, dependent, kind },
      ...(isMutual ? [{ resource: dependent, dependent: resource, kind }] : []),
    ]),
  );
}

function membersOf(set: Element): readonly string[] {
  return set.children.flatMap(({ name, attributes: { id } }) =>
    name === 'resource_ref' && id !== undefined ? [id] : [],
  );
}

function pairs(names: readonly string[]): readonly (readonly [string, string])[] {
  return names.flatMap((before, index) => names.slice(index + 1).map((after) => [before, after] as const));
}

function parseElements(text: string): readonly Element[] {
  const root: Element = { name: '', attributes: {}, children: [] };
  const open = [root];
  const parser = new SaxesParser({ fragment: true, xmlns: false });
  parser.on('error', () => {});
  parser.on('opentag', ({ name, attributes }) => {
    const child: Element = { name, attributes, children: [] };
    open.at(-1)?.children.push(child);
    open.push(child);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  return root.children;
}
