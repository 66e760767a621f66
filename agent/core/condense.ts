/**
 * Reports that wait while the outbox has no room. The first of them stay whole; of what comes then, the oldest detail of
 * each resource goes, and never the count.
 */
import { resultOf } from './report-results.js';
import type { CondensedReport, LocalRecoveryReport, MonitorChangedReport, Report, ReportBody } from './state.js';
import { leaseEndReason, monitorKey } from './state.js';
import { inUnixTimeOf } from './unix-time.js';

export type CondensableReport = MonitorChangedReport | LocalRecoveryReport | CondensedReport;

/** Neither what was ordered, nor the end of a lease, which is no failure; of both there are no more than orders. */
export function isCondensable(report: ReportBody): report is CondensableReport {
  if (report.kind === 'local-recovery') return report.reason !== leaseEndReason;
  return report.kind !== 'order-result';
}

/**
 * Which of the waiting reports (in order) can be told together with a new one: of the same resource and monitor, and
 * nothing that was ordered of the resource lies between. -1: none.
 *
 * @param from those before it stay whole.
 */
export function partnerOf(report: CondensableReport, waiting: readonly Report[], from: number): number {
  const { resource } = resultOf(report);
  for (let index = waiting.length - 1; index >= from; index -= 1) {
    const other = waiting[index];
    if (other === undefined || resultOf(other).resource !== resource) continue;
    if (!isCondensable(other)) return -1;
    if (keyOf(other) === keyOf(report)) return index;
  }
  return -1;
}

/** Both in one, in place of the later one. */
export function condensed(earlier: CondensableReport, later: CondensableReport): CondensedReport {
  const { base } = resultOf(later);
  const [before, after] = [tally(earlier), tally(later)];
  return {
    kind: 'condensed',
    resource: resultOf(later).resource,
    failures: before.failures + after.failures,
    recovered: before.recovered + after.recovered,
    firstUnixMs: inUnixTimeOf(base, before.firstUnixMs, resultOf(earlier).base),
    lastUnixMs: after.lastUnixMs,
    newest: later.kind === 'condensed' ? later.newest : later,
  };
}

function keyOf(report: CondensableReport): string {
  const { operation, intervalMs } = resultOf(report);
  return monitorKey(operation, intervalMs);
}

type Tally = Pick<CondensedReport, 'failures' | 'recovered' | 'firstUnixMs' | 'lastUnixMs'>;

function tally(report: CondensableReport): Tally {
  switch (report.kind) {
    case 'condensed':
      return report;
    case 'monitor-changed': {
      const at = report.result.endedUnixMs;
      return { failures: report.isFailure ? 1 : 0, recovered: 0, firstUnixMs: at, lastUnixMs: at };
    }
    case 'local-recovery': {
      const at = report.detectedUnixMs;
      const recovered = report.verdict === 'recovered' ? 1 : 0;
      return { failures: 1, recovered, firstUnixMs: at, lastUnixMs: at };
    }
  }
}
