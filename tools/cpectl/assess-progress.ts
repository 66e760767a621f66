import type { DeployableStatus } from '../../proto/messages.js';

/** What an order to a deployable is to lead to. */
export interface Goal {
  readonly desired: 'running' | 'stopped';
  /** Revision of the desired state that the order made. */
  readonly desiredRevision: number;
  /** Revision of the definition that has to be in force. */
  readonly revision: number;
}

export type Progress =
  | { readonly kind: 'reached' }
  /** `isFinal`: the scheduler has nothing more to try. */
  | { readonly kind: 'failed'; readonly isFinal: boolean; readonly reason: string }
  /** Accepted, and not carried out before an operator ends what keeps it from being: a hold, maintenance. */
  | { readonly kind: 'deferred'; readonly reason: string }
  /** A later order asks for something else. */
  | { readonly kind: 'overruled'; readonly desired: string }
  /** `missing`: what is not as it is to be, each with its reason. */
  | { readonly kind: 'under-way'; readonly missing: readonly string[] };

/**
 * How far a deployable is on its way to the goal. A status that answers to an older order or definition says nothing
 * about this one, whatever it says.
 */
export function assessProgress(status: DeployableStatus, goal: Goal): Progress {
  const { condition, desired, desiredRevision, revision, settled, reason } = status;
  if (desiredRevision < goal.desiredRevision || revision < goal.revision) {
    const cause = condition === 'unknown' ? reason : 'its DPE has not taken the order over yet';
    return { kind: 'under-way', missing: [cause || 'its DPE does not answer'] };
  }
  if (desired !== goal.desired && desiredRevision > goal.desiredRevision) return { kind: 'overruled', desired };
  if (condition === 'held') return { kind: 'deferred', reason: `${status.name} is ${reason}` };
  if (condition === goal.desired && settled) return { kind: 'reached' };
  if (condition === 'failed') return { kind: 'failed', isFinal: settled, reason };
  const missing = whatIsMissing(status, goal.desired);
  if (missing.length > 0) return { kind: 'under-way', missing };
  return { kind: 'under-way', missing: [reason || 'the last transition has not ended'] };
}

/** `db (starting: waiting for its agent)`, `web.nginx (stopping)`, ... */
function whatIsMissing({ assemblies }: DeployableStatus, desired: Goal['desired']): string[] {
  return assemblies.flatMap((assembly) => {
    const own = assembly.state === desired ? [] : [describe(assembly.name, assembly)];
    // Nothing in an assembly can run before it does, and nothing of it is left once it does not.
    if (assembly.state !== 'running') return own;
    const resources = assembly.resources.filter(({ state }) => !isAs(state, desired));
    return [...resources.map((resource) => describe(`${assembly.name}.${resource.name}`, resource)), ...own];
  });
}

/** What waits for an address was never started. */
function isAs(state: string, desired: Goal['desired']): boolean {
  return state === desired || (desired === 'stopped' && state === 'waiting');
}

function describe(name: string, { state, reason }: { readonly state: string; readonly reason: string }): string {
  return `${name} (${state}${reason === '' ? '' : `: ${reason}`})`;
}
