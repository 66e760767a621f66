import type { Budget } from '../model/deployable.js';

/** What a failure means for its budget, with the figures an operator wants to read. */
export type FailureVerdict =
  | { readonly kind: 'repair'; readonly window: readonly number[]; readonly failures: number }
  | {
      readonly kind: 'escalate';
      readonly window: readonly number[];
      readonly failures: number;
      readonly limit: number;
    };

/**
 * Counts one failure against a budget. `window` holds the times (Unix ms) of the failures that were repaired at this
 * level so far; keep the returned one. The `budget.failures`-th failure within `budget.periodMs` escalates instead of
 * being repaired, and empties the window: counting begins anew with the first failure after an escalation (the ring of
 * timestamps of the original's recover.c did the same).
 *
 * A failure exactly one period old has left the window. Times may arrive out of order (reports that waited in an agent's
 * spool): each counts from its own time, so the period is measured back from the latest time known.
 */
export function countFailure(window: readonly number[], budget: Budget, at: number): FailureVerdict {
  const latest = Math.max(at, ...window);
  const recent = [...window, at].filter((time) => latest - time < budget.periodMs).sort((a, b) => a - b);
  if (recent.length >= budget.failures) {
    return { kind: 'escalate', window: [], failures: recent.length, limit: budget.failures };
  }
  return { kind: 'repair', window: recent, failures: recent.length };
}
