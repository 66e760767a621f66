/** What the document says and what operators want, in one: an operator's wish goes before. */
import { type Assembly, type Resource, resourceId, vmId } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import { ownEntry } from '../state/own-entry.js';

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

/** Whether the VM is to run at all. What runs inside stops before it does. */
export function isWantedUp({ name, targetRole }: Assembly, { assemblies, wishes }: CibInput): boolean {
  const isDrained = ownEntry(assemblies, name)?.wish === 'drained';
  return !isDrained && applied(ownEntry(wishes, vmId(name))?.target, targetRole) !== 'stopped';
}

export function isVmManaged({ name, isManaged }: Assembly, { assemblies, wishes }: CibInput): boolean {
  const isHeld = ownEntry(assemblies, name)?.isHeld === true;
  return !isHeld && (ownEntry(wishes, vmId(name))?.isManaged ?? isManaged);
}

/** Nothing runs inside; the VM does. */
export function isInStandby({ name, isStandby }: Assembly, { assemblies }: CibInput): boolean {
  return isStandby || ownEntry(assemblies, name)?.wish === 'standby';
}
