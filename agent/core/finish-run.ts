import { lookUp } from './id-map.js';
import { finishLeaseStop, isOutOfLease } from './lease.js';
import { nextDue, phaseOf, secondDue } from './monitor-phase.js';
import { changesState } from './next-operation.js';
import type { Moment, Operation, OperationOutcome, OperationResult } from './operation.js';
import { isExpected, Ocf } from './operation.js';
import { finishOrder } from './order.js';
import type { Draft } from './recording.js';
import { recordResult, withRecord, withReport, withResource } from './recording.js';
import { beginRecovery, finishRecoveryStep } from './recovery.js';
import type { Activity, AgentState, QueuedOrder, RecurringMonitor, ResourceRecord, ResourceState } from './state.js';
import { monitorKey } from './state.js';
import type { StepInput, Stepped } from './step.js';

/** Takes the outcome of the run of a resource; one that is not under way any more is ignored. */
export function finishRun(
  state: AgentState,
  event: { readonly resource: string; readonly run: string; readonly outcome: OperationOutcome },
  input: StepInput,
): Stepped {
  const resource = lookUp(state.resources, event.resource);
  if (resource?.activity === undefined || resource.activity.run.id !== event.run) return { state, effects: [] };
  const { activity } = resource;
  const idle: ResourceState = { ...resource, activity: undefined };
  const draft = withResource({ state, effects: [] }, idle);
  const finished = { activity, outcome: event.outcome };
  switch (activity.purpose.kind) {
    case 'order':
      return finishOrderRun(draft, idle, finished, input);
    case 'recovery': {
      const { step } = activity.purpose;
      const detectedAt = idle.record.recovery?.detectedAt ?? activity.run.at;
      const { result, draft: recorded } = recordRun(draft, finished, { queuedAt: detectedAt, userData: '' }, input.at);
      return finishRecoveryStep(recorded, idle.record, { step, result }, input);
    }
    case 'lease': {
      const queuedAt = idle.record.leaseStop?.since ?? activity.run.at;
      const { result, draft: recorded } = recordRun(draft, finished, { queuedAt, userData: '' }, input.at);
      return finishLeaseStop(recorded, idle.record, result, input.at);
    }
    case 'monitor':
      return finishMonitor(draft, idle, { ...finished, key: activity.purpose.key }, input);
  }
}

interface Finished {
  readonly activity: Activity;
  readonly outcome: OperationOutcome;
}

function recordRun(
  draft: Draft,
  { activity, outcome }: Finished,
  more: { readonly queuedAt: Moment; readonly userData: string },
  at: Moment,
): { readonly draft: Draft; readonly result: OperationResult } {
  const { operation, run } = activity;
  return recordResult(draft, { operation, run, outcome, ...more }, at);
}

function finishOrderRun(draft: Draft, resource: ResourceState, finished: Finished, { at }: StepInput): Draft {
  const [order, ...queue] = resource.record.queue;
  if (order === undefined) return draft;
  const { userData } = order;
  const recorded = recordRun(draft, finished, { queuedAt: order.acceptedAt, userData }, at);
  const record = learn({ ...resource.record, queue }, order, recorded.result, draft.state.policy.instance);
  const dueAt = dueTimes(record, resource.dueAt, { at, due: secondDue });
  const learned = withResource(recorded.draft, { ...resource, record, dueAt });
  return finishOrder(learned, order.operationId, recorded.result);
}

/** When each recurring monitor is due; those that have a time keep it, and `due` says it of the others. */
export function dueTimes(
  { monitors }: ResourceRecord,
  known: Readonly<Record<string, number>>,
  { at, due }: { readonly at: Moment; readonly due: typeof nextDue },
): Readonly<Record<string, number>> {
  const entries = Object.entries(monitors).map(
    ([key, { phase, operation }]) => [key, known[key] ?? due(phase, operation.intervalMs, at)] as const,
  );
  return Object.fromEntries(entries);
}

/** Operations after which a resource runs with their parameters, if it runs at all. */
const definingOperations = new Set(['start', 'reload', 'reload-agent']);

