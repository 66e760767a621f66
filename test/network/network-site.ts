/**
 * A site whose parts are on machines of their own, on a network that can be cut: the coordinator (`a`), bus servers, launcher
 * hosts, and for each of those the machine in whose network the agents of its instances are.
 */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureIdentity } from '../../coordinator/cpe/credentials.js';
import { agentCommand } from '../../launcher/agent-program.js';
import type { EventJson } from '../../tools/cpectl/views/event-view.js';
import { pidsOf, until } from '../e2e/site.js';
import { type BusCluster, busPort, startBusCluster } from './bus-cluster.js';
import { endNetwork } from './coordinator-machines.js';
import { type CpectlOn, cpectlOn, program } from './cpectl-on.js';
import { layNetwork, type Namespaces } from './namespaces.js';

export interface NetworkSite {
  readonly network: Namespaces;
  readonly bus: BusCluster;
  /** On the coordinator's machine. */
  readonly cpectl: CpectlOn;
  /** Path of what a process of the launcher host has written. */
  launcherLog(host: string): string;
  startLauncher(host: string): Promise<void>;
  launch(name: string, document: string): Promise<void>;
  /** Resolves when the deployable is as wanted and nothing is left to do. */
  settled(name: string): Promise<void>;
  lastSeq(): Promise<number>;
  /** Resolves with the first such event after `since`. */
  event(since: number, kind: string, about?: string): Promise<void>;
  end(): Promise<void>;
}

export interface NetworkSiteOptions {
  /** Machines that have a bus server. */
  readonly buses: readonly string[];
  readonly launcherHosts: readonly string[];
  /** Silence after which an agent counts as lost; default 6000. */
  readonly agentLostMs?: number;
  /** A machine through whose slow-relay-main everybody reaches the one bus server, which is plain then. */
  readonly relay?: string;
}

export const coordinator = 'a';
/** The machine in whose network the agents of a launcher host are. */
export const agentsOf = (host: string): string => `${host}g`;

export async function startNetworkSite(options: NetworkSiteOptions): Promise<NetworkSite> {
  const { buses, launcherHosts } = options;
  const root = mkdtempSync(join(tmpdir(), 'cpe-'));
  const relays = options.relay === undefined ? [] : [options.relay];
  const machines = [coordinator, ...buses, ...relays, ...launcherHosts.flatMap((host) => [host, agentsOf(host)])];
  const network = layNetwork(machines);
  const home = (machine: string) => join(root, machine);
  for (const machine of machines) mkdirSync(home(machine), { recursive: true, mode: 0o700 });
  const keysHome = home(coordinator);
  const isPlain = options.relay !== undefined;
  const bus = await startBusCluster(network, { machines: buses, keysHome, home, hasJetStream: false, isPlain });
  const busUrls = options.relay !== undefined ? await startRelay(network, options.relay, buses[0] ?? '') : bus.urls();
  const cpectl = cpectlOn(network, coordinator, keysHome);
  const launcherLog = (host: string) => join(home(host), 'launcherd.log');
  const startLauncher = async (host: string) => {
    const credentials = await ensureIdentity(keysHome, 'launcher', host);
    const log = openSync(launcherLog(host), 'a');
    const command = [
      ...[process.execPath, program('launcher/launcherd.js'), '--home', home(host), '--host', host],
      ...['--bus', busUrls, '--credentials', credentials],
      ...['--agent-command', JSON.stringify(network.inside(agentsOf(host), agentCommand()))],
    ];
    network.spawn(host, command, { stdio: ['ignore', log, log] });
  };
  const status = async (name: string) => {
    const ran = await cpectl.run('--json', 'deployable', 'status', name);
    if (ran.code !== 0) return { text: ran.text, isSettled: false };
    const { condition, settled } = JSON.parse(ran.text) as { condition: string; settled: boolean };
    return { text: ran.text, isSettled: condition === 'running' && settled };
  };
  const site: NetworkSite = {
    ...{ network, bus, cpectl, launcherLog, startLauncher },
    async launch(name, document) {
      const file = join(root, `${name}.yaml`);
      writeFileSync(file, document);
      await cpectl.must('deployable', 'create', '-f', file);
      await cpectl.must('deployable', 'start', name);
      await site.settled(name);
    },
    async settled(name) {
      let last = '';
      await until(
        `${name} to be settled`,
        120_000,
        async () => {
          const { text, isSettled } = await status(name);
          last = text;
          return isSettled ? true : undefined;
        },
        async () => last,
      );
    },
    lastSeq: async () => (await cpectl.events()).at(-1)?.seq ?? 0,
    async event(since, kind, about) {
      let last = '';
      await until(
        `${kind} ${about ?? ''}`,
        120_000,
        async () => {
          // Nobody may answer while the bus comes back.
          const { code, text } = await cpectl.run('--json', 'events', '--since', String(since));
          last = text;
          const events = code === 0 ? text.split('\n').filter(Boolean) : [];
          const isIt = (event: EventJson) => event.kind === kind && (about === undefined || event.assembly === about);
          return events.some((line) => isIt(JSON.parse(line) as EventJson)) ? true : undefined;
        },
        async () => last,
      );
    },
    end: () => endNetwork(network, machines, root),
  };
  try {
    for (const host of launcherHosts) await startLauncher(host);
    const heard = ['--heartbeat-ms', '500', '--agent-lost-ms', String(options.agentLostMs ?? 6_000)];
    const tls = isPlain ? ['--bus-tls', 'off'] : [];
    await cpectl.must('up', '--no-launcher-host', '--bus-servers', busUrls, ...tls, ...heard);
    return site;
  } catch (error) {
    await site.end();
    throw error;
  }
}

/** Resolves with the URL of the relay, once it listens. */
async function startRelay(network: Namespaces, machine: string, busMachine: string): Promise<string> {
  const ends = [network.address(machine), busPort, network.address(busMachine), busPort].map(String);
  const command = [process.execPath, program('test/network/slow-relay-main.js'), ...ends];
  const relay = network.spawn(machine, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (relay.stdout !== null) await once(relay.stdout, 'data');
  return `nats://${network.address(machine)}:${busPort}`;
}

/** Looks again and again at how often each command line runs on this machine. */
export interface Census {
  /** The most that ran of any of them at one moment. */
  readonly mostAtOnce: number;
  stop(): void;
}

export function takeCensus(commands: readonly string[]): Census {
  let mostAtOnce = 0;
  const timer = setInterval(() => {
    for (const command of commands) mostAtOnce = Math.max(mostAtOnce, pidsOf(command).length);
  }, 100);
  return {
    get mostAtOnce() {
      return mostAtOnce;
    },
    stop: () => clearInterval(timer),
  };
}
