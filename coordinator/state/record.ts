/**
 * Writes operation history the way the Pacemaker controller does, so that the scheduler and Pacemaker's tools draw the
 * conclusions from it that they would draw in a cluster (daemons/controld/controld_execd.c do_update_resource,
 * process_lrm_event; controld_te_events.c update_failcount; lib/pacemaker/pcmk_sched_actions.c pcmk__create_history_xml).
 * Every function takes a history and returns the next one; none changes its argument.
 *
 * What overwrites what, for a resource R on a node:
 *
 * | event                                  | R_last_0 | R_<op>_<ms> | R_last_failure_0 | fail attributes              |
 * |----------------------------------------|----------|-------------|------------------|------------------------------|
 * | operation ordered (pending)            | set (0)  | set (ms)    |                  |                              |
 * | success, interval 0                    | set      |             |                  |                              |
 * | success, recurring                     |          | set         |                  |                              |
 * | failure, interval 0                    | set      |             | set              | start +1, stop INFINITY      |
 * | failure, recurring                     |          |             | set              | +1                           |
 * | recurring operation cancelled          |          | removed     |                  |                              |
 * | stop succeeded                         | set      | kept        | kept             | kept                         |
 *
 * Records of monitors outlive a stop: their call-ids are lower than the stop's, and that is how the scheduler knows that
 * they are over. So call-ids of one resource on one node must only ever grow.
 */

import { addFailure, type FailedOperation } from './fail-count.js';
import { eraseGuest } from './forget.js';
import type { History, NodeName, OperationRecord, RestartDigest } from './history.js';
import { nextCallId, putAttributes, putRecords, removeRecord, resourceHistory } from './history-edit.js';

/** What `lrm_resource` says of a resource. */
export interface ResourceDescriptor {
  /** CIB id. */
  readonly id: string;
  readonly class: string;
  readonly provider: string | undefined;
  readonly type: string;
  /** For a connection resource: the VM resource that contains it. */
  readonly container?: string | undefined;
}

/** An operation as a transition graph orders it. */
export interface OperationOrder {
  readonly operation: string;
  /** 0 for operations that do not recur. */
  readonly intervalMs: number;
  /** `CRM_meta_op_target_rc`, 0 where the action has none. */
  readonly expectedRc: number;
  readonly transition: number;
  readonly action: number;
  /** operationDigest of the parameters it was ordered with. */
  readonly digest: string;
}

/** How an operation ended. */
export interface OperationResult extends OperationOrder {
  /** -1 for an operation whose result never came (status `timeout`). */
  readonly callId: number;
  readonly rc: number;
  /** PCMK_EXEC_*; see `executionStatus`. */
  readonly status: number;
  /** Unix ms. */
  readonly changedAt: number;
  readonly execMs: number;
  readonly queueMs: number;
  readonly exitReason: string;
  /** True for an action with `CRM_meta_on_fail="ignore"`: its failure is dated but not counted. */
  readonly ignoresFailure?: boolean;
  readonly restart?: RestartDigest | undefined;
}

/** An operation that an agent ran by itself, successfully, in a local recovery. */
export interface LocalResult {
  readonly callId: number;
  /** Unix ms. */
  readonly changedAt: number;
  readonly execMs: number;
  readonly queueMs: number;
}

/** One local recovery: the failed monitor, the start that mended it, and the monitor that runs since. */
export interface LocalRecovery {
  readonly failure: { readonly intervalMs: number; readonly at: number };
  readonly start: LocalResult;
  readonly monitor: LocalResult | undefined;
}

/** enum pcmk_exec_status (include/crm/common/results.h). */
export const executionStatus = {
  pending: -1,
  done: 0,
  cancelled: 1,
  timeout: 2,
  notSupported: 3,
  error: 4,
  errorHard: 5,
  errorFatal: 6,
  notInstalled: 7,
  notConnected: 8,
  invalid: 9,
} as const satisfies Readonly<Record<string, number>>;

/** enum ocf_exitcode, as far as the history writer needs it. */
export const exitCode = { ok: 0, unknownError: 1, notRunning: 7, promoted: 8, degraded: 190, unknown: 193 } as const;

/** Transition number of operations that no transition ordered (an agent's own, an operator's). */
export const noTransition = -1;

/** Records that an operation was ordered and has not ended (controld_execd.c record_pending_op). */
export function recordPending(
  history: History,
  node: NodeName,
  resource: ResourceDescriptor,
  order: OperationOrder,
  at: number,
): History {
  if (!isRecorded(order.operation)) {
    return history;
  }
  const pending: Outcome = {
    callId: -1,
    rc: exitCode.unknown,
    status: executionStatus.pending,
    changedAt: at,
    execMs: 0,
    queueMs: 0,
    exitReason: '',
  };
  const { operation } = normalise({ ...order, ...pending });
  return putRecords(history, node, resource, [record(regularId(resource.id, order), { ...order, operation }, pending)]);
}

