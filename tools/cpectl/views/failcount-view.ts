import type { FailCount } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { type Column, renderTable } from './table.js';
import { isoTime, renderElapsed, unixTime } from './times.js';

/** Pacemaker's infinite score: no start there until it is cleaned up. */
const infinity = 1_000_000;

export function failcountsJson(failCounts: readonly FailCount[]): unknown[] {
  return failCounts.map(({ lastFailureUnixMs, ...rest }) => ({
    ...rest,
    lastFailure: isoTime(lastFailureUnixMs),
    lastFailureUnixMs: unixTime(lastFailureUnixMs),
  }));
}

const columns: readonly Column[] = [
  { title: 'RESOURCE' },
  { title: 'NODE' },
  { title: 'FAILURES', align: 'right' },
  { title: 'BUDGET' },
  { title: 'LAST', align: 'right' },
];

export function renderFailcounts(failCounts: readonly FailCount[], now: number, colors: Colors): string {
  const rows = failCounts.map(({ resource, node, failures, inWindow, limit, periodMs, lastFailureUnixMs }) => [
    resource,
    node,
    failures >= infinity ? { text: 'INFINITY', paint: colors.red } : String(failures),
    limit === 0 ? '' : `${inWindow} of ${limit} within ${renderElapsed(periodMs)}`,
    lastFailureUnixMs > 0 ? `${renderElapsed(now - lastFailureUnixMs)} ago` : '',
  ]);
  return renderTable(columns, rows, colors);
}
