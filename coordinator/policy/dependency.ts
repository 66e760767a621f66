import type { ColocatedSet, Constraint, Deployable, OrderConstraint, Subject } from '../model/deployable.js';
import { resourceId } from '../model/deployable.js';
import { constrainedId } from './clone-name.js';
import { rawDependencies } from './raw-constraints.js';

/** What is disturbed when a resource restarts. */
export interface Dependency {
  /** CIB id of what restarts. */
  readonly resource: string;
  /** CIB id of what feels it. */
  readonly dependent: string;
  readonly kind: 'order' | 'promotion' | 'serialize' | 'together' | 'apart' | 'group';
  /** Id of the constraint or name of the group. */
  readonly by: string;
}

const known = new WeakMap<Deployable, readonly Dependency[]>();

/**
 * Every dependency that a document declares: mandatory orders and colocations, what must never act at once, groups, and
 * the raw section. Preferences and optional orders are none: what is placed and running stays as it is.
 */
export function dependenciesOf(deployable: Deployable): readonly Dependency[] {
  const dependencies = known.get(deployable) ?? findDependencies(deployable);
  known.set(deployable, dependencies);
  return dependencies;
}

function findDependencies(deployable: Deployable): readonly Dependency[] {
  return [
    ...deployable.constraints.flatMap((constraint) => declared(constraint, deployable)),
    ...deployable.groups.flatMap(({ name, assembly, members }) => {
      const ids = members.map((resource) => resourceId({ assembly, resource }));
      return ids.slice(1).map((dependent, index) => ({
        resource: ids[index] ?? dependent,
        dependent,
        kind: 'group' as const,
        by: name,
      }));
    }),
    ...rawDependencies(deployable.pacemaker.constraints),
  ];
}

function declared(constraint: Constraint, deployable: Deployable): readonly Dependency[] {
  switch (constraint.kind) {
    case 'order':
      return constraint.strength === 'optional' ? [] : ordered(constraint, deployable);
    case 'colocation': {
      const { id: by, resource, with: target, score } = constraint;
      const kind = kindOfScore(score);
      const [dependent, other] = idsOf([resource, target], deployable);
      return kind === undefined || dependent === undefined || other === undefined
        ? []
        : [{ resource: other, dependent, kind, by }];
    }
    case 'colocated-set':
      return colocated(constraint, deployable);
    case 'location':
      return [];
  }
}

/** One that holds for starting alone disturbs nothing that runs. */
function ordered(constraint: OrderConstraint, deployable: Deployable): readonly Dependency[] {
  const { id: by, steps, strength, isSymmetrical } = constraint;
  const isMutual = strength === 'serialize';
  return steps.slice(1).flatMap((then, position) => {
    const first = steps[position];
    if (!isMutual && !isSymmetrical && first?.action === 'start') {
      return [];
    }
    const kind = isMutual ? 'serialize' : first?.action === 'promote' ? 'promotion' : 'order';
    return idsOf(first?.members ?? [], deployable).flatMap((resource) =>
      idsOf(then.members, deployable).flatMap((dependent) => [
        { resource, dependent, kind, by } as const,
        ...(isMutual ? [{ resource: dependent, dependent: resource, kind, by } as const] : []),
      ]),
    );
  });
}

/** The first of them decides where the others are; what is apart concerns each pair. */
function colocated({ id: by, members, score }: ColocatedSet, deployable: Deployable): readonly Dependency[] {
  const kind = kindOfScore(score);
  if (kind === undefined) {
    return [];
  }
  const ids = idsOf(members, deployable);
  return ids.flatMap((dependent, position) =>
    ids.slice(0, position).map((resource) => ({ resource, dependent, kind, by })),
  );
}

function kindOfScore(score: number | 'INFINITY' | '-INFINITY'): 'together' | 'apart' | undefined {
  return score === 'INFINITY' ? 'together' : score === '-INFINITY' ? 'apart' : undefined;
}

function idsOf(subjects: readonly Subject[], deployable: Deployable): readonly string[] {
  return subjects.map((subject) => constrainedId(deployable, subject));
}