/**
 * Records the end of an operation, and counts it if it failed: call nothing else for it. Results of `cancel`, `delete`,
 * `notify` and `meta-data` leave no trace; a cancelled recurring operation loses its record. When a VM has stopped, what
 * was known of the inside of its instance goes too: the next one has another agent, which counts call-ids anew.
 */
export function recordResult(
  history: History,
  node: NodeName,
  resource: ResourceDescriptor,
  result: OperationResult,
): History {
  if (!isRecorded(result.operation)) {
    return history;
  }
  if (result.status === executionStatus.cancelled) {
    return result.intervalMs > 0 ? cancelRecurring(history, node, resource.id, result) : history;
  }
  const normal = withGrowingCallId(history, node, resource, normalise(result));
  if (!hasFailed(normal)) {
    const after = putRecords(history, node, resource, [record(regularId(resource.id, normal), normal, normal)]);
    const guest = normal.operation === 'stop' ? assemblyOfVm(resource) : undefined;
    return guest === undefined ? after : eraseGuest(after, guest);
  }
  const ids = [`${resource.id}_last_failure_0`, ...(normal.intervalMs === 0 ? [`${resource.id}_last_0`] : [])];
  const recorded = putRecords(
    history,
    node,
    resource,
    ids.map((id) => record(id, normal, normal)),
  );
  return countFailedResult(recorded, node, resource.id, normal);
}

/**
 * Records a local recovery as the DPE learns of it, afterwards and whole: the failure counts, the start and the monitor
 * that followed are the resource's state, and nothing is left in `last_failure_0`. The scheduler finds nothing to do.
 */
export function recordLocalRecovery(
  history: History,
  node: NodeName,
  resource: ResourceDescriptor,
  recovery: LocalRecovery,
): History {
  const { intervalMs, at } = recovery.failure;
  const counted = addFailure(history, node, resource.id, { operation: 'monitor', intervalMs }, at);
  const records = resourceHistory(history, node, resource.id)?.records ?? {};
  const local = (id: string, operation: string, interval: number, result: LocalResult): OperationRecord => ({
    id: `${resource.id}_${id}`,
    operation,
    intervalMs: interval,
    expectedRc: exitCode.ok,
    transition: noTransition,
    action: result.callId,
    rc: exitCode.ok,
    status: executionStatus.done,
    // The agent recovers with the parameters it was ordered to start with.
    digest: records[`${resource.id}_${id}`]?.digest ?? '',
    ...restartOf(records[`${resource.id}_${id}`]),
    exitReason: '',
    callId: result.callId,
    changedAt: result.changedAt,
    execMs: result.execMs,
    queueMs: result.queueMs,
  });
  const start = local('last_0', 'start', 0, recovery.start);
  const monitor = recovery.monitor && local(`monitor_${intervalMs}`, 'monitor', intervalMs, recovery.monitor);
  return putRecords(counted, node, resource, monitor === undefined ? [start] : [start, monitor]);
}

/** A failure that is declared rather than observed. */
export interface DeclaredFailure {
  readonly intervalMs: number;
  /** OCF exit code: 1 for a failure, 7 for "not running". */
  readonly rc: number;
  readonly at: number;
  readonly exitReason: string;
}

/**
 * Declares that a resource has failed, with the effect of `crm_resource --fail` (controld_execd.c fail_lrm_resource): a
 * failure with a call-id above all others, and a fail count. It is written as a failure of the recurring monitor, so that
 * `crm_mon` names an operation that people know; where none has been recorded yet as `asyncmon`, the way it is there:
 * the digest of a monitor is compared with the configuration, and only its own record knows it. For VMs and connections;
 * failures inside of instances come with their agent's call-ids (recordResult).
 */
export function failResource(
  history: History,
  node: NodeName,
  resource: ResourceDescriptor,
  failure: DeclaredFailure,
): History {
  const monitorId = `${resource.id}_monitor_${failure.intervalMs}`;
  const monitor = resourceHistory(history, node, resource.id)?.records[monitorId];
  const callId = nextCallId(history, node);
  const order: OperationOrder = {
    operation: monitor === undefined ? 'asyncmon' : 'monitor',
    intervalMs: monitor === undefined ? 0 : failure.intervalMs,
    expectedRc: exitCode.ok,
    transition: noTransition,
    action: callId,
    digest: monitor?.digest ?? '',
  };
  const failed = record(`${resource.id}_last_failure_0`, order, {
    callId,
    rc: failure.rc,
    status: executionStatus.done,
    changedAt: failure.at,
    execMs: 0,
    queueMs: 0,
    exitReason: failure.exitReason,
  });
  return addFailure(putRecords(history, node, resource, [failed]), node, resource.id, order, failure.at);
}

