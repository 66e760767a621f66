import type { Failure } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { parseEvidence, subjectOf } from './event-view.js';
import { paintEventKind } from './paint-state.js';
import { type Column, renderTable } from './table.js';
import { isoTime, localDateTime, renderElapsed, unixTime } from './times.js';

export function failuresJson(failures: readonly Failure[]): unknown[] {
  return failures.map(({ timeUnixMs, recoveredUnixMs, evidenceJson, ...failure }) => ({
    ...failure,
    time: isoTime(timeUnixMs),
    timeUnixMs: unixTime(timeUnixMs),
    recovered: isoTime(recoveredUnixMs),
    recoveredUnixMs: unixTime(recoveredUnixMs),
    evidence: parseEvidence(evidenceJson),
  }));
}

const columns: readonly Column[] = [
  { title: 'SEQ', align: 'right' },
  { title: 'TIME' },
  { title: 'SUBJECT' },
  { title: 'WHAT' },
  { title: 'TOOK', align: 'right' },
  { title: 'RECOVERY' },
  { title: 'REASON' },
];

export function renderFailures(failures: readonly Failure[], colors: Colors): string {
  const rows = failures.map((each) => {
    const isOver = each.recoveredUnixMs > 0;
    return [
      String(each.seq),
      localDateTime(each.timeUnixMs),
      subjectOf(each),
      { text: each.what, paint: paintEventKind(each.what, colors) },
      isOver ? renderElapsed(each.recoveredUnixMs - each.timeUnixMs) : '',
      each.recovery || { text: isOver ? 'recovered' : 'not recovered', paint: isOver ? String : colors.yellow },
      each.reason,
    ];
  });
  return renderTable(columns, rows, colors);
}
