import type { HostSummary } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { paintState } from './paint-state.js';
import { printable } from './printable.js';
import { type Column, renderTable } from './table.js';
import { isoTime, renderElapsed, unixTime } from './times.js';

/** As the bus has it; what nobody has told is null. */
export function hostJson({ lastBeatUnixMs, ...host }: HostSummary): Record<string, unknown> {
  const { driver, capacityCpus, capacityMemoryMib } = host;
  const told = {
    driver: driver === '' ? null : driver,
    capacityCpus: capacityCpus === 0 ? null : capacityCpus,
    capacityMemoryMib: capacityMemoryMib === 0 ? null : capacityMemoryMib,
  };
  return { ...host, ...told, lastBeat: isoTime(lastBeatUnixMs), lastBeatUnixMs: unixTime(lastBeatUnixMs) };
}

const columns: readonly Column[] = [
  { title: 'HOST' },
  { title: 'STATE' },
  { title: 'HEARD', align: 'right' },
  { title: 'INSTANCES', align: 'right' },
  { title: 'DRIVER' },
  { title: 'CAPACITY' },
  { title: 'FENCER' },
  { title: 'REASON' },
];

export function renderHosts(hosts: readonly HostSummary[], now: number, colors: Colors): string {
  const rows = hosts.map((host) => [
    { text: host.name, paint: colors.bold },
    paintState(host.state, colors),
    host.lastBeatUnixMs > 0 ? `${renderElapsed(now - host.lastBeatUnixMs)} ago` : 'never',
    String(host.instances.length),
    host.driver,
    capacityOf(host),
    host.fencer ? 'yes' : 'no',
    host.reason,
  ]);
  return renderTable(columns, rows, colors);
}

/** `8 cpus, 32 GiB`; empty where its launcher does not tell. */
function capacityOf({ capacityCpus, capacityMemoryMib }: HostSummary): string {
  const memory =
    capacityMemoryMib >= 10_240 ? `${Math.floor(capacityMemoryMib / 1024)} GiB` : `${capacityMemoryMib} MiB`;
  const parts = [capacityCpus > 0 ? `${capacityCpus} cpus` : '', capacityMemoryMib > 0 ? memory : ''];
  return parts.filter((part) => part !== '').join(', ');
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
  const kind = host.driver === '' ? '' : `driver ${printable(host.driver)}, `;
  const capacity = capacityOf(host) === '' ? 'does not tell its capacity' : `has ${capacityOf(host)}`;
  const about = host.driver === '' ? '' : `${kind}${capacity}\n`;
  return `${colors.bold(name)} is ${word}${why}\n${heard}, ${fence}\n${about}${table}`;
}
