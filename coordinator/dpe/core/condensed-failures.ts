/** Failures that an agent had no room to tell one by one: how many, when the first and when the last. */
import { addFailure } from '../../state/fail-count.js';
import { isExpected, resultsOf } from './agent-results.js';
import type { AgentReportBody } from './dpe-event.js';
import { noteCause } from './failure-causes.js';
import { isCounting, setResourceWindow } from './failures.js';
import { assemblyState, emit, resourceModel, type Work } from './work.js';

type Condensed = Extract<AgentReportBody, { kind: 'condensed' }>;

/** More than any budget has; what agents take of a window (agent/bus/order-messages.ts). */
const maxCounted = 1000;

/**
 * Tells and counts all but the newest, which is told whole: in the fail count each of them, in the budget's window as if
 * they had come evenly between the first and the last.
 */
export function countCondensed(work: Work, assembly: string, report: Condensed): void {
  const { resource, newest } = report;
  const others = othersOf(report);
  const [result] = resultsOf(newest);
  if (others.failures === 0 || result === undefined) return;
  const reason = tellCondensed(work, assembly, report);
  const { operation, intervalMs } = result;
  const history = addFailure(
    work.durable.history,
    assembly,
    resource,
    { operation, intervalMs },
    report.lastAt,
    others.failures,
  );
  work.durable = { ...work.durable, history };
  const periodMs = resourceModel(work, resource)?.resource.escalation.periodMs ?? 0;
  const times = timesOf(report, others.failures).filter((at) => report.lastAt - at < periodMs);
  const last = times.at(-1);
  if (last === undefined || !isCounting(work, resource)) return;
  noteCause(work, resource, { at: last, reason }, periodMs);
  const known = work.durable.windows.resources[resource] ?? [];
  setResourceWindow(work, resource, [...known.filter((at) => report.lastAt - at < periodMs), ...times]);
}

/** One event for all but the newest. Returns its reason. */
export function tellCondensed(work: Work, assembly: string, report: Condensed): string {
  const { firstAt, lastAt } = report;
  const { failures, recovered } = othersOf(report);
  const span = `between ${new Date(firstAt).toISOString()} and ${new Date(lastAt).toISOString()}`;
  const reason = `failed ${failures} times ${span}, ${recovered} of them repaired by its agent`;
  if (failures === 0) return reason;
  const { instance } = assemblyState(work, assembly);
  emit(work, {
    time: lastAt,
    kind: 'resource-failed',
    assembly,
    resource: report.resource.split('.')[1] ?? '',
    ...(instance.kind === 'none' ? {} : { instance: instance.id }),
    reason,
    evidence: {
      verdict: 'application',
      evidence: [`its agent reports: ${reason}; there was no room for the details`],
      operation: 'monitor',
      failures,
      recovered,
      firstAt,
      lastAt,
    },
  });
  return reason;
}

function othersOf({ failures, recovered, newest }: Condensed): {
  readonly failures: number;
  readonly recovered: number;
} {
  const [result] = resultsOf(newest);
  const isFailure = newest.kind === 'local-recovery' || (result !== undefined && !isExpected(result));
  const isRecovered = newest.kind === 'local-recovery' && newest.verdict === 'recovered';
  return {
    failures: Math.max(0, failures - (isFailure ? 1 : 0)),
    recovered: Math.max(0, recovered - (isRecovered ? 1 : 0)),
  };
}

/** The last `maxCounted` of them; the newest, at `lastAt`, is counted by itself. */
function timesOf({ firstAt, lastAt }: Condensed, failures: number): readonly number[] {
  const apartMs = (lastAt - firstAt) / failures;
  const from = Math.max(0, failures - maxCounted);
  return Array.from({ length: failures - from }, (_, index) => Math.round(firstAt + (from + index) * apartMs));
}
