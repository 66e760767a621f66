import type { Constraint, Deployable, Subject } from '../model/deployable.js';

/** Which assemblies belong together, whatever happens. */
export interface Links {
  readonly count: number;
  /** Number of the part of an assembly, from 0 in the order of their first assemblies; undefined for an unknown name. */
  readonly partOf: (assembly: string) => number | undefined;
  /** Number of the part that a constraint is about, undefined for the raw ones that are about none. */
  readonly partOfConstraint: (constraint: Constraint) => number | undefined;
  /** Number of the part that the raw constraints are about; undefined where there are none. */
  readonly partOfRaw: number | undefined;
}

const known = new WeakMap<Deployable, { readonly links: Links | undefined }>();

/**
 * Assemblies that share a constraint, a clone or raw constraints are linked. Undefined where one cannot tell which
 * assemblies something is about: a location that is more than a preference of a VM for a launcher host may match any.
 */
export function linksOf(deployable: Deployable): Links | undefined {
  const found = known.get(deployable) ?? { links: findLinks(deployable) };
  known.set(deployable, found);
  return found.links;
}

function findLinks(deployable: Deployable): Links | undefined {
  const { assemblies, constraints, pacemaker } = deployable;
  if (pacemaker.tags !== '') return undefined;
  const sets = disjointSets(assemblies.map(({ name }) => name));
  const findAssemblies = assembliesBySubject(deployable);
  for (const { replica, resources } of assemblies) {
    const isCloned = resources.some(({ clone }) => clone !== undefined);
    if (replica !== undefined && isCloned) sets.join(replicasOf(deployable, replica.of));
  }
  for (const constraint of constraints) {
    const about = subjectsOf(constraint)?.flatMap(findAssemblies);
    if (about === undefined || !sets.join(about)) return undefined;
  }
  const inRaw = namedInRaw(deployable);
  if (inRaw === undefined || !(pacemaker.constraints.trim() === '' || sets.join(inRaw))) return undefined;

  const numbers = new Map<string, number>();
  for (const { name } of assemblies) {
    const root = sets.rootOf(name) ?? name;
    if (!numbers.has(root)) numbers.set(root, numbers.size);
  }
  const partOf = (assembly: string) => numbers.get(sets.rootOf(assembly) ?? '');
  const [anyInRaw] = inRaw;
  return {
    count: numbers.size,
    partOf,
    partOfConstraint: (constraint) => partOf(subjectsOf(constraint)?.flatMap(findAssemblies)[0] ?? ''),
    partOfRaw: anyInRaw === undefined ? undefined : partOf(anyInRaw),
  };
}

function subjectsOf(constraint: Constraint): readonly Subject[] | undefined {
  switch (constraint.kind) {
    case 'order':
      return constraint.steps.flatMap(({ members }) => members);
    case 'colocation':
      return [constraint.resource, constraint.with];
    case 'colocated-set':
      return constraint.members;
    case 'location':
      return constraint.subject.kind === 'assembly' && constraint.preference.kind === 'node'
        ? [constraint.subject]
        : undefined;
  }
}

function assembliesBySubject(deployable: Deployable): (subject: Subject) => readonly string[] {
  const assemblyOfGroup = new Map(deployable.groups.map(({ name, assembly }) => [name, assembly]));
  return (subject) => {
    switch (subject.kind) {
      case 'resource':
      case 'assembly':
        return [subject.assembly];
      case 'group':
        return [assemblyOfGroup.get(subject.group) ?? ''];
      case 'clone':
        return replicasOf(deployable, subject.assembly);
    }
  };
}

function replicasOf({ assemblies }: Deployable, of: string): readonly string[] {
  return assemblies.filter(({ replica }) => replica?.of === of).map(({ name }) => name);
}

/** Assemblies of what raw orders and colocations name; undefined where there is more to them than names. */
function namedInRaw({ assemblies, groups, pacemaker }: Deployable): readonly string[] | undefined {
  const raw = pacemaker.constraints;
  if (/<(?!\/?(?:rsc_order|rsc_colocation|resource_set|resource_ref)\b)/.test(raw)) return undefined;
  const names = new Set(assemblies.map(({ name }) => name));
  const assemblyOfGroup = new Map(groups.map(({ name, assembly }) => [name, assembly]));
  const mentioned = raw.matchAll(/(?:<resource_ref\s[^>]*?\bid|\s(?:rsc|with-rsc|first|then))\s*=\s*["']([^"']*)["']/g);
  const about = [...mentioned].map(([, id = '']) => {
    const assembly = id.split('.')[0] ?? '';
    return names.has(assembly) ? assembly : assemblyOfGroup.get(id);
  });
  return about.every((name) => name !== undefined) ? about : undefined;
}

interface DisjointSets {
  rootOf(name: string): string | undefined;
  /** False, and nothing joined, where there are no names or one of them is unknown. */
  join(names: readonly string[]): boolean;
}

function disjointSets(names: readonly string[]): DisjointSets {
  const parents = new Map(names.map((name) => [name, name]));

  function rootOf(name: string): string | undefined {
    const parent = parents.get(name);
    if (parent === undefined || parent === name) return parent;
    const root = rootOf(parent);
    if (root !== undefined) parents.set(name, root);
    return root;
  }

  function join(joined: readonly string[]): boolean {
    const roots = joined.map(rootOf);
    const [first] = roots;
    if (first === undefined || roots.includes(undefined)) return false;
    for (const root of roots) if (root !== undefined) parents.set(root, first);
    return true;
  }

  return { rootOf, join };
}
