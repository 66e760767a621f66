/** Bus servers on machines of a network, one each; several are one cluster. */
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderConfig } from '../../coordinator/cpe/bus-server.js';
import { ensureCredentials } from '../../coordinator/cpe/credentials.js';
import { setPlain } from '../../coordinator/identity/authority.js';
import { ensureServerCertificate } from '../../coordinator/identity/site-ca.js';
import { until } from '../e2e/site.js';
import type { Namespaces } from './namespaces.js';

export interface BusCluster {
  /** The URL of the server of one machine. */
  url(machine: string): string;
  /** Of all of them, that of the machine named first, where it has one. */
  urls(nearest?: string): string;
  /** Starts the server of a machine, which has none; resolves when it takes connections. */
  start(machine: string): Promise<void>;
  /** Keeps what is on the disks of all servers. */
  keepDisks(): void;
  /** All servers are killed at once, and come back with the disks that were kept: as if their power had failed then. */
  loseSinceKept(): Promise<void>;
}

export interface BusClusterOptions {
  readonly machines: readonly string[];
  /** The site's keys are below the home of this machine, made where there are none. */
  readonly keysHome: string;
  home(machine: string): string;
  readonly hasJetStream: boolean;
  /** Without TLS: what is between can look into it. */
  readonly isPlain?: boolean;
}

export const busPort = 4222;
const routePort = 6222;

/** Resolves when all of them run. */
export async function startBusCluster(network: Namespaces, options: BusClusterOptions): Promise<BusCluster> {
  const { machines, home } = options;
  if (options.isPlain === true) await setPlain(options.keysHome, true);
  const credentials = await ensureCredentials(options.keysHome);
  const url = (machine: string) => `nats://${network.address(machine)}:${busPort}`;
  for (const machine of machines) {
    mkdirSync(home(machine), { recursive: true, mode: 0o700 });
    const files = {
      pidFile: join(home(machine), 'nats.pid'),
      logFile: join(home(machine), 'nats.log'),
      accounts: join(home(machine), 'accounts'),
      certificate: join(home(machine), 'server.pem'),
    };
    await ensureServerCertificate(options.keysHome, files.certificate, { now: Date.now(), addresses: [] });
    const others = machines.filter((each) => each !== machine);
    const routes = others.map((each) => `nats://${network.address(each)}:${routePort}`);
    const address = network.address(machine);
    const config = [
      renderConfig({ address, port: busPort }, files, credentials),
      `server_name: ${machine}`,
      options.hasJetStream
        ? `jetstream { store_dir: ${JSON.stringify(join(home(machine), 'jetstream'))}, max_file_store: 16GB, max_memory_store: 16MB }`
        : '',
      others.length > 0
        ? `cluster { name: site, listen: "${address}:${routePort}", routes: [${routes.join(', ')}] }`
        : '',
    ];
    writeFileSync(join(home(machine), 'nats.conf'), `${config.join('\n')}\n`, { mode: 0o600 });
  }
  const launch = (machine: string) => {
    const log = openSync(join(home(machine), 'nats-server.log'), 'a');
    const command = ['/usr/sbin/nats-server', '-c', join(home(machine), 'nats.conf')];
    network.spawn(machine, command, { stdio: ['ignore', log, log] });
  };
  const start = async (machine: string) => {
    const log = join(home(machine), 'nats.log');
    const before = timesReady(log);
    launch(machine);
    await listens(log, before + 1);
  };
  const pids = () => machines.map((machine) => Number(readFileSync(join(home(machine), 'nats.pid'), 'utf8')));
  const copyDisks = (from: string, to: string) => {
    for (const machine of machines) {
      rmSync(join(home(machine), to), { recursive: true, force: true });
      cpSync(join(home(machine), from), join(home(machine), to), { recursive: true });
    }
  };
  for (const machine of machines) launch(machine);
  for (const machine of machines) await listens(join(home(machine), 'nats.log'), 1);
  return {
    url,
    urls: (nearest) => {
      const first = machines.filter((each) => each === nearest);
      return [...first, ...machines.filter((each) => each !== nearest)].map(url).join(',');
    },
    start,
    keepDisks() {
      for (const pid of pids()) process.kill(pid, 'SIGSTOP');
      copyDisks('jetstream', 'jetstream.kept');
      for (const pid of pids()) process.kill(pid, 'SIGCONT');
    },
    async loseSinceKept() {
      const running = pids();
      for (const pid of running) process.kill(pid, 'SIGKILL');
      await until('them to end', 30_000, async () => (running.some(isThere) ? undefined : true));
      copyDisks('jetstream.kept', 'jetstream');
      await Promise.all(machines.map(start));
    },
  };
}

/** A server that does not come up has said why. */
async function listens(logFile: string, times: number): Promise<void> {
  const isReady = async () => (timesReady(logFile) >= times ? true : undefined);
  await until('a bus server', 120_000, isReady, async () => textOf(logFile));
}

function isThere(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const timesReady = (logFile: string) => textOf(logFile).split('Server is ready').length - 1;
const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
