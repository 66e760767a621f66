/**
 * A site of several coordinator machines on a network that can be cut: each has a nats-server of the cluster and its
 * own home; one more is a launcher host. Driven as an operator would, through cpectl on any of them.
 */
import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCredentials, ensureIdentity } from '../../coordinator/cpe/credentials.js';
import type { EventJson } from '../../tools/cpectl/views/event-view.js';
import { until } from '../e2e/site.js';
import { type BusCluster, startBusCluster } from './bus-cluster.js';
import { cpectlOn, program } from './cpectl-on.js';
import { layNetwork, type Namespaces } from './namespaces.js';

export interface CoordinatorMachines {
  readonly network: Namespaces;
  readonly bus: BusCluster;
  home(machine: string): string;
  /** Runs cpectl on a machine, to its end. */
  run(machine: string, ...args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }>;
  must(machine: string, ...args: readonly string[]): Promise<string>;
  json<T>(machine: string, ...args: readonly string[]): Promise<T>;
  events(machine: string, since?: number): Promise<readonly EventJson[]>;
  /** Writes a document and returns its path. */
  document(name: string, text: string): string;
  /** @param version cpectl of another version, which brings that version up. */
  up(machine: string, version?: string): Promise<void>;
  log(machine: string, process: string): string;
  end(): Promise<void>;
}

/** @param machines coordinator machines; `launcherHost` is one more, and has the odd bus server. */
export async function startCoordinatorMachines(
  machines: readonly string[],
  launcherHost: string,
): Promise<CoordinatorMachines> {
  const root = mkdtempSync(join(tmpdir(), 'cpe-'));
  const all = [...machines, launcherHost];
  const network = layNetwork(all);
  const home = (machine: string) => join(root, machine);
  const background: ChildProcess[] = [];
  const start = (machine: string, name: string, command: readonly string[]) => {
    const log = openSync(join(home(machine), `${name}.log`), 'a');
    const child = network.spawn(machine, command, { stdio: ['ignore', log, log] });
    background.push(child);
  };

  for (const machine of all) mkdirSync(home(machine), { mode: 0o700 });
  const [first = ''] = machines;
  await ensureCredentials(home(first));
  for (const machine of all.filter((each) => each !== first)) {
    for (const folder of ['keys', 'credentials']) {
      cpSync(join(home(first), folder), join(home(machine), folder), { recursive: true });
    }
  }
  const bus = await startBusCluster(network, { machines: all, keysHome: home(first), home, hasJetStream: true });
  // Its own server first: that is the one which is there when nothing else is.
  const servers = (machine: string) => bus.urls(machine);
  start(launcherHost, 'launcherd', [
    ...[process.execPath, program('launcher/launcherd.js'), '--home', home(launcherHost), '--host', launcherHost],
    ...[
      '--bus',
      servers(launcherHost),
      '--credentials',
      await ensureIdentity(home(launcherHost), 'launcher', launcherHost),
    ],
  ]);

  const cpectl = (machine: string) => cpectlOn(network, machine, home(machine));
  const run = (machine: string, ...args: readonly string[]) => cpectl(machine).run(...args);
  const log = (machine: string, name: string) => {
    try {
      return readFileSync(join(home(machine), 'logs', `${name}.log`), 'utf8');
    } catch {
      return '';
    }
  };
  return {
    ...{ network, bus, home, run, log },
    must: (machine, ...args) => cpectl(machine).must(...args),
    json: (machine, ...args) => cpectl(machine).json(...args),
    events: (machine, since) => cpectl(machine).events(since),
    document: (name, text) => {
      const file = join(root, name);
      writeFileSync(file, text);
      return file;
    },
    up: async (machine, version) => {
      const { code, text } = await cpectlOn(network, machine, home(machine), version).run(
        ...['up', '--machine', machine, '--store', 'jetstream', '--bus-servers', servers(machine)],
      );
      const tail = ['supervisor', 'cped'].map((name) => log(machine, name).split('\n').slice(-8).join('\n'));
      if (code !== 0) throw new Error(`${machine}: cpectl up: exit ${code}\n${text}\n${tail.join('\n')}`);
    },
    end: () => endNetwork(network, all, root),
  };
}

/** Kills what runs on the machines, and removes their files below `root`. */
export async function endNetwork(network: Namespaces, machines: readonly string[], root: string): Promise<void> {
  network.healAll();
  for (const machine of machines) {
    for (const pid of network.pids(machine)) signal(pid, 'SIGCONT');
  }
  await network.end();
  // What pm2 and the launcher started has ended with its namespace's processes; the kernel may still be at it.
  await until('the files to go', 30_000, async () => {
    try {
      rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
      return true;
    } catch {
      return undefined;
    }
  });
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
