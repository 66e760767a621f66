import type { ExecutedAction, Replay, Transition } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { paintState } from './paint-state.js';
import { actionCells } from './plan-view.js';
import { printable } from './printable.js';
import { type Column, renderTable } from './table.js';
import { isoTime, localDateTime, renderElapsed, unixTime } from './times.js';
import { transitionsJson } from './transition-view.js';

export function transitionJson({ summary, executed, graphXml, cibXml }: Transition): Record<string, unknown> {
  return {
    summary: summary === undefined ? null : transitionsJson([summary])[0],
    executed: executed.map(({ beganUnixMs, endedUnixMs, ...action }) => ({
      ...action,
      began: isoTime(beganUnixMs),
      beganUnixMs: unixTime(beganUnixMs),
      ended: isoTime(endedUnixMs),
      endedUnixMs: unixTime(endedUnixMs),
    })),
    graphXml,
    cibXml,
  };
}

const columns: readonly Column[] = [
  { title: 'ID', align: 'right' },
  { title: 'AFTER', align: 'right' },
  { title: 'TOOK', align: 'right' },
  { title: 'OPERATION' },
  { title: 'RESOURCE' },
  { title: 'NODE' },
  { title: 'OUTCOME' },
  { title: 'REASON' },
];

/** What a transition was for, and its actions in the order in which they began, by the time since its first. */
export function renderTransition(deployable: string, { summary, executed }: Transition, colors: Colors): string {
  const began = executed[0]?.beganUnixMs ?? 0;
  const rows = executed.map((action) => [
    String(action.id),
    renderElapsed(action.beganUnixMs - began),
    tookMs(action) === undefined ? '' : renderElapsed(tookMs(action) ?? 0),
    ...actionCells(action, colors),
    paintState(action.outcome, colors),
    action.reason,
  ]);
  const table = rows.length === 0 ? '\nNo action was begun.\n' : `\n${renderTable(columns, rows, colors)}`;
  if (summary === undefined) return `A transition of ${deployable} that has not ended.\n${table}`;
  const { number, timeUnixMs, trigger, outcome, reason, actions, failed, decideMs, durationMs, directory } = summary;
  const cell = paintState(outcome, colors);
  const word = typeof cell === 'string' ? cell : cell.paint(cell.text);
  const counts = `${summary.executed} of ${actions} actions, ${failed} failed`;
  const head = [
    `${colors.bold(`transition ${number} of ${deployable}`)} is ${word}${reason === '' ? '' : `: ${printable(reason)}`}`,
    `${localDateTime(timeUnixMs)}, because: ${printable(trigger)}`,
    `${counts}; decided in ${renderElapsed(decideMs)}, took ${renderElapsed(durationMs)}`,
    ...(directory === '' ? [] : [`kept in ${printable(directory)}`]),
  ];
  return `${head.join('\n')}\n${table}`;
}

/** Undefined while it is under way. */
export function tookMs({ beganUnixMs, endedUnixMs }: ExecutedAction): number | undefined {
  return endedUnixMs === 0 ? undefined : Math.max(0, endedUnixMs - beganUnixMs);
}

/** Whether the same decision would be made, and executed in the same order, again. */
export function renderReplay({ sameGraph, sameOrder, differences, schedulerVersion }: Replay): string {
  const verdict = (is: boolean) => (is ? 'the same' : 'NOT the same');
  const lines = [
    `graph: ${verdict(sameGraph)}`,
    `order of actions: ${verdict(sameOrder)}`,
    `scheduler: ${printable(schedulerVersion)}`,
    ...differences.map((difference) => `  ${printable(difference)}`),
  ];
  return `${lines.join('\n')}\n`;
}
