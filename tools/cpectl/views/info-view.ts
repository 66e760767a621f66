import type { Info, MachineInfo, ProcessInfo } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { paintState } from './paint-state.js';
import { printable } from './printable.js';
import { type Column, renderTable } from './table.js';
import { isoTime, renderElapsed, unixTime } from './times.js';

/** `info --json`: the coordinator, everything that runs for it, and the instances with the pid of their init. */
export function infoJson(info: Info): Record<string, unknown> {
  const { version, home, busUrl, busServers, credentialsFile, schedulerVersion, processes, machines } = info;
  const agents = processes.filter(({ role }) => role === 'agent');
  return {
    version,
    home,
    busUrl,
    busServers,
    credentialsFile,
    schedulerVersion,
    processes: processes.filter(({ role }) => role !== 'instance').map(processJson),
    instances: processes.filter(({ role }) => role === 'instance').map((instance) => instanceJson(instance, agents)),
    machines: machines.map(machineJson),
  };
}

export function renderInfo(info: Info, now: number, colors: Colors): string {
  const facts = [
    ['version', info.version],
    ['home', info.home],
    ['bus', info.busUrl],
    ...(info.busServers.length === 0 ? [] : [['elsewhere', info.busServers.join(', ')] as const]),
    ['credentials', info.credentialsFile],
    ['scheduler', info.schedulerVersion],
  ] as const;
  const head = facts.map(([title, value]) => `${colors.dim(title.padEnd(12))}${printable(value)}\n`).join('');
  const rows = info.processes.map((each) => [
    each.role,
    each.name,
    each.pid === 0 ? '' : String(each.pid),
    paintState(each.status, colors),
    each.startedUnixMs === 0 ? '' : renderElapsed(now - each.startedUnixMs),
    each.restarts === 0 ? '' : String(each.restarts),
    each.memoryBytes === 0 ? '' : `${Math.round(each.memoryBytes / 2 ** 20)}MiB`,
    each.address,
    each.stateDirectory,
  ]);
  const processes = rows.length === 0 ? '' : `\n${renderTable(columns, rows, colors)}`;
  return `${head}${renderMachines(info.machines, now, colors)}${processes}`;
}

/** The coordinator machines of a site that has several. */
function renderMachines(machines: readonly MachineInfo[], now: number, colors: Colors): string {
  if (machines.length === 0) return '';
  const rows = machines.map(({ name, standing, leads, here, version, startedUnixMs, silentMs, deployables }) => [
    here ? `${name} (this one)` : name,
    paintState(standing, colors),
    leads ? 'leads' : 'stands by',
    standing === 'silent' ? `silent for ${renderElapsed(silentMs)}` : renderElapsed(now - startedUnixMs),
    version,
    deployables.join(', '),
  ]);
  return `\n${renderTable(machineColumns, rows, colors)}`;
}

const machineColumns: readonly Column[] = [
  { title: 'COORDINATOR MACHINE' },
  { title: 'STANDING' },
  { title: 'PART' },
  { title: 'UP', align: 'right' },
  { title: 'VERSION' },
  { title: 'DECIDES FOR' },
];

function machineJson({ startedUnixMs, ...rest }: MachineInfo): Record<string, unknown> {
  return { ...rest, started: isoTime(startedUnixMs), startedUnixMs: unixTime(startedUnixMs) };
}

const columns: readonly Column[] = [
  { title: 'ROLE' },
  { title: 'NAME' },
  { title: 'PID', align: 'right' },
  { title: 'STATUS' },
  { title: 'UP', align: 'right' },
  { title: 'RESTARTS', align: 'right' },
  { title: 'MEMORY', align: 'right' },
  { title: 'ADDRESS' },
  { title: 'STATE DIRECTORY' },
];

function processJson(info: ProcessInfo): Record<string, unknown> {
  const { pid, startedUnixMs, ...rest } = info;
  return { ...rest, pid: pidOf(info), started: isoTime(startedUnixMs), startedUnixMs: unixTime(startedUnixMs) };
}

function instanceJson(instance: ProcessInfo, agents: readonly ProcessInfo[]): Record<string, unknown> {
  // Nobody restarts or weighs an instance's init.
  const { restarts: _restarts, memoryBytes: _memoryBytes, ...known } = processJson(instance);
  const agent = agents.find(({ name }) => name === instance.name);
  return { ...known, agentPid: agent === undefined ? null : pidOf(agent) };
}

/** Null: it does not run. */
function pidOf({ pid }: ProcessInfo): number | null {
  return pid === 0 ? null : pid;
}
