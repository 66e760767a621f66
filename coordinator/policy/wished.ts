/** What the document says and what operators want, in one: an operator's wish goes before. */
import { type Assembly, cloneId, type OnFail, type Resource, resourceId, vmId } from '../model/deployable.js';
import type { CibInput, ResourceWish } from '../state/cib-input.js';
import type { OperationRecord } from '../state/history.js';
import { ownEntry } from '../state/own-entry.js';
import type { ClonedResource } from './clone-name.js';

/** Of a resource in one assembly; for an instance of a clone: what is wanted of this instance alone. */
export function wishedTarget(
  assembly: Assembly,
  resource: Resource,
  { wishes }: Pick<CibInput, 'wishes'>,
): Resource['targetRole'] {
  const wish = ownEntry(wishes, resourceId({ assembly: assembly.name, resource: resource.name }));
  return applied(wish?.target, resource.targetRole);
}

/** An operator's start gives a role back to what the document has stopped, and takes none from what it has promoted. */
export function applied(
  wish: 'started' | 'stopped' | undefined,
  documented: Resource['targetRole'],
): Resource['targetRole'] {
  if (wish === 'started') {
    return documented === 'stopped' ? 'started' : documented;
  }
  return wish ?? documented;
}

export function isResourceManaged(
  assembly: Assembly,
  resource: Resource,
  { wishes }: Pick<CibInput, 'wishes'>,
): boolean {
  const wish = ownEntry(wishes, resourceId({ assembly: assembly.name, resource: resource.name }));
  return wish?.isManaged ?? resource.isManaged;
}

/**
 * Pacemaker manages a clone as a whole, or not at all: one instance that is to be left alone keeps it from all.
 */
export function isCloneManaged(cloned: ClonedResource, { wishes }: Pick<CibInput, 'wishes'>): boolean {
  const documented = cloned.instances.every(({ resource }) => resource.isManaged);
  return (
    (wishOfClone(cloned, { wishes })?.isManaged ?? documented) &&
    cloned.instances.every(
      ({ assembly, resource }) =>
        ownEntry(wishes, resourceId({ assembly: assembly.name, resource: resource.name }))?.isManaged !== false,
    )
  );
}

/** Operators name the clone or its primitive. */
export function wishOfClone({ id }: ClonedResource, { wishes }: Pick<CibInput, 'wishes'>): ResourceWish | undefined {
  return ownEntry(wishes, cloneId(id)) ?? ownEntry(wishes, id);
}

/** Whether the VM is to run at all. What runs inside stops before it does. */
export function isWantedUp({ name, targetRole }: Assembly, { assemblies, wishes }: CibInput): boolean {
  const isDrained = ownEntry(assemblies, name)?.wish === 'drained';
  return !isDrained && applied(ownEntry(wishes, vmId(name))?.target, targetRole) !== 'stopped';
}

export function isVmManaged({ name, isManaged }: Assembly, { assemblies, wishes }: CibInput): boolean {
  const isHeld = ownEntry(assemblies, name)?.isHeld === true;
  return !isHeld && (ownEntry(wishes, vmId(name))?.isManaged ?? isManaged);
}

/**
 * Nothing runs inside; the VM does. By the document, an operator, or a failure that means this (`on-fail: standby`) until
 * it is forgotten.
 *
 * Pacemaker has a node attribute for it, and does not heed it where a guest node is the only place for a resource: it
 * counts on the connection to come up (lib/pacemaker/pcmk_sched_utils.c pcmk__finalize_assignment). So the resources are
 * told to stop.
 */
export function isInStandby(assembly: Assembly, { assemblies, history }: CibInput): boolean {
  return (
    assembly.isStandby ||
    ownEntry(assemblies, assembly.name)?.wish === 'standby' ||
    assembly.resources.some((resource) => hasFailedIntoStandby(assembly.name, resource, history))
  );
}

function hasFailedIntoStandby(assembly: string, resource: Resource, history: CibInput['history']): boolean {
  const id = resourceId({ assembly, resource: resource.name });
  const failure = ownEntry(ownEntry(history, assembly)?.resources, id)?.records[`${id}_last_failure_0`];
  return failure !== undefined && onFailOf(resource, failure) === 'standby';
}

function onFailOf(
  { start, stop, monitor, operations, onFail }: Resource,
  { operation, intervalMs }: OperationRecord,
): OnFail | undefined {
  const extra = operations.find((each) => each.name === operation && each.intervalMs === intervalMs);
  switch (operation) {
    case 'start':
      return start.onFail;
    case 'stop':
      return stop.onFail;
    case 'monitor':
      return extra?.onFail ?? monitor.onFail ?? onFail;
    default:
      return extra?.onFail;
  }
}

/** Whether anything is to run inside. */
export function mayRunInside(assembly: Assembly, input: CibInput): boolean {
  return isWantedUp(assembly, input) && !isInStandby(assembly, input);
}
