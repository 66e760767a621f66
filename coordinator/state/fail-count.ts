/** Fail counts: transient attributes of a node, as the controller keeps them (controld_attrd.c). */
import type { History, NodeName } from './history.js';
import { putAttributes, removeRecord, resourceHistory } from './history-edit.js';
import { ownEntry } from './own-entry.js';

/** Operation of a fail count. */
export interface FailedOperation {
  readonly operation: string;
  readonly intervalMs: number;
}

/** Raises a fail count by one (or to INFINITY) and dates it. Only for failures that no recordResult has counted. */
export function addFailure(
  history: History,
  node: NodeName,
  resourceId: string,
  operation: FailedOperation,
  at: number,
  by: number | 'INFINITY' = 1,
): History {
  const suffix = `${resourceId}#${operation.operation}_${operation.intervalMs}`;
  const before = ownEntry(history, node)?.attributes[`fail-count-${suffix}`];
  const count = by === 'INFINITY' || before === 'INFINITY' ? 'INFINITY' : String(Number(before ?? 0) + by);
  return putAttributes(history, node, {
    [`fail-count-${suffix}`]: count,
    [`last-failure-${suffix}`]: String(Math.floor(at / 1000)),
  });
}

/** Sum of a resource's fail counts on a node, Infinity for INFINITY (lib/pengine/failcounts.c pe_get_failcount). */
export function failCount(history: History, node: NodeName, resourceId: string): number {
  const prefix = `fail-count-${resourceId}#`;
  return Object.entries(ownEntry(history, node)?.attributes ?? {})
    .filter(([name]) => name.startsWith(prefix))
    .reduce((sum, [, value]) => sum + (value === 'INFINITY' ? Number.POSITIVE_INFINITY : Number(value)), 0);
}

/**
 * Forgets failures: the fail counts and the record of the last failure, of one operation or of all
 * (controld_messages.c handle_failcount_op, controld_execd.c lrm_clear_last_failure).
 */
export function clearFailCount(
  history: History,
  node: NodeName,
  resourceId: string,
  operation?: FailedOperation,
): History {
  const entry = ownEntry(history, node);
  if (entry === undefined) {
    return history;
  }
  const suffix = operation === undefined ? '' : `${operation.operation}_${operation.intervalMs}`;
  const isCleared = (name: string) =>
    ['fail-count', 'last-failure'].some((kind) =>
      suffix === '' ? name.startsWith(`${kind}-${resourceId}#`) : name === `${kind}-${resourceId}#${suffix}`,
    );
  const attributes = Object.fromEntries(Object.entries(entry.attributes).filter(([name]) => !isCleared(name)));
  const cleared = { ...history, [node]: { ...entry, attributes } };
  const lastFailure = resourceHistory(history, node, resourceId)?.records[`${resourceId}_last_failure_0`];
  const isSameOperation =
    operation === undefined ||
    (lastFailure?.operation === operation.operation && lastFailure.intervalMs === operation.intervalMs);
  return lastFailure !== undefined && isSameOperation
    ? removeRecord(cleared, node, resourceId, lastFailure.id)
    : cleared;
}
