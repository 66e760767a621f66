import type {
  AgentDescription,
  ManagedResource,
  OperationResult,
  RecurringMonitorState,
} from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { renderFacts } from './agent-answer-view.js';
import { backendWords } from './agent-list-view.js';
import { printableLines } from './printable.js';
import { type Column, renderTable } from './table.js';
import { localDateTime, renderElapsed } from './times.js';

const columns: readonly Column[] = [
  { title: 'RESOURCE' },
  { title: 'AGENT' },
  { title: 'WATCH' },
  { title: 'NEXT MONITOR', align: 'right' },
  { title: 'LAST OPERATION' },
  { title: 'FAILURES', align: 'right' },
  { title: 'RECOVERY' },
  { title: 'NOW' },
];

/** Facts about the agent, and a table of what it manages. */
export function renderDescription(description: AgentDescription, now: number, colors: Colors): string {
  const { version, instance, incarnation, pid, startedUnixMs, epoch, leaseMs, memoryBytes } = description;
  const { reportsWaiting, reportsWaitingBytes, reportsCondensed, backends, classes, resources } = description;
  const waiting = reportsWaiting === 0 ? 'none' : `${reportsWaiting} (${reportsWaitingBytes} bytes)`;
  const condensed = reportsCondensed === 0 ? '' : `; ${reportsCondensed} told by their number only`;
  const facts = renderFacts(
    [
      ['instance', instance],
      ['version', version],
      ['up', `${renderElapsed(now - startedUnixMs)} (start ${incarnation} in this instance, pid ${pid})`],
      ['memory', `${(memoryBytes / 2 ** 20).toFixed(1)} MiB`],
      ['epoch', epoch],
      ['lease', leaseMs === 0 ? 'none, or over' : `${renderElapsed(leaseMs)} left`],
      ['reports waiting', `${waiting}${condensed}`],
      ['backends', backendWords(backends) || 'not known yet'],
      ['classes', classes.join(' ')],
    ],
    colors,
  );
  const rows = resources.map((resource) => [
    { text: resource.resource, paint: colors.bold },
    resource.agent,
    resource.watch,
    nextMonitor(resource.monitors),
    resource.lastOperation === undefined ? '' : shortResult(resource.lastOperation),
    failures(resource),
    resource.delegated ? 'agent' : 'DPE',
    activity(resource),
  ]);
  return rows.length === 0 ? facts : `${facts}\n${renderTable(columns, rows, colors)}`;
}

/** All about one resource, with the output of its last operation. */
export function renderManaged(resource: ManagedResource, now: number, colors: Colors): string {
  const { lastOperation } = resource;
  const facts: (readonly [string, string])[] = [
    ['resource', resource.resource],
    ['agent', resource.agent],
    ['watched by', resource.watchedBy],
    ['expected to run', yesNo(resource.expectedToRun)],
    ['recovered by', resource.delegated ? 'its agent' : 'its DPE'],
    ['exclusive', yesNo(resource.exclusive)],
    ['failures', failures(resource) || 'none'],
    ['now', activity(resource) || 'nothing under way'],
    ...resource.monitors.map((monitor) => [monitor.operation, monitorWords(monitor, now)] as const),
  ];
  if (lastOperation === undefined) return renderFacts(facts, colors);
  const { startedUnixMs, execMs, exitReason, output } = lastOperation;
  const last = `${shortResult(lastOperation)}, at ${localDateTime(startedUnixMs)}, in ${renderElapsed(execMs)}`;
  facts.push(['last operation', exitReason === '' ? last : `${last}: ${exitReason}`]);
  const head = renderFacts(facts, colors);
  return output === '' ? head : `${head}\n${printableLines(output)}`;
}

function nextMonitor(monitors: readonly RecurringMonitorState[]): string {
  if (monitors.length === 0) return 'never';
  return `in ${renderElapsed(Math.min(...monitors.map(({ dueInMs }) => dueInMs)))}`;
}

function monitorWords(monitor: RecurringMonitorState, now: number): string {
  const { intervalMs, timeoutMs, dueInMs, lastRc, lastStatus, lastUnixMs } = monitor;
  const result = lastStatus === 'done' ? `rc ${lastRc}` : lastStatus;
  const every = `every ${renderElapsed(intervalMs)} within ${renderElapsed(timeoutMs)}, next in ${renderElapsed(dueInMs)}`;
  return `${every}; ${result} since ${renderElapsed(now - lastUnixMs)}`;
}

function shortResult({ operation, rc, status }: OperationResult): string {
  return `${operation}: ${status === 'done' ? `rc ${rc}` : status}`;
}

function failures({ failuresInWindow, failureLimit }: ManagedResource): string {
  if (failureLimit > 0) return `${failuresInWindow} of ${failureLimit}`;
  return failuresInWindow === 0 ? '' : String(failuresInWindow);
}

function activity({ activity: operation, ordersWaiting }: ManagedResource): string {
  const waiting = ordersWaiting === 0 ? '' : `${ordersWaiting} waiting`;
  return [operation, waiting].filter((part) => part !== '').join(', ');
}

function yesNo(is: boolean): string {
  return is ? 'yes' : 'no';
}
