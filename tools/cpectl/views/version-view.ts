import type { DeployableVersion } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { type Column, renderTable } from './table.js';
import { isoTime, localDateTime, unixTime } from './times.js';

export function versionsJson(versions: readonly DeployableVersion[]): unknown[] {
  return versions.map(({ timeUnixMs, ...version }) => ({
    ...version,
    time: isoTime(timeUnixMs),
    timeUnixMs: unixTime(timeUnixMs),
  }));
}

const columns: readonly Column[] = [
  { title: 'REVISION', align: 'right' },
  { title: '' },
  { title: 'TIME' },
  { title: 'BY' },
  { title: 'COMMENT' },
];

export function renderVersions(versions: readonly DeployableVersion[], colors: Colors): string {
  const rows = versions.map(({ revision, current, timeUnixMs, by, comment }) => [
    String(revision),
    current ? { text: 'in force', paint: colors.green } : '',
    timeUnixMs > 0 ? localDateTime(timeUnixMs) : '',
    by,
    comment,
  ]);
  return renderTable(columns, rows, colors);
}
