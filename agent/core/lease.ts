/**
 * Leases of exclusive resources. The decider's word that it is in touch lasts for a while (CLOCK_BOOTTIME, so that a
 * suspended machine's time counts); when it has run out the agent stops what must never be active twice, and starts it
 * again only when it is ordered to. Whoever takes such a resource over waits for proof of death all the same.
 */
import { lookUp } from './id-map.js';
import { changesState, moreConcerned } from './next-operation.js';
import type { Moment, OperationOutcome, OperationResult } from './operation.js';
import { isExpected, Ocf } from './operation.js';
import { finishOrder } from './order.js';
import type { Draft } from './recording.js';
import { recordResult, withRecord, withReport } from './recording.js';
import { cutShort, describe } from './recovery.js';
import type { AgentState, LeaseStop, QueuedOrder, ResourceRecord } from './state.js';
import { leaseEndReason } from './state.js';

/** The decider is out of touch, the resource is not to blame. */
const reason = leaseEndReason;

/** For a resource that becomes exclusive: until the first renewal. */
const firstLeaseMs = 15_000;
/** An order to start waits so long for the lease: the decider that sent it is about to renew it. */
const waitMs = 10_000;
/** A stop that failed is tried again for as long as the instance cannot be ended. */
const retryMs = 10_000;

/** The decider is in touch: exclusive resources may run for so long from now. Never shortens what was granted. */
export function renewLease(draft: Draft, leaseMs: number, at: Moment): Draft {
  const until = Math.max(draft.state.lease?.until ?? 0, at.bootMs + leaseMs);
  return { ...draft, state: { ...draft.state, lease: { until } } };
}

/** What the decider has just made exclusive runs with its word, before the first renewal. */
export function grantFirstLease(draft: Draft, at: Moment): Draft {
  return renewLease(draft, firstLeaseMs, at);
}

export function isLeaseOver({ lease }: AgentState, at: Moment): boolean {
  return lease === undefined || at.bootMs >= lease.until;
}

/** Whether a resource must not be started or repaired now. */
export function isOutOfLease(state: AgentState, record: ResourceRecord, at: Moment): boolean {
  return record.exclusive !== undefined && isLeaseOver(state, at);
}

/**
 * What the end of the lease means for an idle resource: orders to start it wait for another, and fail when there is none,
 * a local recovery between two steps is cut short, and its stop begins if it may be active. A lease that was renewed meanwhile ends the attempts to stop it.
 */
export function heedLease(draft: Draft, resource: string, at: Moment): Draft {
  const record = lookUp(draft.state.resources, resource)?.record;
  if (record?.exclusive === undefined) return draft;
  if (!isLeaseOver(draft.state, at)) {
    const isWaiting = record.leaseStop !== undefined && record.leaseStop.run === undefined;
    return isWaiting ? withRecord(draft, { ...record, leaseStop: undefined }) : draft;
  }
  // What an agent before us had begun is finished first: what it left behind is not known.
  if (record.leaseStop !== undefined || isUnderWay(record)) return draft;
  const refused = refuseStarts(draft, record, at);
  const idle = cutShort(refused, lookUp(refused.state.resources, resource)?.record ?? record, reason);
  const known = lookUp(idle.state.resources, resource)?.record ?? record;
  const leaseStop = planStop(known, at);
  return leaseStop === undefined ? idle : withRecord(idle, { ...known, leaseStop });
}

/** Whether an order has to wait for a lease. */
export function isWaitingForLease(state: AgentState, record: ResourceRecord, order: QueuedOrder, at: Moment): boolean {
  return order.run === undefined && isOutOfLease(state, record, at) && wouldActivate(order);
}

/** Each bootMs at which `heedLease` has something to do. */
export function leaseDue({ lease }: AgentState, record: ResourceRecord): readonly number[] {
  if (record.exclusive === undefined) return [];
  if (record.leaseStop !== undefined) return [record.leaseStop.retryAt];
  const ends = mayBeActive(record) || record.queue.length > 0 ? [lease?.until ?? 0] : [];
  return [...ends, ...record.queue.filter(wouldActivate).map(({ acceptedAt }) => acceptedAt.bootMs + waitMs)];
}