/** What the result of an order tells about the resource. */
function learn(known: ResourceRecord, order: QueuedOrder, result: OperationResult, instance: string): ResourceRecord {
  const { operation, expectedRc, userData } = order;
  const isGood = isExpected(result, expectedRc);
  if (operation.intervalMs > 0) {
    if (order.isCancelled) return known;
    const phase = phaseOf(instance, known.slot, operation.intervalMs);
    const monitor: RecurringMonitor = { operation, expectedRc, userData, phase, last: result };
    return {
      ...known,
      definition: known.definition ?? operation.definition,
      monitors: { ...known.monitors, [monitorKey(operation.name, operation.intervalMs)]: monitor },
      isExpectedToRun: known.isExpectedToRun || (isGood && expectedRc === Ocf.success),
    };
  }
  if (!changesState(operation)) return known;
  const isExpectedToRun =
    operation.name === 'stop' ? false : operation.name === 'start' ? isGood : known.isExpectedToRun;
  const definition = definingOperations.has(operation.name) ? operation.definition : known.definition;
  return { ...known, definition: definition ?? operation.definition, lastOperation: result, isExpectedToRun };
}

/**
 * Takes the outcome of a recurring monitor. An unchanged one is no news. A delegated resource that ran and does not any
 * more is recovered; everything else that changed is reported.
 */
function finishMonitor(
  draft: Draft,
  resource: ResourceState,
  finished: Finished & { readonly key: string | undefined },
  input: StepInput,
): Draft {
  const { key, outcome, activity } = finished;
  const known = resource.record;
  const monitor = key === undefined ? undefined : known.monitors[key];
  // Cancelled while it ran.
  if (key !== undefined && monitor === undefined) return draft;

  const expectedRc = monitor?.expectedRc ?? Ocf.success;
  const queuedAt = activity.run.at;
  const wasGood = monitor === undefined || isExpected(monitor.last, expectedRc);
  const isGood = isExpected(outcome, expectedRc);
  const dueAt =
    monitor === undefined || key === undefined
      ? resource.dueAt
      : { ...resource.dueAt, [key]: nextDue(monitor.phase, monitor.operation.intervalMs, input.at) };
  const waiting = withResource(draft, { ...resource, dueAt });
  // Declared failed while it ran: it is about to be recovered, and monitored at the end of that.
  if (known.recovery !== undefined) return waiting;
  if (monitor === undefined ? isGood : isSame(monitor.last, outcome)) return waiting;

  const userData = monitor?.userData ?? '';
  const { result, draft: recorded } = recordRun(waiting, finished, { queuedAt, userData }, input.at);
  const heard = { monitor: activity.operation, key, result, expectedRc, wasGood, isGood };
  return takeNews(recorded, known, heard, input);
}

/**
 * A monitor says something else than before, or is said to: what ran, is delegated and does not run any more is
 * recovered, everything else is reported.
 *
 * @param key of the recurring monitor; undefined for a look at a resource that has none.
 */
export function takeNews(
  draft: Draft,
  known: ResourceRecord,
  heard: {
    readonly monitor: Operation;
    readonly key: string | undefined;
    readonly result: OperationResult;
    readonly expectedRc: number;
    readonly wasGood: boolean;
    readonly isGood: boolean;
  },
  input: StepInput,
): Draft {
  const { monitor, key, result, expectedRc, wasGood, isGood } = heard;
  const told = withLast(known, key, result);
  const next = withRecord(draft, told);
  const isOurs = known.delegation !== undefined && known.isExpectedToRun && expectedRc === Ocf.success;
  if (wasGood && !isGood && isOurs && known.queue.length === 0 && !isOutOfLease(draft.state, known, input.at)) {
    return beginRecovery(next, told, { failure: result, monitor }, input);
  }
  return withReport(next, { kind: 'monitor-changed', result, isFailure: !isGood }).draft;
}

function withLast(known: ResourceRecord, key: string | undefined, last: OperationResult): ResourceRecord {
  const monitor = key === undefined ? undefined : known.monitors[key];
  if (monitor === undefined || key === undefined) return known;
  return { ...known, monitors: { ...known.monitors, [key]: { ...monitor, last } } };
}

function isSame(last: OperationResult, outcome: OperationOutcome): boolean {
  return last.rc === outcome.rc && last.status === outcome.status;
}
