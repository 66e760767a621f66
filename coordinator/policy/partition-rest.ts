import type { Assembly, Constraint, Score, Subject } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import type { OperationRecord } from '../state/history.js';
import { connectionResource, vmResource } from '../state/instance-record.js';
import { ownEntry } from '../state/own-entry.js';
import { executionStatus } from '../state/record.js';

/**
 * Whether the scheduler leaves every VM where it is, or where it is not. With one launcher host there is no other place
 * to be, whatever state a VM is in.
 *
 * Where there are more, a VM stays for certain if nothing has failed, nothing is under way, its stickiness keeps it, and
 * every constraint between VMs is satisfied as it is. A draw between two hosts would be decided by how many resources
 * each has (lib/pacemaker/pcmk_sched_nodes.c compare_nodes), those of other parts included.
 *
 * @param input with all hosts that there are (knownHosts), all of them online
 */
export function areVmsAtRest(input: CibInput): boolean {
  if (input.hosts.length === 1) return true;
  const { assemblies, constraints } = input.deployable;
  return assemblies.every((assembly) => isAtRest(assembly, input)) && constraints.every((each) => isKept(each, input));
}

function isAtRest(assembly: Assembly, input: CibInput): boolean {
  const { name, stickiness, targetRole } = assembly;
  const known = ownEntry(input.assemblies, name);
  if (known === undefined || hasFailCount(name, input)) return false;
  const records = input.hosts.map(({ name: host }) => ({ host, records: recordsOf(name, host, input) }));
  if (!records.every((each) => each.records.every(isGood))) return false;
  const running = records.filter((each) => each.records.some(isStarted)).map(({ host }) => host);
  if (targetRole === 'stopped' || !known.mayStart) return running.length === 0;
  const { hosts } = input.deployable;
  const [host] = running;
  const isAllowed = host !== undefined && (hosts.length === 0 || hosts.includes(host));
  return running.length === 1 && known.host === host && isAllowed && known.isConnected && (stickiness ?? 1) > 0;
}

/** Of the VM and of its connection. */
function recordsOf(assembly: string, host: string, { history }: CibInput): readonly OperationRecord[] {
  const resources = ownEntry(history, host)?.resources;
  return [vmResource(assembly), connectionResource(assembly)].flatMap(({ id }) =>
    Object.values(ownEntry(resources, id)?.records ?? {}),
  );
}

/** Neither a failure, nor under way, nor a surprise. */
function isGood({ id, status, rc, expectedRc }: OperationRecord): boolean {
  return status === executionStatus.done && rc === expectedRc && !id.endsWith('_last_failure_0');
}

function isStarted({ id, operation }: OperationRecord): boolean {
  return id.endsWith('_last_0') && operation === 'start';
}

function hasFailCount(assembly: string, { hosts, history }: CibInput): boolean {
  return hosts.some(({ name }) =>
    Object.keys(ownEntry(history, name)?.attributes ?? {}).some((attribute) =>
      [vmResource(assembly), connectionResource(assembly)].some(({ id }) => attribute.startsWith(`fail-count-${id}#`)),
    ),
  );
}

/** Whether a constraint between VMs, or a preference of one, only confirms where they are. */
function isKept(constraint: Constraint, input: CibInput): boolean {
  switch (constraint.kind) {
    case 'order':
      return true;
    case 'colocation':
      return areKept([constraint.resource, constraint.with], constraint, input);
    case 'colocated-set':
      return areKept(constraint.members, constraint, input);
    case 'location': {
      const { subject, preference } = constraint;
      if (subject.kind !== 'assembly' || preference.kind !== 'node') return false;
      const isThere = ownEntry(input.assemblies, subject.assembly)?.host === preference.node;
      return isThere === isWanted(preference.score);
    }
  }
}

function areKept(
  subjects: readonly Subject[],
  { score, nodeAttribute }: { readonly score: Score; readonly nodeAttribute: string | undefined },
  { assemblies }: CibInput,
): boolean {
  const vms = subjects.flatMap((subject) => (subject.kind === 'assembly' ? [subject.assembly] : []));
  if (vms.length === 0) return true;
  const places = new Set(vms.map((name) => ownEntry(assemblies, name)?.host));
  if (vms.length < subjects.length || nodeAttribute !== undefined || places.has(undefined)) return false;
  return isWanted(score) ? places.size === 1 : places.size === vms.length;
}

function isWanted(score: Score): boolean {
  return typeof score === 'number' ? score >= 0 : score === 'INFINITY';
}
