/**
 * Names of cloned resources. Pacemaker knows one primitive for all instances of a clone (`web.app`) and tells them apart
 * by node; everything else here (history, orders, agents, windows, events) knows each by its replica (`web-2.app`).
 */
import {
  type Assembly,
  cloneId,
  type Deployable,
  type Resource,
  type Subject,
  subjectId,
} from '../model/deployable.js';
import { configureId } from './configure-id.js';

/** A resource that has one instance in each replica of an assembly, as the CIB sees it. */
export interface ClonedResource {
  /** CIB id of the primitive: `<replicated assembly>.<resource>`. */
  readonly id: string;
  readonly name: string;
  /** The replicas that have it, in order of their numbers, each with its own parameters. */
  readonly instances: readonly { readonly assembly: Assembly; readonly resource: Resource }[];
}

/** In document order. */
export function clonedResources(deployable: Deployable): readonly ClonedResource[] {
  const instances = new Map<string, { assembly: Assembly; resource: Resource }[]>();
  for (const assembly of deployable.assemblies) {
    for (const resource of assembly.resources.filter((each) => isCloned(assembly, each))) {
      const id = `${assembly.replica?.of}.${resource.name}`;
      instances.set(id, [...(instances.get(id) ?? []), { assembly, resource }]);
    }
  }
  return [...instances].map(([id, each]) => ({
    id,
    name: each[0]?.resource.name ?? '',
    instances: each.sort((a, b) => (a.assembly.replica?.index ?? 0) - (b.assembly.replica?.index ?? 0)),
  }));
}

export function isCloned(assembly: Assembly, resource: Resource): boolean {
  return assembly.replica !== undefined && resource.clone !== undefined;
}

/**
 * The name of a resource outside of the CIB: `web.app` on node `web-2` is `web-2.app` where app is cloned over the
 * replicas of web, its configure step likewise. Every other name stays as it is. To be applied to each action of a graph
 * that names a resource, before anything else is done with it.
 */
export function instanceResource(deployable: Deployable, resource: string, node: string): string {
  return namesOf(deployable).instances.get(node)?.get(resource) ?? resource;
}

interface Names {
  /** By node: from names in the CIB to names outside. */
  readonly instances: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** From names outside to the clones that they are instances of. */
  readonly clones: ReadonlyMap<string, string>;
}

const known = new WeakMap<Deployable, Names>();

/** A definition has thousands of constraints and actions for each time that it changes. */
function namesOf(deployable: Deployable): Names {
  const names = known.get(deployable) ?? findNames(deployable);
  known.set(deployable, names);
  return names;
}

function findNames({ assemblies }: Deployable): Names {
  const ofAssemblies = assemblies.map((assembly) => ({ node: assembly.name, names: [...cibNames(assembly)] }));
  return {
    instances: new Map(
      ofAssemblies.map(({ node, names }) => [node, new Map(names.map(([outside, inside]) => [inside, outside]))]),
    ),
    clones: new Map(ofAssemblies.flatMap(({ names }) => names.map(([outside, inside]) => [outside, cloneId(inside)]))),
  };
}

/** From the names of the cloned resources in an assembly to those that they have in the CIB. */
export function cibNames(assembly: Assembly): ReadonlyMap<string, string> {
  const of = assembly.replica?.of;
  return new Map(
    assembly.resources
      .filter((resource) => isCloned(assembly, resource))
      .flatMap(({ name, configure }) => {
        const [instance, primitive] = [`${assembly.name}.${name}`, `${of}.${name}`];
        const names = [[instance, primitive] as const];
        return configure === undefined ? names : [...names, [configureId(instance), configureId(primitive)] as const];
      }),
  );
}

/**
 * CIB id of what a constraint is about. Pacemaker orders and places clones as a whole: an instance stands for its clone.
 */
export function constrainedId(deployable: Deployable, subject: Subject): string {
  const id = subjectId(subject);
  return namesOf(deployable).clones.get(id) ?? id;
}