/** The stop has ended: reported like a failure of the resource, once; one that failed ends the instance. */
export function finishLeaseStop(draft: Draft, record: ResourceRecord, result: OperationResult, at: Moment): Draft {
  const { leaseStop } = record;
  if (leaseStop === undefined) return draft;
  const isStopped = isExpected(result, Ocf.success);
  const attempts = leaseStop.attempts + 1;
  const next: ResourceRecord = {
    ...record,
    lastOperation: result,
    isExpectedToRun: isStopped ? false : record.isExpectedToRun,
    leaseStop: isStopped ? undefined : { ...leaseStop, attempts, retryAt: at.bootMs + retryMs, run: undefined },
  };
  const known = withRecord(draft, next);
  const told = isStopped || attempts === 1 ? tell(known, leaseStop, { stop: result, isStopped }, at) : known;
  if (isStopped) return told;
  const why = `${reason}, and ${record.resource} cannot be stopped: ${describe(result)}`;
  return { ...told, effects: [...told.effects, { kind: 'end-instance', reason: why }] };
}

function tell(
  draft: Draft,
  { judged, userData, since }: LeaseStop,
  { stop, isStopped }: { readonly stop: OperationResult; readonly isStopped: boolean },
  at: Moment,
): Draft {
  const outcome: OperationOutcome = isStopped
    ? { rc: Ocf.notRunning, status: 'done', exitReason: `${reason}: stopped by its agent`, output: '' }
    : { rc: Ocf.genericError, status: 'done', exitReason: `${reason}, and it cannot be stopped`, output: '' };
  const run = { id: '', at };
  const recorded = recordResult(draft, { operation: judged, run, outcome, queuedAt: since, userData }, at);
  return withReport(recorded.draft, {
    kind: 'local-recovery',
    resource: judged.resource,
    failure: recorded.result,
    results: { stop },
    verdict: 'failed',
    reason,
    failuresInWindow: 0,
    detectedUnixMs: since.unixMs,
    recoveredUnixMs: 0,
  }).draft;
}

/** How the resource is stopped, and as which monitor's failure that is told; undefined when it is certainly not active. */
function planStop(record: ResourceRecord, at: Moment): LeaseStop | undefined {
  const { resource, monitors, exclusive } = record;
  const monitor = Object.values(monitors).reduce(moreConcerned, Object.values(monitors)[0]);
  const definition = record.definition ?? monitor?.operation.definition;
  if (exclusive === undefined || definition === undefined || !mayBeActive(record)) return undefined;
  const stop = { resource, name: 'stop', intervalMs: 0, timeoutMs: exclusive.stopTimeoutMs, definition };
  return {
    since: at,
    retryAt: at.bootMs,
    attempts: 0,
    operation: stop,
    judged: monitor?.operation ?? { ...stop, name: 'monitor' },
    userData: monitor?.userData ?? '',
    run: undefined,
  };
}

/** Anything but a stop that worked as its last operation, or a monitor that watches it. */
function mayBeActive({ isExpectedToRun, monitors, lastOperation }: ResourceRecord): boolean {
  if (isExpectedToRun || Object.keys(monitors).length > 0) return true;
  if (lastOperation === undefined) return false;
  return lastOperation.operation !== 'stop' || !isExpected(lastOperation, Ocf.success);
}

function isUnderWay({ queue, recovery }: ResourceRecord): boolean {
  return queue[0]?.run !== undefined || (recovery?.phase.kind === 'step' && recovery.phase.run !== undefined);
}

/** To stop it is always right. */
function wouldActivate({ operation }: QueuedOrder): boolean {
  return changesState(operation) && operation.name !== 'stop' && operation.name !== 'demote';
}

/** Orders that would make it active, and have waited for a lease for long. */
function refuseStarts(draft: Draft, record: ResourceRecord, at: Moment): Draft {
  const isRefused = (order: QueuedOrder) => wouldActivate(order) && at.bootMs >= order.acceptedAt.bootMs + waitMs;
  const refused = record.queue.filter(isRefused);
  if (refused.length === 0) return draft;
  const queue = record.queue.filter((order) => !isRefused(order));
  let next = withRecord(draft, { ...record, queue });
  for (const { operation, acceptedAt, userData, operationId } of refused) {
    const exitReason = `${reason}: an exclusive resource is not started out of touch with its decider`;
    const outcome = { rc: Ocf.genericError, status: 'error', exitReason, output: '' } as const;
    const run = { id: '', at };
    const recorded = recordResult(next, { operation, run, outcome, queuedAt: acceptedAt, userData }, at);
    next = finishOrder(recorded.draft, operationId, recorded.result);
  }
  return next;
}
