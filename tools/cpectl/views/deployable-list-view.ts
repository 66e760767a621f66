import type { DeployableSummary } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { paintState } from './paint-state.js';
import { type Column, renderTable } from './table.js';
import { isoTime, renderElapsed, unixTime } from './times.js';

export function deployableListJson(deployables: readonly DeployableSummary[]): unknown[] {
  return deployables.map(({ createdUnixMs, ...summary }) => ({
    ...summary,
    created: isoTime(createdUnixMs),
    createdUnixMs: unixTime(createdUnixMs),
  }));
}

const columns: readonly Column[] = [
  { title: 'NAME' },
  { title: 'DESIRED' },
  { title: 'CONDITION' },
  { title: 'ASSEMBLIES', align: 'right' },
  { title: 'RESOURCES', align: 'right' },
  { title: 'REVISION', align: 'right' },
  { title: 'AGE', align: 'right' },
  { title: 'REASON' },
];

export function renderDeployableList(deployables: readonly DeployableSummary[], now: number, colors: Colors): string {
  const rows = deployables.map((each) => [
    { text: each.name, paint: colors.bold },
    each.desired,
    paintState(each.condition, colors),
    String(each.assemblies),
    String(each.resources),
    String(each.revision),
    each.createdUnixMs > 0 ? renderElapsed(now - each.createdUnixMs) : '',
    each.reason,
  ]);
  return renderTable(columns, rows, colors);
}