/**
 * The record that tells of the present: the highest call-id, and among equals the failure (a recurring monitor fails with
 * the call-id of its success before). What was never answered has none, and counts by its time.
 */
export function newestRecord(
  resourceId: string,
  records: Readonly<Record<string, OperationRecord>>,
): OperationRecord | undefined {
  const isFailure = ({ id }: OperationRecord) => id === `${resourceId}_last_failure_0`;
  const isNewer = (a: OperationRecord, b: OperationRecord) => {
    const byCall = a.callId < 0 || b.callId < 0 ? a.changedAt - b.changedAt : a.callId - b.callId;
    return byCall > 0 || (byCall === 0 && isFailure(a));
  };
  return Object.values(records).reduce<OperationRecord | undefined>(
    (newest, each) => (newest === undefined || isNewer(each, newest) ? each : newest),
    undefined,
  );
}

/** A recurring operation no longer runs: its record goes (controld_execd.c erase_lrm_history_by_op). */
export function cancelRecurring(
  history: History,
  node: NodeName,
  resourceId: string,
  operation: FailedOperation,
): History {
  return removeRecord(history, node, resourceId, `${resourceId}_${operation.operation}_${operation.intervalMs}`);
}

/**
 * Nobody but us numbers the operations of VMs and connections, and failures declared in between take numbers too: one
 * that is not above all others would count as older than they are.
 */
function withGrowingCallId(
  history: History,
  node: NodeName,
  resource: ResourceDescriptor,
  result: OperationResult,
): OperationResult {
  const isOurs = assemblyOfVm(resource) !== undefined || resource.container !== undefined;
  return isOurs && result.callId >= 0
    ? { ...result, callId: Math.max(result.callId, nextCallId(history, node)) }
    : result;
}

/** Name of the assembly whose VM a resource is, undefined for other resources. */
function assemblyOfVm({ id, class: standard, provider, type }: ResourceDescriptor): string | undefined {
  const isVm = standard === 'ocf' && provider === 'cpe' && type === 'assembly';
  return isVm ? id.slice(0, id.lastIndexOf('.')) : undefined;
}

type Outcome = Omit<OperationResult, keyof OperationOrder>;

/** controld_execd.c controld_action_is_recordable. */
function isRecorded(operation: string): boolean {
  return !['cancel', 'delete', 'notify', 'meta-data'].includes(operation);
}

/** A reload is recorded as the start whose parameters it replaced, until then, and a failed one, as a monitor; see pcmk__create_history_xml. */
function normalise(result: OperationResult): OperationResult {
  const isNotRunning = result.status === executionStatus.error && result.rc === exitCode.notRunning;
  const status = isNotRunning ? executionStatus.done : result.status;
  if (result.operation !== 'reload' && result.operation !== 'reload-agent') {
    return { ...result, status };
  }
  return { ...result, status, operation: status === executionStatus.done ? 'start' : 'monitor' };
}

/** lib/common/operations.c did_rsc_op_fail. */
function hasFailed(result: OperationResult): boolean {
  return result.status !== executionStatus.done || result.rc !== result.expectedRc;
}

/** controld_te_events.c update_failcount: probes are never counted, a failed stop counts for ever. */
function countFailedResult(history: History, node: NodeName, resourceId: string, result: OperationResult): History {
  const isCounted = result.intervalMs > 0 || ['start', 'stop', 'promote', 'demote'].includes(result.operation);
  if (!isCounted || result.rc === result.expectedRc) {
    return history;
  }
  if (result.ignoresFailure === true) {
    const name = `last-failure-${resourceId}#${result.operation}_${result.intervalMs}`;
    return putAttributes(history, node, { [name]: String(Math.floor(result.changedAt / 1000)) });
  }
  return addFailure(history, node, resourceId, result, result.changedAt, result.operation === 'stop' ? 'INFINITY' : 1);
}

function regularId(resourceId: string, order: OperationOrder): string {
  return order.intervalMs > 0 ? `${resourceId}_${order.operation}_${order.intervalMs}` : `${resourceId}_last_0`;
}

function record(id: string, order: OperationOrder, outcome: Outcome): OperationRecord {
  return {
    id,
    operation: order.operation,
    intervalMs: order.intervalMs,
    callId: outcome.callId,
    rc: outcome.rc,
    status: outcome.status,
    expectedRc: order.expectedRc,
    transition: order.transition,
    action: order.action,
    changedAt: outcome.changedAt,
    execMs: outcome.execMs,
    queueMs: outcome.queueMs,
    digest: order.digest,
    exitReason: outcome.exitReason,
    ...restartOf(outcome),
  };
}

function restartOf({ restart }: { readonly restart?: RestartDigest | undefined } = {}): { restart?: RestartDigest } {
  return restart === undefined ? {} : { restart };
}
