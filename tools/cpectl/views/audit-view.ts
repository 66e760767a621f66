import type { AuditEntry } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { printable } from './printable.js';
import { type Column, renderTable } from './table.js';
import { isoTime, localDateTime, unixTime } from './times.js';

export function auditJson(entries: readonly AuditEntry[]): unknown[] {
  return entries.map(({ timeUnixMs, ...entry }) => ({
    ...entry,
    time: isoTime(timeUnixMs),
    timeUnixMs: unixTime(timeUnixMs),
  }));
}

const columns: readonly Column[] = [
  { title: 'SEQ', align: 'right' },
  { title: 'TIME' },
  { title: 'WHO' },
  { title: 'FROM' },
  { title: 'WHAT' },
  { title: 'ABOUT' },
  { title: 'OUTCOME' },
  { title: 'REASON' },
];

export function renderAudit(entries: readonly AuditEntry[], colors: Colors): string {
  const rows = entries.map(({ seq, timeUnixMs, who, from, what, deployable, subject, outcome, reason }) => [
    String(seq),
    localDateTime(timeUnixMs),
    printable(who),
    printable(from),
    what,
    printable([deployable, subject].filter((part) => part !== '').join('/')),
    { text: outcome, paint: outcome === 'done' ? colors.green : colors.yellow },
    printable(reason),
  ]);
  return renderTable(columns, rows, colors);
}
