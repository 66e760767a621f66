import { type Assembly, cloneId, type Deployable, type Resource, resourceId, vmId } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import { ownEntry } from '../state/own-entry.js';
import { type ClonedResource, clonedResources } from './clone-name.js';
import { type Dependency, dependenciesOf } from './dependency.js';
import { isCloneManaged } from './wished.js';

/** Who repairs a failed resource: its agent, at once, or the transition graph, in order. */
export type Containment = { readonly kind: 'delegated' } | { readonly kind: 'kept'; readonly reason: string };

/** What operators want of it, which changes who may repair what. */
export type ContainmentWishes = Pick<CibInput, 'isInMaintenance' | 'wishes'>;

/**
 * The containment rule: a failure is repaired at the lowest level at which all its effects are contained. A resource is
 * delegated to its agent when its restart disturbs no other (nothing, in any assembly, is ordered after it, follows it in
 * a group or is colocated with it) and when nothing but a restart is asked for. References do not count: a restart changes
 * no address.
 *
 * An instance of a clone is delegated where the graph, too, would restart it alone: the clone has no roles, no order
 * among its instances and nobody to notify. An `exclusive` resource may be: its agent restarts it only while its lease
 * holds. So may one with a failure-timeout, which is about what is remembered.
 *
 * @returns one entry for each resource of the deployable, by its name outside of the CIB; the reason is for people
 */
export function containment(
  deployable: Deployable,
  wishes: ContainmentWishes = { isInMaintenance: false, wishes: {} },
): ReadonlyMap<string, Containment> {
  const groups = groupMembers(deployable);
  const dependents = firstDependents(deployable, groups);
  const around: Around = {
    clones: instancesOfClones(deployable),
    groups: new Map([...groups].flatMap(([name, members]) => members.map((id) => [id, name] as const))),
  };
  const isInMaintenance = deployable.isInMaintenance || wishes.isInMaintenance;
  return new Map(
    deployable.assemblies.flatMap((assembly) =>
      assembly.resources.map((resource) => {
        const id = resourceId({ assembly: assembly.name, resource: resource.name });
        const cloned = around.clones.get(id);
        const clone = cloned === undefined ? undefined : cloneId(cloned.id);
        const reason =
          (isInMaintenance ? 'the deployable is in maintenance' : undefined) ??
          reasonNotToActOn(assembly, resource, around, wishes) ??
          reasonOfItsOwn(resource) ??
          reasonOfItsClone(resource, clone) ??
          dependents.get(clone ?? id);
        return [id, reason === undefined ? { kind: 'delegated' } : { kind: 'kept', reason }] as const;
      }),
    ),
  );
}

/** What a resource belongs to, by its name outside of the CIB. */
interface Around {
  readonly clones: ReadonlyMap<string, ClonedResource>;
  readonly groups: ReadonlyMap<string, string>;
}

function instancesOfClones(deployable: Deployable): ReadonlyMap<string, ClonedResource> {
  return new Map(
    clonedResources(deployable).flatMap((cloned) =>
      cloned.instances.map(({ assembly }) => [resourceId({ assembly: assembly.name, resource: cloned.name }), cloned]),
    ),
  );
}

function reasonNotToActOn(
  assembly: Assembly,
  resource: Resource,
  { clones, groups }: Around,
  { wishes }: ContainmentWishes,
): string | undefined {
  const id = resourceId({ assembly: assembly.name, resource: resource.name });
  const cloned = clones.get(id);
  const ofGroup = ownEntry(wishes, groups.get(id) ?? '')?.isManaged;
  const isManaged =
    cloned === undefined
      ? (ownEntry(wishes, id)?.isManaged ?? (resource.isManaged && ofGroup !== false))
      : isCloneManaged(cloned, { wishes });
  if (!isManaged) {
    return 'it is not managed';
  }
  if (resource.isInMaintenance) {
    return 'it is in maintenance';
  }
  // Pacemaker leaves all alone that runs in a guest whose VM it does not manage (lib/pengine/unpack.c).
  const isVmManaged = ownEntry(wishes, vmId(assembly.name))?.isManaged ?? assembly.isManaged;
  return isVmManaged ? undefined : `the VM of ${assembly.name} is not managed`;
}

function reasonOfItsOwn({
  onFail,
  start,
  stop,
  monitor,
  operations,
  migrationThreshold,
}: Resource): string | undefined {
  const others = [
    { name: 'start', onFail: start.onFail },
    { name: 'stop', onFail: stop.onFail },
    { name: 'monitor', onFail: monitor.onFail ?? onFail },
    ...operations,
  ];
  const unusual = others.find((each) => each.onFail !== undefined && each.onFail !== 'restart');
  if (unusual !== undefined) {
    return `on-fail of its ${unusual.name} is ${unusual.onFail}`;
  }
  return migrationThreshold === undefined ? undefined : `its migration-threshold is ${migrationThreshold}`;
}

function reasonOfItsClone({ clone: options }: Resource, clone: string | undefined): string | undefined {
  if (options === undefined || clone === undefined) {
    return undefined;
  }
  if (options.promotable !== undefined) {
    return `${clone} is promotable, and which instance is promoted is decided for all of them together`;
  }
  if (options.ordered) {
    return `${clone} starts and stops its instances one after the other`;
  }
  return options.notify ? `the other instances of ${clone} are notified when it stops and starts` : undefined;
}

function groupMembers({ groups }: Deployable): ReadonlyMap<string, readonly string[]> {
  return new Map(
    groups.map(({ name, assembly, members }) => [name, members.map((resource) => resourceId({ assembly, resource }))]),
  );
}

/** By CIB id: why its restart would disturb another. The first reason found is enough. */
function firstDependents(
  deployable: Deployable,
  groups: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const dependency of dependenciesOf(deployable)) {
    // What depends on a group depends on each of its members.
    for (const resource of groups.get(dependency.resource) ?? [dependency.resource]) {
      if (resource !== dependency.dependent && !reasons.has(resource)) {
        reasons.set(resource, sentence(dependency));
      }
    }
  }
  return reasons;
}

function sentence({ dependent, kind, by }: Dependency): string {
  switch (kind) {
    case 'order':
      return `${dependent} is ordered after it (constraint ${by})`;
    case 'promotion':
      return `${dependent} is ordered after its promotion (constraint ${by})`;
    case 'serialize':
      return `${dependent} must not act at the same time (constraint ${by})`;
    case 'together':
      return `${dependent} must run where it runs (constraint ${by})`;
    case 'apart':
      return `${dependent} must not run where it runs (constraint ${by})`;
    case 'group':
      return `${dependent} follows it in group ${by}`;
  }
}
