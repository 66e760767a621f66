import type { DeployableStatus } from '../../proto/messages.js';
import type { Progress } from './assess-progress.js';

/** What an operator's verb is to lead to, as far as it can be seen in the deployable's status. */
export type VerbGoal =
  /** Whatever it changed has been carried out. */
  | { readonly kind: 'settled' }
  /** And the resource (CIB id) or assembly is as it was ordered. */
  | { readonly kind: 'resource' | 'assembly'; readonly name: string; readonly state: 'running' | 'stopped' };

/** States that end by themselves. */
const passing: ReadonlySet<string> = new Set(['starting', 'stopping', 'recovering', 'back-off', 'fencing', 'suspect']);

/**
 * How far a verb is. It was committed before it was answered, so a status that is settled is one after it. What is to
 * run does so only in a deployable that is to run.
 */
export function assessVerb(status: DeployableStatus, goal: VerbGoal): Progress {
  const { condition, settled, reason, actionsDone, actionsTotal } = status;
  if (condition === 'unknown') return { kind: 'under-way', missing: [reason || 'its DPE does not answer'] };
  if (condition === 'held') return { kind: 'deferred', reason: `${status.name} is ${reason}` };
  if (!settled) {
    const transition = actionsTotal > 0 ? `${actionsDone} of ${actionsTotal} actions are done` : '';
    return { kind: 'under-way', missing: [reason || transition || 'the last transition has not ended'] };
  }
  if (goal.kind === 'settled') return { kind: 'reached' };
  if (goal.state === 'running' && status.desired === 'stopped') return { kind: 'reached' };
  const states = statesOf(status, goal);
  const wrong = states.filter(({ state }) => !isAs(state, goal.state));
  if (wrong.length === 0) return { kind: 'reached' };
  if (status.maintenance) return { kind: 'deferred', reason: `${status.name} is in maintenance` };
  if (wrong.every(({ unmanaged }) => unmanaged)) {
    return { kind: 'deferred', reason: `${wrong.map(({ name }) => name).join(', ')} is unmanaged` };
  }
  const said = wrong.map(({ name, state, reason: why }) => `${name} is ${state}${why === '' ? '' : `: ${why}`}`);
  // Nothing is left to do, so what it waits for has to come from an operator, or from elsewhere.
  if (wrong.every(({ state }) => state === 'waiting')) return { kind: 'deferred', reason: said.join('; ') };
  if (wrong.some(({ state }) => passing.has(state))) return { kind: 'under-way', missing: said };
  return { kind: 'failed', isFinal: false, reason: said.join('; ') };
}

interface NamedState {
  readonly name: string;
  readonly state: string;
  readonly reason: string;
  readonly unmanaged: boolean;
}

/** The one that is meant, or those of all replicas; none where the status does not know it. */
function statesOf({ assemblies }: DeployableStatus, goal: Exclude<VerbGoal, { kind: 'settled' }>): NamedState[] {
  const [assembly = '', resource = 'vm'] = goal.name.split('.');
  const exact = assemblies.filter(({ name }) => name === assembly);
  const owners = exact.length > 0 ? exact : assemblies.filter(({ name }) => name.replace(/-\d+$/, '') === assembly);
  if (resource === 'vm') return owners;
  return owners.flatMap(({ name: owner, resources }) =>
    resources.filter(({ name }) => name === resource).map((found) => ({ ...found, name: `${owner}.${found.name}` })),
  );
}

function isAs(state: string, wanted: 'running' | 'stopped'): boolean {
  return state === wanted || (wanted === 'stopped' && (state === 'failed' || state === 'waiting'));
}
