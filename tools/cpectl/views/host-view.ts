import type { HostSummary } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { paintState } from './paint-state.js';
import { printable } from './printable.js';
import { type Column, renderTable } from './table.js';
import { isoTime, renderElapsed, unixTime } from './times.js';

export function hostJson({ lastBeatUnixMs, ...host }: HostSummary): Record<string, unknown> {
  return { ...host, lastBeat: isoTime(lastBeatUnixMs), lastBeatUnixMs: unixTime(lastBeatUnixMs) };
}

const columns: readonly Column[] = [
  { title: 'HOST' },
  { title: 'STATE' },
  { title: 'HEARD', align: 'right' },
  { title: 'INSTANCES', align: 'right' },
  { title: 'FENCER' },
  { title: 'REASON' },
];

export function renderHosts(hosts: readonly HostSummary[], now: number, colors: Colors): string {
  const rows = hosts.map(({ name, state, reason, fencer, lastBeatUnixMs, instances }) => [
    { text: name, paint: colors.bold },
    paintState(state, colors),
    lastBeatUnixMs > 0 ? `${renderElapsed(now - lastBeatUnixMs)} ago` : 'never',
    String(instances.length),
    fencer ? 'yes' : 'no',
    reason,
  ]);
  return renderTable(columns, rows, colors);
}

const instanceColumns: readonly Column[] = [
  { title: 'INSTANCE' },
  { title: 'DEPLOYABLE' },
  { title: 'ASSEMBLY' },
  { title: 'STATE' },
];

/** `left is draining: 2 instances left`, and the instances. */
export function renderHost(host: HostSummary, now: number, colors: Colors): string {
  const { name, state, reason, fencer, lastBeatUnixMs, instances } = host;
  const cell = paintState(state, colors);
  const word = typeof cell === 'string' ? cell : cell.paint(cell.text);
  const why = reason === '' ? '' : `: ${printable(reason)}`;
  const heard = lastBeatUnixMs > 0 ? `heard ${renderElapsed(now - lastBeatUnixMs)} ago` : 'never heard';
  const fence = fencer ? 'a fencer is configured' : 'no fencer is configured';
  const rows = instances.map((each) => [each.instance, each.deployable, each.assembly, paintState(each.state, colors)]);
  const table = rows.length === 0 ? '' : `\n${renderTable(instanceColumns, rows, colors)}`;
  return `${colors.bold(name)} is ${word}${why}\n${heard}, ${fence}\n${table}`;
}
