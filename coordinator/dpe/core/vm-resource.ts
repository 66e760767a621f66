/** The two resources that stand for an assembly on a launcher host: its VM, and the connection to its agent. */
import { vmId } from '../../model/deployable.js';
import type { ResourceDescriptor } from '../../state/record.js';

/** Interval under which a VM's failures are recorded; must be that of the CIB's recurring monitor. */
export const vmMonitorIntervalMs = 10_000;

export function vmDescriptor(assembly: string): ResourceDescriptor {
  return { id: vmId(assembly), class: 'ocf', provider: 'cpe', type: 'assembly' };
}

export function connectionDescriptor(assembly: string): ResourceDescriptor {
  return { id: assembly, class: 'ocf', provider: 'pacemaker', type: 'remote', container: vmId(assembly) };
}

/** Who performs an operation on a resource of the CIB. */
export type Performer =
  | { readonly kind: 'launcher'; readonly assembly: string }
  | { readonly kind: 'connection'; readonly assembly: string }
  | { readonly kind: 'agent'; readonly assembly: string };

export function performerOf(resource: { readonly id: string; readonly type: string }): Performer {
  const [assembly = '', name] = resource.id.split('.');
  if (name === undefined) return { kind: 'connection', assembly };
  return resource.type === 'assembly' && name === 'vm' ? { kind: 'launcher', assembly } : { kind: 'agent', assembly };
}
