/**
 * Leases of `exclusive` resources: their agent stops them when it has lost touch for too long. Nothing is taken over on
 * the strength of a lease that must have ended: that needs proof of death, exclusive or not.
 */
import type { Classified } from '../../policy/classify-failure.js';
import { delegate } from './delegation.js';
import type { DpeOptions } from './dpe-state.js';
import { assemblyModel, assemblyState, setVolatile, type Work } from './work.js';

const leastLeaseMs = 15_000;

/** How long an agent may let exclusive resources run without a word of its decider. */
export function exclusiveLeaseMs({ heartbeatIntervalMs }: DpeOptions): number {
  return Math.max(leastLeaseMs, 3 * heartbeatIntervalMs);
}

/** As the agent says it (agent/core/lease.ts). */
const leaseRanOut = 'lease ran out';

export function isLeaseEnd(reason: string): boolean {
  return reason.startsWith(leaseRanOut);
}

/** The agent was out of touch, and the resource is not to blame: it counts nowhere. */
export function leaseEnded(reason: string): Classified {
  return { verdict: 'bus', evidence: [`its agent had no word of its decider for as long as its lease: ${reason}`] };
}

/** Renews every lease of which a third has passed. Instances that have to go get none any more. */
export function renewLeases(work: Work): void {
  for (const assembly of Object.keys(work.durable.assemblies)) renewLease(work, assembly, false);
}

/** At once, for an agent that has just been adopted: its resources may be started from now on. */
export function grantLease(work: Work, assembly: string): void {
  renewLease(work, assembly, true);
}

function renewLease(work: Work, assembly: string, isDue: boolean): void {
  if (assemblyModel(work, assembly)?.resources.some(({ isExclusive }) => isExclusive) !== true) return;
  const { instance } = assemblyState(work, assembly);
  if (instance.kind !== 'running') return;
  const { agents, options } = work.volatile;
  const agent = agents[instance.id];
  if (agent?.isAdopted !== true) return;
  const leaseMs = exclusiveLeaseMs(options);
  if (!isDue && agent.leaseRenewedAt !== undefined && work.now - agent.leaseRenewedAt < leaseMs / 3) return;
  setVolatile(work, { agents: { ...agents, [instance.id]: { ...agent, leaseRenewedAt: work.now } } });
  // What the lease is about goes with it: the agent has to know even when it missed an earlier word of it.
  if (!isDue) delegate(work, assembly);
  work.effects.push({ kind: 'renew-lease', instance: instance.id, leaseMs });
}
