import type { Plan, PlannedAction, PlannedTransition } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { printable } from './printable.js';
import { type Cell, type Column, renderTable } from './table.js';
import { renderElapsed } from './times.js';

/** What is said where nothing is to be done. */
export interface PlanWords {
  /** `web.app fails`, `shop is reloaded with shop.yaml`. */
  readonly supposed: string;
}

const changeColumns: readonly Column[] = [{ title: 'WHAT' }, { title: 'SUBJECT' }, { title: 'BECAUSE' }];

const actionColumns: readonly Column[] = [
  { title: 'STEP', align: 'right' },
  { title: 'OPERATION' },
  { title: 'RESOURCE' },
  { title: 'NODE' },
];

/** Every change with its reason, then the actions of every transition in their order; nothing of it was executed. */
export function renderPlan(plan: Plan, { supposed }: PlanWords, colors: Colors): string {
  const { changes, transitions, outcome, reason } = plan;
  const why = reason === '' ? '' : ` (${printable(reason)})`;
  if (outcome === 'refused') return `If ${supposed}: the scheduler refuses to decide${why}\n`;
  if (changes.length === 0 && transitions.every(({ actions }) => actions.length === 0)) {
    return `If ${supposed}: nothing is started, stopped or restarted${why}\n`;
  }
  const rows = changes.map(({ what, subject, reason: because }) => [paintWhat(what, colors), subject, because]);
  const table = rows.length === 0 ? '' : `\n${renderTable(changeColumns, rows, colors)}`;
  const end =
    outcome === 'settled' ? '' : `\nIt does not come to rest${why}: what is above is as far as it was followed\n`;
  const lead = `If ${supposed}${outcome === 'settled' ? why : ''}:\n`;
  return lead + table + transitions.map((each) => renderTransition(each, colors)).join('') + end;
}

function renderTransition({ number, trigger, actions }: PlannedTransition, colors: Colors): string {
  const count = `${actions.length} action${actions.length === 1 ? '' : 's'}`;
  const title = `\n${colors.bold(`transition ${number}`)} (${printable(trigger)}): ${count}\n`;
  const rows = actions.map((action, index) => [String(index + 1), ...actionCells(action, colors)]);
  return rows.length === 0 ? title : title + renderTable(actionColumns, rows, colors);
}

/** Operation, resource and node of an action, planned or executed. */
export function actionCells(
  { kind, operation, resource, node, intervalMs }: Omit<PlannedAction, 'id'>,
  colors: Colors,
): Cell[] {
  const interval = intervalMs > 0 ? ` every ${renderElapsed(intervalMs)}` : '';
  const paint = kind === 'pseudo' ? colors.dim : kind === 'fencing' ? colors.red : String;
  return [{ text: `${operation}${interval}`, paint }, resource, node];
}

function paintWhat(what: string, colors: Colors): Cell {
  const paint = { start: colors.green, stop: colors.red, restart: colors.yellow, move: colors.yellow }[what];
  return { text: what, paint: paint ?? String };
}
