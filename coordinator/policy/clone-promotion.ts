/**
 * Which replica of a promotable clone is promoted. Resource agents made for clusters set promotion scores by themselves
 * (crm_attribute); here agents know no cluster, and the policy sets them, as locations for the promoted role.
 */
import { type Assembly, type Resource, resourceId, vmId } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import type { History, NodeHistory } from '../state/history.js';
import { ownEntry } from '../state/own-entry.js';
import { executionStatus, exitCode, newestRecord } from '../state/record.js';
import type { ClonedResource } from './clone-name.js';
import { mayRunIn } from './leftovers.js';
import { hasUnmendedFailure, stickiness } from './vm-placement.js';

/**
 * Scores for the promoted role by replica, all above 0: in the order of preference, then of the replicas' numbers. Before
 * that counts whether a replica is there at all, and whether it, its resource or its VM, has failed lately: the role does
 * not wait for a boot while another can take it. Who is promoted stays so until it fails: a better one that comes back is
 * no reason to take the role away.
 */
export function promotionScores({ instances }: ClonedResource, input: CibInput): ReadonlyMap<string, number> {
  const promotable = instances[0]?.resource.clone?.promotable;
  if (promotable === undefined) {
    return new Map();
  }
  const names = instances.map(({ assembly }) => assembly.name);
  const ranking = [...new Set([...promotable.prefer.filter((name) => names.includes(name)), ...names])];
  return new Map(
    instances.map(({ assembly, resource }) => {
      const id = resourceId({ assembly: assembly.name, resource: resource.name });
      const byRank = ranking.length - ranking.indexOf(assembly.name);
      const merits = [isThere(assembly, input), !hasFailedLately(assembly, resource, id, input)].filter(Boolean).length;
      const mayStay = isPromoted(input.history, assembly.name, id) && isThere(assembly, input);
      const bonus = mayStay ? stickiness + 3 * ranking.length : 0;
      return [assembly.name, byRank + merits * ranking.length + bonus] as const;
    }),
  );
}

/**
 * Whether a replica is to be left out until it is back. A promotion waits for every start of its clone (lib/pacemaker/
 * pcmk_sched_promotable.c): with the start of an instance whose VM has yet to boot in the same graph, the role would be
 * nobody's for as long as that takes. While nobody runs, there is nobody to go on without it.
 */
export function isLeftBehind({ instances }: ClonedResource, assembly: Assembly, input: CibInput): boolean {
  const isPromotable = instances[0]?.resource.clone?.promotable !== undefined;
  const isHeld = ownEntry(input.assemblies, assembly.name)?.isHeld === true;
  if (!isPromotable || isHeld || isThere(assembly, input)) {
    return false;
  }
  return instances.some(
    ({ assembly: other, resource }) =>
      isThere(other, input) &&
      mayRunIn(input.history, other.name, resourceId({ assembly: other.name, resource: resource.name })),
  );
}

/** Its agent is connected, and nothing is known of its VM or its host that the next graph will end it for. */
function isThere({ name }: Assembly, { assemblies, hosts, history }: CibInput): boolean {
  return (
    ownEntry(assemblies, name)?.isConnected === true &&
    !hosts.some((host) => hasUnmendedFailure(name, host.name, history)) &&
    hosts.find((host) => host.name === ownEntry(assemblies, name)?.host)?.state !== 'unclean'
  );
}

function hasFailedLately(assembly: Assembly, resource: Resource, id: string, input: CibInput): boolean {
  const { history, hosts, nowUnixMs } = input;
  const resourceSince = nowUnixMs - resource.escalation.periodMs;
  const vmSince = nowUnixMs - assembly.escalation.periodMs;
  return (
    hasFailedSince(resourceSince, ownEntry(history, assembly.name), id) ||
    hosts.some(({ name }) =>
      [vmId(assembly.name), assembly.name].some((vm) => hasFailedSince(vmSince, ownEntry(history, name), vm)),
    )
  );
}

/** Whether an instance is promoted, or about to be, by what is recorded of it; a failure since ends it. */
export function isPromoted(history: History, node: string, id: string): boolean {
  const records = ownEntry(ownEntry(history, node)?.resources, id)?.records ?? {};
  const last = ownEntry(records, `${id}_last_0`);
  if (last?.operation === 'promote' && last.status === executionStatus.pending) {
    return true;
  }
  const newest = newestRecord(id, records);
  const isRoleFound = newest?.operation === 'monitor' && newest.rc === exitCode.promoted;
  const isRoleGiven = newest?.operation === 'promote' && newest.rc === exitCode.ok;
  return newest?.status === executionStatus.done && (isRoleFound || isRoleGiven);
}

function hasFailedSince(since: number, node: NodeHistory | undefined, id: string): boolean {
  return Object.entries(node?.attributes ?? {}).some(
    ([name, seconds]) => name.startsWith(`last-failure-${id}#`) && Number(seconds) * 1000 > since,
  );
}
