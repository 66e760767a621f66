import type { Deployable } from '../model/deployable.js';
import { resourceId } from '../model/deployable.js';
import { dependenciesOf } from './dependency.js';

/**
 * The resources of the same assembly that a resource depends on: mandatory orders, the members of its group before it, and
 * what it must run beside. Its agent does not repair it while one of them is down; that is the transition graph's, in
 * order. (Those in other assemblies an agent cannot see.)
 *
 * @param resource by its CIB id, as all that are returned
 */
export function prerequisites(deployable: Deployable, resource: string): readonly string[] {
  const membersOf = new Map(
    deployable.groups.map(({ name, assembly, members }) => [
      name,
      members.map((member) => resourceId({ assembly, resource: member })),
    ]),
  );
  const concerns = (id: string): readonly string[] => membersOf.get(id) ?? [id];
  const isInAssembly = (id: string): boolean => id.split('.')[0] === resource.split('.')[0];
  const needed = dependenciesOf(deployable)
    .filter(({ kind, dependent }) => needing.has(kind) && concerns(dependent).includes(resource))
    .flatMap((dependency) => concerns(dependency.resource))
    .filter((id) => id !== resource && isInAssembly(id));
  return [...new Set(needed)];
}

const needing: ReadonlySet<string> = new Set(['order', 'promotion', 'together', 'group']);
