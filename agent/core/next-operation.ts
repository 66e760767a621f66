import type { Turn } from './agenda.js';
import { isWaitingForLease } from './lease.js';
import type { Moment, Operation } from './operation.js';
import { Ocf } from './operation.js';
import type {
  AgentState,
  LeaseStop,
  Purpose,
  Recovery,
  RecoveryStep,
  RecurringMonitor,
  ResourceRecord,
  ResourceState,
  RunStart,
} from './state.js';
import { monitorKey } from './state.js';

/** Operations that look at a resource or tell it something, and leave its state and its monitors alone. */
const lookingOperations = new Set(['monitor', 'status', 'notify', 'meta-data', 'validate-all']);

/** Whether an operation changes the resource's state: its recurring monitors end before it runs. */
export function changesState(operation: Operation): boolean {
  return operation.intervalMs === 0 && !lookingOperations.has(operation.name);
}

/** What a resource would run now. */
export interface Candidate extends Turn {
  readonly operation: Operation;
  readonly purpose: Purpose;
  readonly interrupted: RunStart | undefined;
}

/**
 * What an idle resource has to run now: its stop when its lease has run out, else its next order, else the next step of
 * its local recovery, else a monitor that is due; undefined: nothing.
 */
export function nextOperation(state: AgentState, resource: ResourceState, at: Moment): Candidate | undefined {
  const choice = choose(state, resource, at);
  return choice && { ...choice, slot: resource.record.slot };
}

type Choice = Omit<Candidate, 'slot'>;

function choose(state: AgentState, resource: ResourceState, at: Moment): Choice | undefined {
  const { record } = resource;
  const { recovery, leaseStop } = record;
  if (leaseStop !== undefined) return nextOfLease(leaseStop, at);
  if (recovery !== undefined && (record.queue.length === 0 || hasBegunStep(recovery))) {
    return nextOfRecovery(record, recovery, at);
  }
  const order = record.queue[0];
  if (order === undefined) return nextMonitor(resource, at);
  if (order.run === undefined && order.notBefore > at.bootMs) return undefined;
  if (isWaitingForLease(state, record, order, at)) return undefined;
  const { run } = order;
  const operation = asStarted(order.operation, record);
  const since = order.notBefore;
  return { resource: record.resource, operation, purpose: { kind: 'order' }, interrupted: run, rank: 0, since };
}

/**
 * A resource is stopped with the parameters with which it was started: those of the order are of a newer definition, or
 * none where the resource has left it (daemons/controld/controld_execd.c construct_op, `stop_params`).
 */
function asStarted(operation: Operation, { definition: started }: ResourceRecord): Operation {
  const { name, definition } = operation;
  if (name !== 'stop' || started === undefined) return operation;
  const isSameAgent =
    started.class === definition.class && started.provider === definition.provider && started.type === definition.type;
  return isSameAgent ? { ...operation, definition: { ...started, meta: definition.meta } } : operation;
}

export function hasBegunStep(recovery: Recovery): boolean {
  return recovery.phase.kind === 'step' && recovery.phase.run !== undefined;
}

function nextOfLease({ operation, run, retryAt }: LeaseStop, at: Moment): Choice | undefined {
  if (retryAt > at.bootMs) return undefined;
  const { resource } = operation;
  return { resource, operation, purpose: { kind: 'lease' }, interrupted: run, rank: 0, since: retryAt };
}

function nextOfRecovery(record: ResourceRecord, recovery: Recovery, at: Moment): Choice | undefined {
  const { phase } = recovery;
  if (phase.kind === 'waiting' && phase.until > at.bootMs) return undefined;
  const step = phase.kind === 'waiting' ? 'stop' : phase.step;
  return {
    resource: record.resource,
    operation: recoveryOperation(record, recovery, step),
    purpose: { kind: 'recovery', step },
    interrupted: phase.kind === 'step' ? phase.run : undefined,
    rank: 0,
    since: phase.kind === 'waiting' ? phase.until : recovery.detectedAt.bootMs,
  };
}

