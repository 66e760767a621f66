/** The results of operations that a report holds. */
import type { OperationResult } from './operation.js';
import type { LocalRecoveryReport, MonitorChangedReport, ReportBody } from './state.js';

/** The one that a report is about; of several reports in one the newest. */
export function resultOf(report: ReportBody): OperationResult {
  switch (report.kind) {
    case 'order-result':
    case 'monitor-changed':
      return report.result;
    case 'local-recovery':
      return report.failure;
    case 'condensed':
      return resultOf(report.newest);
  }
}

/** The report with each of its results changed. */
export function withResults<R extends ReportBody>(report: R, change: (result: OperationResult) => OperationResult): R;
export function withResults(report: ReportBody, change: (result: OperationResult) => OperationResult): ReportBody {
  switch (report.kind) {
    case 'order-result':
      return { ...report, result: change(report.result) };
    case 'monitor-changed':
    case 'local-recovery':
      return ofOne(report, change);
    case 'condensed':
      return { ...report, newest: ofOne(report.newest, change) };
  }
}

function ofOne(
  report: LocalRecoveryReport | MonitorChangedReport,
  change: (result: OperationResult) => OperationResult,
): LocalRecoveryReport | MonitorChangedReport {
  if (report.kind === 'monitor-changed') return { ...report, result: change(report.result) };
  const results = Object.entries(report.results).map(([step, result]) => [step, change(result)] as const);
  return { ...report, failure: change(report.failure), results: Object.fromEntries(results) };
}
