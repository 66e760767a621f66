import type { AssemblyStatus, Draft, HostSummary } from '../../proto/messages.js';

/** An assembly that nobody can stop now, and why. */
export interface OutOfReach {
  readonly assembly: string;
  readonly host: string;
  /** State and reason of its launcher host, as `cpectl host list` has them. */
  readonly why: string;
}

/**
 * What is left of a deployable that stops, when none of it can be stopped before its launcher host is heard again; empty
 * while there is something to wait for: an instance on a host that is heard, or on one that nothing is known of.
 */
export function assessReach(
  assemblies: readonly Pick<AssemblyStatus, 'name' | 'state' | 'launcherHost'>[],
  hosts: readonly Pick<Draft<HostSummary>, 'name' | 'state' | 'reason'>[],
): readonly OutOfReach[] {
  const left = assemblies.filter(({ state }) => state !== 'stopped');
  const found: OutOfReach[] = [];
  for (const { name, launcherHost } of left) {
    const host = hosts.find((each) => each.name === launcherHost);
    if (host === undefined || !silentStates.has(host.state ?? '')) return [];
    found.push({ assembly: name, host: launcherHost, why: `${host.state}: ${host.reason}` });
  }
  return found;
}

/** Of one that is `dead` or being fenced there is news to come. */
const silentStates = new Set(['silent', 'unclean']);
