import { dirname } from 'node:path';
import type { TransitionSummary } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { paintState } from './paint-state.js';
import { printable } from './printable.js';
import { type Column, renderTable } from './table.js';
import { isoTime, localDateTime, renderElapsed, unixTime } from './times.js';

export function transitionsJson(transitions: readonly TransitionSummary[]): unknown[] {
  return transitions.map(({ timeUnixMs, ...transition }) => ({
    ...transition,
    time: isoTime(timeUnixMs),
    timeUnixMs: unixTime(timeUnixMs),
  }));
}

const columns: readonly Column[] = [
  { title: 'NUMBER', align: 'right' },
  { title: 'TIME' },
  { title: 'ACTIONS', align: 'right' },
  { title: 'FAILED', align: 'right' },
  { title: 'OUTCOME' },
  { title: 'DECIDED IN', align: 'right' },
  { title: 'TOOK', align: 'right' },
  { title: 'BECAUSE' },
];

/** A table of the transitions, and where their CIBs and graphs are kept. */
export function renderTransitions(transitions: readonly TransitionSummary[], colors: Colors): string {
  const rows = transitions.map((each) => [
    String(each.number),
    localDateTime(each.timeUnixMs),
    `${each.executed} of ${each.actions}`,
    each.failed === 0 ? '0' : { text: String(each.failed), paint: colors.red },
    paintState(each.outcome, colors),
    renderElapsed(each.decideMs),
    renderElapsed(each.durationMs),
    each.reason === '' ? each.trigger : `${each.trigger} (${each.reason})`,
  ]);
  const places = new Set(transitions.map(({ directory }) => directory).filter((directory) => directory !== ''));
  const kept = [...new Set([...places].map((directory) => dirname(directory)))];
  const note = kept.length === 0 ? '' : `\nCIBs and graphs are kept in ${kept.map(printable).join(', ')}\n`;
  return renderTable(columns, rows, colors) + note;
}
