import { heedLease, isWaitingForLease, leaseDue } from './lease.js';
import type { Moment, Operation } from './operation.js';
import { Ocf } from './operation.js';
import type { Draft } from './recording.js';
import { withResource } from './recording.js';
import { cutShort } from './recovery.js';
import type {
  Activity,
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
import type { StepInput, Stepped } from './step.js';

/** Operations that look at a resource or tell it something, and leave its state and its monitors alone. */
const lookingOperations = new Set(['monitor', 'status', 'notify', 'meta-data', 'validate-all']);

/** Whether an operation changes the resource's state: its recurring monitors end before it runs. */
export function changesState(operation: Operation): boolean {
  return operation.intervalMs === 0 && !lookingOperations.has(operation.name);
}

/**
 * Starts everything that can run now: of each resource its stop when its lease has run out, else its next order, else
 * the next step of its local recovery, else a monitor that is due. One operation at a time per resource; over all
 * resources at most `maxParallel`, orders and recoveries before monitors, and those that have waited longest first.
 */
export function dispatch(state: AgentState, { at }: StepInput): Stepped {
  let draft: Draft = { state, effects: [] };
  const ready: Candidate[] = [];
  for (const resource of Object.values(state.resources)) {
    if (resource.activity !== undefined) continue;
    const { resource: id } = resource.record;
    draft = heedLease(draft, id, at);
    draft = yieldToOrder(draft, draft.state.resources[id] ?? resource);
    const candidate = next(draft.state, draft.state.resources[id] ?? resource, at);
    if (candidate !== undefined) ready.push(candidate);
  }
  if (ready.length > 1) ready.sort((a, b) => a.rank - b.rank || a.since - b.since);

  let free = state.policy.maxParallel - countRunning(state);
  for (const candidate of ready) {
    if (isCounted(candidate.operation)) {
      if (free <= 0) continue;
      free -= 1;
    }
    draft = start(draft, candidate, at);
  }
  return draft;
}

/** bootMs at which a `tick` is due next; undefined when nothing waits for time to pass. */
export function nextWakeAt(state: AgentState, at: Moment): number | undefined {
  let wake: number | undefined;
  for (const resource of Object.values(state.resources)) {
    if (resource.activity !== undefined) continue;
    for (const due of [...waitsFor(resource), ...leaseDue(state, resource.record)]) {
      if (due > at.bootMs && (wake === undefined || due < wake)) wake = due;
    }
  }
  return wake;
}

function waitsFor({ record, dueAt }: ResourceState): readonly number[] {
  const order = record.queue[0];
  if (order !== undefined) return [order.notBefore];
  const { recovery } = record;
  if (recovery !== undefined) return recovery.phase.kind === 'waiting' ? [recovery.phase.until] : [];
  return Object.keys(record.monitors).map((key) => dueAt[key] ?? 0);
}

interface Candidate {
  readonly resource: string;
  readonly operation: Operation;
  readonly purpose: Purpose;
  readonly interrupted: RunStart | undefined;
  /** 0 before 1. */
  readonly rank: 0 | 1;
  /** bootMs since which it could have run. */
  readonly since: number;
}

/** An order does not wait for a back-off to end, nor for the steps that a recovery has not begun. */
function yieldToOrder(draft: Draft, resource: ResourceState): Draft {
  const { record } = resource;
  const [order] = record.queue;
  if (order === undefined || record.recovery === undefined || order.run !== undefined) return draft;
  const { phase } = record.recovery;
  // A step that an agent before us had begun is finished first: what it left behind is not known.
  if (phase.kind === 'step' && phase.run !== undefined) return draft;
  return cutShort(draft, record, `cut short by an order to ${order.operation.name} it`);
}

function next(state: AgentState, resource: ResourceState, at: Moment): Candidate | undefined {
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

function hasBegunStep(recovery: Recovery): boolean {
  return recovery.phase.kind === 'step' && recovery.phase.run !== undefined;
}

function nextOfLease({ operation, run, retryAt }: LeaseStop, at: Moment): Candidate | undefined {
  if (retryAt > at.bootMs) return undefined;
  const { resource } = operation;
  return { resource, operation, purpose: { kind: 'lease' }, interrupted: run, rank: 0, since: retryAt };
}

function nextOfRecovery(record: ResourceRecord, recovery: Recovery, at: Moment): Candidate | undefined {
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

function nextMonitor(resource: ResourceState, at: Moment): Candidate | undefined {
  const { record, isTriggered, dueAt } = resource;
  const monitors = Object.values(record.monitors);
  if (isTriggered) {
    const told = monitors.reduce(moreConcerned, monitors[0]);
    return told === undefined ? look(record, at) : monitorCandidate(told, { rank: 0, since: at.bootMs });
  }
  let first: Candidate | undefined;
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

function monitorCandidate(monitor: RecurringMonitor, order: Pick<Candidate, 'rank' | 'since'>): Candidate {
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
function look(record: ResourceRecord, at: Moment): Candidate | undefined {
  const { delegation, definition, isExpectedToRun, resource } = record;
  if (delegation === undefined || definition === undefined || !isExpectedToRun) return undefined;
  const timeoutMs = delegation.monitorTimeoutMs;
  const operation = { resource, name: 'monitor', intervalMs: 0, timeoutMs, definition };
  const purpose = { kind: 'monitor', key: undefined } as const;
  return { resource, operation, purpose, interrupted: undefined, rank: 0, since: at.bootMs };
}

function start(draft: Draft, candidate: Candidate, at: Moment): Draft {
  const { state } = draft;
  const resource = state.resources[candidate.resource];
  if (resource === undefined) return draft;
  const isInterrupted = candidate.interrupted !== undefined;
  const run = candidate.interrupted ?? { id: `${state.policy.process}.${state.runs + 1}`, at };
  const activity: Activity = { run, operation: candidate.operation, purpose: candidate.purpose };
  const started = begin(resource, candidate, run);
  const taken = withResource(draft, { ...started, activity });
  return {
    state: { ...taken.state, runs: state.runs + 1 },
    effects: [...taken.effects, { kind: 'run', run: run.id, operation: candidate.operation, isInterrupted }],
  };
}

/** What changes when a run begins: orders and recovery steps are journalled as begun, a monitor is only due again. */
function begin(resource: ResourceState, { purpose, operation }: Candidate, run: RunStart): ResourceState {
  const { record } = resource;
  switch (purpose.kind) {
    case 'order': {
      const [order, ...rest] = record.queue;
      const queue = order === undefined ? rest : [{ ...order, run }, ...rest];
      if (!changesState(operation)) return { ...resource, isTriggered: false, record: { ...record, queue } };
      return { ...resource, isTriggered: false, dueAt: {}, record: { ...record, queue, monitors: {} } };
    }
    case 'recovery': {
      if (record.recovery === undefined) return resource;
      const phase = { kind: 'step', step: purpose.step, run } as const;
      return { ...resource, isTriggered: false, record: { ...record, recovery: { ...record.recovery, phase } } };
    }
    case 'lease': {
      if (record.leaseStop === undefined) return resource;
      const leaseStop = { ...record.leaseStop, run };
      return { ...resource, isTriggered: false, dueAt: {}, record: { ...record, monitors: {}, leaseStop } };
    }
    case 'monitor':
      return { ...resource, isTriggered: false };
  }
}

function countRunning(state: AgentState): number {
  let running = 0;
  for (const { activity } of Object.values(state.resources)) {
    if (activity !== undefined && isCounted(activity.operation)) running += 1;
  }
  return running;
}

/** `exec` runs no script: its operations wait for a process, and a hundred of them may well wait at once. */
function isCounted(operation: Operation): boolean {
  return operation.definition.class !== 'exec';
}
