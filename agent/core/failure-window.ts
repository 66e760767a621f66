import type { Moment } from './operation.js';

/** How often a resource may fail before its failure is no longer repaired here. */
export interface FailureBudget {
  /** The `failures`-th failure within the period escalates; 0 and 1 mean that none is repaired here. */
  readonly failures: number;
  readonly periodMs: number;
}

export interface CountedFailure {
  readonly at: Moment;
  /** Number of the report that tells of it; undefined while its recovery is under way. */
  readonly reportNumber: number | undefined;
}

/** Failures of one resource that still count, oldest first, and how long its last restart was held back. */
export interface FailureWindow {
  readonly failures: readonly CountedFailure[];
  /** Back-off of the last restart before jitter; 0 after a restart at once. */
  readonly delayMs: number;
  /** bootMs of the end of the last recovery that worked. */
  readonly recoveredAt: number | undefined;
  /** bootMs of the last escalation: what failed until then is settled and never counts again. */
  readonly emptiedAt: number | undefined;
}

export const emptyWindow: FailureWindow = { failures: [], delayMs: 0, recoveredAt: undefined, emptiedAt: undefined };

export type FailureVerdict =
  | { readonly kind: 'repair'; readonly failures: number; readonly delayMs: number; readonly window: FailureWindow }
  | { readonly kind: 'escalate'; readonly failures: number; readonly reason: string; readonly window: FailureWindow };

const firstDelayMs = 100;
const maxDelayMs = 10_000;
const minSteadyMs = 500;
/** The decider knows our clock so well (coordinator/dpe/core/clock-facts.ts), and no resource fails twice in it. */
const sameFailureMs = 250;

/**
 * Counts one more failure and decides what it leads to: a restart after `delayMs`, or an escalation, which empties
 * the window (the next failure is again the first). `chance` in [0, 1) is the jitter.
 *
 * The first restart in a window has no delay. Later ones wait 100 ms, doubled for each that did not keep the resource
 * up for twice as long as it had been held back; all delays of a window together stay below a quarter of its period,
 * so that waiting alone never makes a failure drop out of it.
 */
export function countFailure(
  window: FailureWindow,
  budget: FailureBudget,
  { at, chance }: { readonly at: Moment; readonly chance: number },
): FailureVerdict {
  const counted = [...withinPeriod(window.failures, budget, at), { at, reportNumber: undefined }];
  const failures = counted.length;
  if (failures >= budget.failures) {
    const reason = `failure ${failures} of ${Math.max(budget.failures, 1)} within ${budget.periodMs / 1000} s`;
    return { kind: 'escalate', failures, reason, window: { ...emptyWindow, emptiedAt: at.bootMs } };
  }
  const delayMs = failures === 1 ? 0 : nextDelay(window, budget, at);
  return {
    kind: 'repair',
    failures,
    delayMs: Math.round(delayMs * (0.5 + chance / 2)),
    window: { ...window, failures: counted, delayMs },
  };
}

function nextDelay(window: FailureWindow, budget: FailureBudget, at: Moment): number {
  const { delayMs, recoveredAt } = window;
  const isSteady = recoveredAt !== undefined && at.bootMs - recoveredAt >= Math.max(minSteadyMs, 2 * delayMs);
  const wanted = isSteady ? firstDelayMs : Math.max(firstDelayMs, delayMs * 2);
  return Math.min(wanted, maxDelayMs, budget.periodMs / (4 * budget.failures));
}

/** A recovery worked: from now on the resource shows whether it stays up. */
export function markRecovered(window: FailureWindow, at: Moment): FailureWindow {
  return { ...window, recoveredAt: at.bootMs };
}

/** The failures whose recovery has just been reported now belong to that report. */
export function markReported(window: FailureWindow, number: number): FailureWindow {
  const failures = window.failures.map((failure) =>
    failure.reportNumber === undefined ? { ...failure, reportNumber: number } : failure,
  );
  return { ...window, failures };
}

/** A report went into a later one: the failures that it told of belong to that. */
export function markReplaced(window: FailureWindow, before: number, number: number): FailureWindow {
  const failures = window.failures.map((failure) =>
    failure.reportNumber === before ? { ...failure, reportNumber: number } : failure,
  );
  return { ...window, failures };
}

/**
 * Takes over what the decider knows: it has the last word on every failure whose report it has acknowledged (it may
 * have forgotten some on purpose) and on those of earlier instances; what it cannot know yet stays. Failures from
 * before the last escalation here are settled.
 */
export function adoptWindow(
  window: FailureWindow,
  known: { readonly failuresUnixMs: readonly number[]; readonly deliveredReport: number },
  at: Moment,
): FailureWindow {
  const unknown = window.failures.filter(
    ({ reportNumber }) => reportNumber === undefined || reportNumber > known.deliveredReport,
  );
  const isSettled = (bootMs: number): boolean => window.emptiedAt !== undefined && bootMs <= window.emptiedAt;
  const isSeen = (bootMs: number): boolean =>
    unknown.some((failure) => Math.abs(failure.at.bootMs - bootMs) < sameFailureMs);
  const taken = known.failuresUnixMs
    .map((unixMs) => ({ at: { unixMs, bootMs: at.bootMs - Math.max(0, at.unixMs - unixMs) }, reportNumber: 0 }))
    .filter((failure) => !isSettled(failure.at.bootMs) && !isSeen(failure.at.bootMs));
  const failures = [...taken, ...unknown].sort((a, b) => a.at.bootMs - b.at.bootMs);
  return { ...window, failures };
}

/** Moves the window to another boot's clock: `shiftMs` is added to every bootMs. */
export function shiftWindow(window: FailureWindow, shiftMs: number): FailureWindow {
  return {
    ...window,
    failures: window.failures.map((failure) => ({
      ...failure,
      at: { ...failure.at, bootMs: failure.at.bootMs + shiftMs },
    })),
    recoveredAt: window.recoveredAt === undefined ? undefined : window.recoveredAt + shiftMs,
    emptiedAt: window.emptiedAt === undefined ? undefined : window.emptiedAt + shiftMs,
  };
}

function withinPeriod(
  failures: readonly CountedFailure[],
  budget: FailureBudget,
  at: Moment,
): readonly CountedFailure[] {
  return failures.filter((failure) => at.bootMs - failure.at.bootMs < budget.periodMs);
}
