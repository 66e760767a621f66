/** Who may ask cped what. What is not in the table nobody may ask: a new request is refused until it has a place here. */
import { type BusError, busError } from '../../proto/bus-error.js';
import type { BodyKind } from '../../proto/messages.js';
import type { AskerRole } from '../../proto/subjects.js';

export type Access =
  /** Changes nothing, whatever is asked. */
  | 'reading'
  /** Changes what runs, or what is to run: in the audit log. */
  | 'changing'
  /** Tells what others did. */
  | 'auditing';

const requests = {
  getInfo: 'reading',
  getStatus: 'reading',
  getEvents: 'reading',
  getFailures: 'reading',
  getDefinition: 'reading',
  getVersion: 'reading',
  getCib: 'reading',
  getTransition: 'reading',
  listTransitions: 'reading',
  replayTransition: 'reading',
  listDeployables: 'reading',
  deployableHistory: 'reading',
  planDeployable: 'reading',
  simulate: 'reading',
  explain: 'reading',
  resourceFailcount: 'reading',
  hostList: 'reading',
  hostStatus: 'reading',
  getAudit: 'auditing',
  createDeployable: 'changing',
  reloadDeployable: 'changing',
  rollbackDeployable: 'changing',
  startDeployable: 'changing',
  stopDeployable: 'changing',
  deleteDeployable: 'changing',
  deployableMaintenance: 'changing',
  deployableHold: 'changing',
  deployableResume: 'changing',
  suspend: 'changing',
  resume: 'changing',
  resourceStart: 'changing',
  resourceStop: 'changing',
  resourceRestart: 'changing',
  resourceMove: 'changing',
  resourceBan: 'changing',
  resourceClear: 'changing',
  resourceCleanup: 'changing',
  resourceManage: 'changing',
  resourceUnmanage: 'changing',
  resourceFail: 'changing',
  assemblyStandby: 'changing',
  assemblyUnstandby: 'changing',
  assemblyRestart: 'changing',
  assemblyDestroy: 'changing',
  assemblyDrain: 'changing',
  assemblyReboot: 'changing',
  hostDrain: 'changing',
  hostConfirmDead: 'changing',
  hostAdoptOrphan: 'changing',
  hostFencer: 'changing',
  authCreate: 'changing',
  authRevoke: 'changing',
  authRotate: 'changing',
  authList: 'auditing',
} as const satisfies Partial<Record<BodyKind, Access>>;

const accesses: ReadonlyMap<string, Access> = new Map(Object.entries(requests));

/** Undefined: cped does not answer it. */
export function accessOf(kind: BodyKind): Access | undefined {
  return accesses.get(kind);
}

/** Whoever is limited to deployables may ask this about none; the answer names only its own. */
const ofNone: ReadonlySet<BodyKind> = new Set<BodyKind>(['listDeployables']);

/**
 * Undefined: it may. Operators may ask everything, viewers what changes nothing.
 *
 * @param deployable what the request is about; empty: none, or all
 * @param scope the deployables that are the asker's business; empty: all
 */
export function authorizeRequest(
  asker: { readonly role: AskerRole; readonly id: string },
  kind: BodyKind,
  deployable = '',
  scope: readonly string[] = [],
): BusError | undefined {
  const access = accessOf(kind);
  if (access === undefined) return busError('invalid-request', `cped does not answer "${kind}"`);
  if (scope.length > 0 && !ofNone.has(kind) && !scope.includes(deployable)) {
    const what = deployable === '' ? `"${kind}" is about more than these` : `"${deployable}" is none of them`;
    return busError('forbidden', `"${asker.role} ${asker.id}" is limited to ${scope.join(', ')}; ${what}`);
  }
  if (asker.role === 'operator' || access === 'reading') return undefined;
  const message = `"${asker.role} ${asker.id}" may look and change nothing; "${kind}" takes the credentials of an operator`;
  return busError('forbidden', message);
}
