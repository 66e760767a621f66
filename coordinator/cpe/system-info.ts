/** What runs: the coordinator's own processes, launchers, instances and their agents. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bus } from '../../proto/bus.js';
import type { Draft, Info, InstanceState, MachineInfo, ProcessInfo } from '../../proto/messages.js';
import { launcherList } from '../../proto/subjects.js';
import { leaseTermMs } from '../dpe/lease.js';
import { urlsFromElsewhere } from './bus-urls.js';
import type { Coordination } from './coordination.js';
import { credentialsFile } from './credentials.js';
import type { DpeProcesses } from './dpe-processes.js';
import { pm2DaemonPid, pm2Home } from './process-manager.js';
import type { SiteConfig } from './site-config.js';

const listDeadlineMs = 2_000;

export interface InfoSources {
  readonly home: string;
  readonly config: SiteConfig;
  readonly bus: Bus;
  readonly dpes: DpeProcesses;
  /** Absent where there is only this coordinator machine. */
  readonly coordination?: Coordination | undefined;
  readonly hosts: readonly string[];
  readonly version: string;
  readonly schedulerVersion: string;
}

export async function gatherInfo(sources: InfoSources): Promise<Draft<Info>> {
  const { home, config, version, schedulerVersion } = sources;
  const lists = await Promise.all(sources.hosts.map((host) => listInstances(sources.bus, host)));
  const instances = lists.flatMap((list) => list ?? []);
  return {
    version,
    home,
    busUrl: config.busUrl,
    busServers: [...urlsFromElsewhere(config)],
    credentialsFile: credentialsFile(home, 'operator'),
    schedulerVersion,
    processes: [...daemons(home), ...(await managed(sources)), ...instances.flatMap(instanceAndAgent)],
    machines: machinesOf(sources),
  };
}

function machinesOf({ coordination }: InfoSources): Draft<MachineInfo>[] {
  if (coordination === undefined) return [];
  const { machines, leader, deployables: records, ageMs } = coordination.site();
  // What it remembers of the others says nothing of them any more.
  if (ageMs >= leaseTermMs) return [{ name: coordination.machine, standing: 'cut-off', here: true }];
  return machines.map(({ name, standing, version, startedAt, unchangedMs }) => ({
    ...{ name, standing, version, leads: name === leader, here: name === coordination.machine },
    startedUnixMs: startedAt,
    silentMs: Math.round(unchangedMs),
    deployables: records.filter(({ machine }) => machine === name).map((record) => record.name),
  }));
}

/** Instances of one launcher host; undefined when its launcher does not answer, which says nothing of them. */
export async function listInstances(
  bus: Bus,
  host: string,
  deployable?: string,
): Promise<readonly InstanceState[] | undefined> {
  const outcome = await bus.request(
    launcherList(host),
    { body: { kind: 'listInstances', value: {} }, deployable },
    { deadlineMs: listDeadlineMs },
  );
  const body = outcome.kind === 'reply' ? outcome.envelope.body : undefined;
  return body?.kind === 'launcherInventory' ? body.value.instances : undefined;
}

function daemons(home: string): Draft<ProcessInfo>[] {
  const supervisor = readPid(join(home, 'supervisor.pid'));
  return [
    { role: 'supervisor', name: 'supervisor', pid: supervisor, stateDirectory: home, status: word(supervisor) },
    { role: 'pm2', name: 'pm2', pid: pm2DaemonPid(home) ?? 0, stateDirectory: pm2Home(home), status: 'online' },
  ];
}

async function managed({ home, dpes }: InfoSources): Promise<Draft<ProcessInfo>[]> {
  const processes = await dpes.list();
  return processes.map(({ name, pid, status, restarts, startedAt, memoryBytes }) => ({
    role: roleOf(name),
    name,
    pid,
    status,
    restarts,
    startedUnixMs: Math.round(startedAt),
    memoryBytes,
    stateDirectory: stateDirectory(home, name),
    launcherHost: name.startsWith('launcherd-') ? name.slice('launcherd-'.length) : '',
  }));
}

function roleOf(name: string): string {
  if (name === 'nats-server' || name === 'cped') return name;
  return name.startsWith('launcherd-') ? 'launcherd' : 'dped';
}

function stateDirectory(home: string, name: string): string {
  switch (roleOf(name)) {
    case 'nats-server':
      return join(home, 'nats');
    case 'launcherd':
      return join(home, 'launcher', name.slice('launcherd-'.length));
    default:
      return join(home, 'store');
  }
}

function instanceAndAgent(state: InstanceState): Draft<ProcessInfo>[] {
  if (state.state !== 'running') return [];
  const common = {
    deployable: state.deployable,
    assembly: state.assembly,
    launcherHost: state.launcherHost,
    address: state.address,
    stateDirectory: state.stateDirectory,
    startedUnixMs: state.startedUnixMs,
    name: state.instance,
  };
  const agent = { ...common, role: 'agent', pid: state.agentPid, status: word(state.agentPid) };
  return [{ ...common, role: 'instance', pid: state.pid, status: 'running' }, agent];
}

function readPid(file: string): number {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch {
    return 0;
  }
}

function word(pid: number): string {
  return pid === 0 ? 'not running' : 'online';
}
