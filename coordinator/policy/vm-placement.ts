/** On which launcher hosts a VM may run, and what draws it from one to another. */
import { vmId } from '../model/deployable.js';
import type { CibInput, HostInput } from '../state/cib-input.js';
import type { History } from '../state/history.js';
import { connectionResource, vmResource } from '../state/instance-record.js';
import { ownEntry } from '../state/own-entry.js';
import { mayRunIn } from './leftovers.js';

/** Keeps healthy VMs where they are: without it one failed monitor moves others. */
export const stickiness = 100;

/**
 * What draws a VM from a host that is being emptied to the others: more than the stickiness of its connection, which is
 * the default, and less than that of any VM that is at home there, so that none has to make room.
 */
const drainPull = stickiness + 1;

export type PlacementScore = number | '-INFINITY';

/** Whether a VM runs on a host that is being emptied: nothing of its own keeps it there. */
export function isDrawnAway(assembly: string, input: CibInput): boolean {
  return usableHosts(input).some((host) => isEmptied(host, input) && runsOn(assembly, host, input));
}

/**
 * Scores by launcher host; hosts without one are neither used nor asked.
 *
 * - A silent host takes no new instance. It is not asked for VMs that it never had (it would not answer), what runs there
 *   stays, and what failed there starts on another host.
 * - A host that has refused the VM for lack of room is left out until it may have some.
 * - A host that is being emptied takes no new instance either, as long as another host can. What runs there is drawn to
 *   the others rather than banned: where none of them can take it (capacity, a document's constraint), it stays.
 *
 * @param own stickiness of this VM
 */
export function vmPlacement(assembly: string, own: number, input: CibInput): ReadonlyMap<string, PlacementScore> {
  const hosts = usableHosts(input);
  const isDrawn = isDrawnAway(assembly, input);
  const scores = hosts.map((host) => {
    if (ownEntry(input.assemblies, assembly)?.fullHosts?.includes(host.name) === true) {
      return [host.name, '-INFINITY' as const] as const;
    }
    if (host.isBarred) {
      return [host.name, scoreOfSilent(assembly, own, host, input)] as const;
    }
    if (isEmptied(host, input)) {
      return [host.name, runsOn(assembly, host, input) ? 0 : ('-INFINITY' as const)] as const;
    }
    return [host.name, isDrawn && isSpare(host) ? drainPull : 0] as const;
  });
  return new Map(scores.flatMap(([name, score]) => (score === undefined ? [] : [[name, score] as const])));
}

export function usableHosts({ deployable, hosts }: CibInput): readonly HostInput[] {
  return deployable.hosts.length === 0 ? hosts : hosts.filter(({ name }) => deployable.hosts.includes(name));
}

/** Whether a host is left as an operator wants: only while there is another one to go to. */
export function isEmptied(host: HostInput, input: CibInput): boolean {
  return host.isDrained && usableHosts(input).some((other) => other.name !== host.name && isSpare(other));
}

function runsOn(assembly: string, host: HostInput, { history }: CibInput): boolean {
  return mayRunIn(history, host.name, vmId(assembly));
}

function isSpare({ state, isBarred, isDrained }: HostInput): boolean {
  return state === 'online' && !isBarred && !isDrained;
}

/** Less attractive than nothing by half the stickiness: what runs there stays, nothing new comes. */
function scoreOfSilent(
  assembly: string,
  own: number,
  { name }: HostInput,
  { history }: CibInput,
): PlacementScore | undefined {
  const id = vmId(assembly);
  if (ownEntry(ownEntry(history, name)?.resources, id) === undefined) {
    return undefined;
  }
  return hasUnmendedFailure(assembly, name, history) || !mayRunIn(history, name, id)
    ? '-INFINITY'
    : -Math.floor(own / 2);
}

/** Whether the VM or its connection has a failure on a host that no operation has mended since. */
export function hasUnmendedFailure(assembly: string, host: string, history: History): boolean {
  return [vmResource(assembly), connectionResource(assembly)].some(({ id }) => {
    const records = ownEntry(ownEntry(history, host)?.resources, id)?.records ?? {};
    const failure = records[`${id}_last_failure_0`];
    return failure !== undefined && failure.callId > (records[`${id}_last_0`]?.callId ?? 0);
  });
}
