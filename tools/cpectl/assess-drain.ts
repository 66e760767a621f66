import type { DeployableStatus, HostSummary } from '../../proto/messages.js';

export type DrainProgress =
  | { readonly kind: 'empty' }
  /** Something is under way, or about to be. */
  | { readonly kind: 'leaving' }
  /** Nothing is done for any of the deployables that it belongs to, before an operator ends what keeps it from being. */
  | { readonly kind: 'deferred'; readonly reason: string }
  /** Everything is done that will be: what is left stays. `next`: the commands that stop it. */
  | { readonly kind: 'stays'; readonly reason: string; readonly next: string };

/**
 * How far a launcher host is on its way to being empty.
 *
 * @param statuses of the deployables that have an instance there, by name; those that do not answer are missing
 */
export function assessDrain(
  summary: HostSummary | undefined,
  statuses: ReadonlyMap<string, DeployableStatus>,
): DrainProgress {
  if (summary?.state === 'drained') return { kind: 'empty' };
  const left = summary?.instances ?? [];
  const owners = [...new Set(left.map(({ deployable }) => deployable))].map((name) => statuses.get(name));
  if (summary === undefined || owners.length === 0) return { kind: 'leaving' };
  const known = owners.filter((status) => status !== undefined);
  if (known.length < owners.length) return { kind: 'leaving' };
  const obstacles = known.map(obstacleTo);
  const told = obstacles.filter((obstacle) => obstacle !== undefined);
  if (told.length === obstacles.length) return { kind: 'deferred', reason: told.join('; ') };
  const isDone = known.every((status) => obstacleTo(status) !== undefined || isSettled(status));
  if (!isDone) return { kind: 'leaving' };
  const reasons = left.map(({ deployable, assembly }) => {
    const status = statuses.get(deployable);
    return `${deployable}/${assembly} stays: ${(status && obstacleTo(status)) ?? whyItStays(status, assembly)}`;
  });
  const commands = left.map(({ deployable, assembly }) => `cpectl assembly drain ${deployable} ${assembly}`);
  return { kind: 'stays', reason: reasons.join('; '), next: `stop it with: ${commands.join('; ')}` };
}

function obstacleTo({ name, condition, reason, maintenance }: DeployableStatus): string | undefined {
  if (condition === 'held') return `${name} is ${reason}`;
  return maintenance ? `${name} is in maintenance` : undefined;
}

function isSettled({ settled, condition }: DeployableStatus): boolean {
  return settled && condition !== 'unknown';
}

function whyItStays(status: DeployableStatus | undefined, assembly: string): string {
  const isUnmanaged = status?.assemblies.some(({ name, unmanaged }) => name === assembly && unmanaged) === true;
  if (isUnmanaged) return `it is unmanaged (cpectl resource manage ${status.name} ${assembly}.vm)`;
  return 'no other launcher host can take it (none is in service, or its capacity or a constraint is in the way)';
}
