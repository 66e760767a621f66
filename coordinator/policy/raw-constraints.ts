import { SaxesParser } from 'saxes';
import type { Dependency } from './dependency.js';

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
export function rawDependencies(pacemaker: string): readonly Dependency[] {
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

function orderDependencies({ attributes, children }: Element): readonly Dependency[] {
  const { first, then, kind: declared, id: by = '' } = attributes;
  // Serialize forbids only that two act at once, but a local recovery could not know of the other one.
  const kind =
    declared === 'Serialize' ? 'serialize' : attributes['first-action'] === 'promote' ? 'promotion' : 'order';
  if (first !== undefined && then !== undefined) {
    return dependencies([first], [then], kind, by);
  }
  const sets = children.filter(({ name }) => name === 'resource_set');
  return sets.flatMap((set, index) => {
    const members = membersOf(set);
    const later = sets.slice(index + 1).flatMap(membersOf);
    const inside = set.attributes.sequential === 'false' ? [] : pairs(members);
    return [
      ...dependencies(members, later, kind, by),
      ...inside.flatMap(([before, after]) => dependencies([before], [after], kind, by)),
    ];
  });
}

function colocationDependencies({ attributes, children }: Element): readonly Dependency[] {
  const { rsc, 'with-rsc': target, score = '', id: by = '' } = attributes;
  const kind = score.startsWith('-') ? 'apart' : 'together';
  if (rsc !== undefined && target !== undefined) {
    return dependencies([target], [rsc], kind, by);
  }
  // Which member of a set depends on which is a matter of three attributes and the version.
  const members = children.filter(({ name }) => name === 'resource_set').flatMap(membersOf);
  return pairs(members).flatMap(([one, other]) => [
    ...dependencies([one], [other], kind, by),
    ...dependencies([other], [one], kind, by),
  ]);
}

function dependencies(
  resources: readonly string[],
  dependents: readonly string[],
  kind: Dependency['kind'],
  by: string,
): readonly Dependency[] {
  return resources.flatMap((resource) =>
    dependents.flatMap((dependent) => [
      { resource, dependent, kind, by },
      ...(kind === 'serialize' ? [{ resource: dependent, dependent: resource, kind, by }] : []),
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
