import { type Constraint, type Deployable, type Resource, resourceId, subjectId } from '../model/deployable.js';
import { configureId } from './configure-id.js';
import { type RawDependency, rawDependencies } from './raw-constraints.js';

/** Who repairs a failed resource: its agent, at once, or the transition graph, in order. */
export type Containment = { readonly kind: 'delegated' } | { readonly kind: 'kept'; readonly reason: string };

/**
 * The containment rule: a failure is repaired at the lowest level at which all its effects are contained. A resource is
 * delegated to its agent when its restart disturbs no other (nothing, in any assembly, is ordered after it or colocated
 * with it) and when nothing but a restart is asked for. References do not count: a restart changes no address.
 *
 * @returns one entry for each resource of the deployable, by CIB id; the reason is for people
 */
export function containment(deployable: Deployable): ReadonlyMap<string, Containment> {
  const dependents = firstDependents(deployable);
  return new Map(
    deployable.assemblies.flatMap((assembly) =>
      assembly.resources.map((resource) => {
        const id = resourceId({ assembly: assembly.name, resource: resource.name });
        const reason = reasonOfItsOwn(resource) ?? dependents.get(id);
        return [id, reason === undefined ? { kind: 'delegated' } : { kind: 'kept', reason }] as const;
      }),
    ),
  );
}

/** What is disturbed when something restarts: by constraints of the document and of the raw section, by CIB ids. */
export function dependenciesOf(deployable: Deployable): readonly RawDependency[] {
  return [...ownDependencies(deployable), ...rawDependencies(deployable.pacemaker.constraints)];
}

function reasonOfItsOwn({ onFail, migrationThreshold }: Resource): string | undefined {
  if (onFail !== 'restart') {
    return `on-fail is ${onFail}`;
  }
  return migrationThreshold === undefined ? undefined : `migration-threshold is ${migrationThreshold}`;
}

/** By resource: why its restart would disturb another. The first reason found is enough. */
function firstDependents(deployable: Deployable): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const { resource, dependent, kind } of dependenciesOf(deployable)) {
    if (resource !== dependent && !reasons.has(resource)) {
      reasons.set(resource, `${dependent} is ${kind === 'order' ? 'ordered after' : 'colocated with'} it`);
    }
  }
  return reasons;
}

function ownDependencies({ assemblies, constraints }: Deployable): readonly RawDependency[] {
  const steps = assemblies.flatMap((assembly) =>
    assembly.resources
      .filter(({ configure }) => configure !== undefined)
      .map(({ name }) => resourceId({ assembly: assembly.name, resource: name }))
      .map((id) => ({ resource: configureId(id), dependent: id, kind: 'order' as const })),
  );
  return [...steps, ...constraints.flatMap(declaredDependencies)];
}

function declaredDependencies(constraint: Constraint): readonly RawDependency[] {
  switch (constraint.kind) {
    case 'order': {
      const ids = constraint.steps.flatMap(({ members }) => members.map(subjectId));
      return ids.slice(1).map((dependent, index) => ({ resource: ids[index] ?? dependent, dependent, kind: 'order' }));
    }
    case 'colocation':
      return typeof constraint.score === 'number'
        ? []
        : [{ resource: subjectId(constraint.with), dependent: subjectId(constraint.resource), kind: 'colocation' }];
    case 'colocated-set':
    case 'location':
      return [];
  }
}