/** Without a delegation (taken back while the recovery was under way) the monitor's own timeout has to do. */
function recoveryOperation(record: ResourceRecord, recovery: Recovery, step: RecoveryStep): Operation {
  const { monitor } = recovery;
  const { delegation } = record;
  if (step === 'monitor') return { ...monitor, timeoutMs: delegation?.monitorTimeoutMs || monitor.timeoutMs };
  const timeoutMs = step === 'stop' ? delegation?.stopTimeoutMs : delegation?.startTimeoutMs;
  return {
    resource: record.resource,
    name: step,
    intervalMs: 0,
    timeoutMs: timeoutMs || monitor.timeoutMs,
    definition: record.definition ?? monitor.definition,
  };
}

function nextMonitor(resource: ResourceState, at: Moment): Choice | undefined {
  const { record, isTriggered, dueAt } = resource;
  const monitors = Object.values(record.monitors);
  if (isTriggered) {
    const told = monitors.reduce(moreConcerned, monitors[0]);
    return told === undefined ? look(record, at) : monitorCandidate(told, { rank: 0, since: at.bootMs });
  }
  let first: Choice | undefined;
  for (const monitor of monitors) {
    const since = dueAt[monitorKey(monitor.operation.name, monitor.operation.intervalMs)] ?? 0;
    if (since > at.bootMs || (first !== undefined && first.since <= since)) continue;
    first = monitorCandidate(monitor, { rank: 1, since });
  }
  return first;
}

/** Which of two monitors is told first that something happened: one that expects the resource to run, then the quicker. */
export function moreConcerned(best: RecurringMonitor | undefined, other: RecurringMonitor): RecurringMonitor {
  if (best === undefined || best === other) return other;
  if ((best.expectedRc === Ocf.success) !== (other.expectedRc === Ocf.success)) {
    return best.expectedRc === Ocf.success ? best : other;
  }
  return other.operation.intervalMs < best.operation.intervalMs ? other : best;
}

function monitorCandidate(monitor: RecurringMonitor, order: Pick<Choice, 'rank' | 'since'>): Choice {
  const { operation } = monitor;
  const key = monitorKey(operation.name, operation.intervalMs);
  return {
    resource: operation.resource,
    operation,
    purpose: { kind: 'monitor', key },
    interrupted: undefined,
    ...order,
  };
}

/** A delegated resource between its start and the order for its monitor is looked at all the same. */
function look(record: ResourceRecord, at: Moment): Choice | undefined {
  const { delegation, definition, isExpectedToRun, resource } = record;
  if (delegation === undefined || definition === undefined || !isExpectedToRun) return undefined;
  const timeoutMs = delegation.monitorTimeoutMs;
  const operation = { resource, name: 'monitor', intervalMs: 0, timeoutMs, definition };
  const purpose = { kind: 'monitor', key: undefined } as const;
  return { resource, operation, purpose, interrupted: undefined, rank: 0, since: at.bootMs };
}

/** Whether anything follows from what happens to a resource. */
export function isWatched(record: ResourceRecord): boolean {
  if (Object.keys(record.monitors).length > 0 || record.queue.length > 0 || record.recovery !== undefined) return true;
  return record.delegation !== undefined && record.definition !== undefined && record.isExpectedToRun;
}

/** Each bootMs at which an idle resource has something to run, without what its lease means (lease.ts). */
export function waitsFor({ record, dueAt }: ResourceState): readonly number[] {
  const order = record.queue[0];
  if (order !== undefined) return [order.notBefore];
  const { recovery } = record;
  if (recovery !== undefined) return recovery.phase.kind === 'waiting' ? [recovery.phase.until] : [];
  return Object.keys(record.monitors).map((key) => dueAt[key] ?? 0);
}

/** `exec` runs no script: its operations wait for a process, and a hundred of them may well wait at once. */
export function takesPlace(operation: Operation): boolean {
  return operation.definition.class !== 'exec';
}
