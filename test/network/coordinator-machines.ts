/**
 * A site of several coordinator machines on a network that can be cut: each has a nats-server of the cluster and its
 * own home; one more is a launcher host. Driven as an operator would, through cpectl on any of them.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderConfig } from '../../coordinator/cpe/bus-server.js';
import { ensureCredentials, ensureIdentity } from '../../coordinator/cpe/credentials.js';
import { ensureServerCertificate } from '../../coordinator/identity/site-ca.js';
import type { EventJson } from '../../tools/cpectl/views/event-view.js';
import { until } from '../e2e/site.js';
import { layNetwork, type Namespaces } from './namespaces.js';

export interface CoordinatorMachines {
  readonly network: Namespaces;
  home(machine: string): string;
  /** Runs cpectl on a machine, to its end. */
  run(machine: string, ...args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }>;
  must(machine: string, ...args: readonly string[]): Promise<string>;
  json<T>(machine: string, ...args: readonly string[]): Promise<T>;
  events(machine: string, since?: number): Promise<readonly EventJson[]>;
  /** Writes a document and returns its path. */
  document(name: string, text: string): string;
  up(machine: string): Promise<void>;
  /** The URL of the bus server of one machine. */
  busUrl(machine: string): string;
  log(machine: string, process: string): string;
  end(): Promise<void>;
}

const program = (path: string) => join(import.meta.dirname, '..', '..', path);
const busPort = 4222;
const routePort = 6222;

/** @param machines coordinator machines; `launcherHost` is one more, and has the odd bus server. */
export async function startCoordinatorMachines(
  machines: readonly string[],
  launcherHost: string,
): Promise<CoordinatorMachines> {
  const root = mkdtempSync(join(tmpdir(), 'cpe-'));
  const all = [...machines, launcherHost];
  const network = layNetwork(all);
  const home = (machine: string) => join(root, machine);
  const busUrl = (machine: string) => `nats://${network.address(machine)}:${busPort}`;
  // Its own server first: that is the one which is there when nothing else is.
  const servers = (machine: string) => [machine, ...all.filter((each) => each !== machine)].map(busUrl).join(',');
  const background: ChildProcess[] = [];
  const start = (machine: string, name: string, command: readonly string[]) => {
    const log = openSync(join(home(machine), `${name}.log`), 'a');
    const child = network.spawn(machine, command, { stdio: ['ignore', log, log] });
    background.push(child);
  };

  for (const machine of all) mkdirSync(home(machine), { mode: 0o700 });
  const [first = ''] = machines;
  const credentials = await ensureCredentials(home(first));
  for (const machine of all) {
    for (const folder of ['keys', 'credentials']) {
      if (machine !== first) cpSync(join(home(first), folder), join(home(machine), folder), { recursive: true });
    }
    const files = {
      pidFile: join(home(machine), 'nats.pid'),
      logFile: join(home(machine), 'nats.log'),
      accounts: join(home(machine), 'accounts'),
      certificate: join(home(machine), 'server.pem'),
    };
    await ensureServerCertificate(home(first), files.certificate, { now: Date.now(), addresses: [] });
    const routes = all.filter((each) => each !== machine).map((each) => `nats://${network.address(each)}:${routePort}`);
    const config = `${renderConfig({ address: network.address(machine), port: busPort }, files, credentials)}
server_name: ${machine}
jetstream { store_dir: ${JSON.stringify(join(home(machine), 'jetstream'))}, max_file_store: 16GB, max_memory_store: 16MB }
cluster { name: site, listen: "${network.address(machine)}:${routePort}", routes: [${routes.join(', ')}] }
`;
    const file = join(home(machine), 'nats.conf');
    writeFileSync(file, config, { mode: 0o600 });
    start(machine, 'nats-server', ['/usr/sbin/nats-server', '-c', file]);
  }
  for (const machine of all) await listens(join(home(machine), 'nats.log'));
  start(launcherHost, 'launcherd', [
    ...[process.execPath, program('launcher/launcherd.js'), '--home', home(launcherHost), '--host', launcherHost],
    ...[
      '--bus',
      servers(launcherHost),
      '--credentials',
      await ensureIdentity(home(launcherHost), 'launcher', launcherHost),
    ],
  ]);

  const run = async (machine: string, ...args: readonly string[]) => {
    const command = [process.execPath, program('tools/cpectl/main.js'), '--home', home(machine), ...args];
    const child = network.spawn(machine, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let trouble = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      trouble += chunk;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, text: code === 0 ? text : text + trouble };
  };
  const must = async (machine: string, ...args: readonly string[]) => {
    const { code, text } = await run(machine, ...args);
    if (code !== 0) throw new Error(`${machine}: cpectl ${args.join(' ')}: exit ${code}\n${text}`);
    return text;
  };
  const log = (machine: string, name: string) => {
    try {
      return readFileSync(join(home(machine), 'logs', `${name}.log`), 'utf8');
    } catch {
      return '';
    }
  };
  return {
    ...{ network, home, run, must, busUrl, log },
    json: async <T>(machine: string, ...args: readonly string[]) =>
      JSON.parse(await must(machine, '--json', ...args)) as T,
    events: async (machine, since = 0) =>
      (await must(machine, '--json', 'events', '--since', String(since)))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as EventJson),
    document: (name, text) => {
      const file = join(root, name);
      writeFileSync(file, text);
      return file;
    },
    up: async (machine) => {
      const { code, text } = await run(
        ...[machine, 'up', '--machine', machine, '--store', 'jetstream', '--bus-servers', servers(machine)],
      );
      const tail = ['supervisor', 'cped'].map((name) => log(machine, name).split('\n').slice(-8).join('\n'));
      if (code !== 0) throw new Error(`${machine}: cpectl up: exit ${code}\n${text}\n${tail.join('\n')}`);
    },
    end: async () => {
      network.healAll();
      for (const machine of all) {
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
    },
  };
}

/** A server that does not come up has said why. */
async function listens(logFile: string): Promise<void> {
  const text = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const isReady = async () => (text().includes('Server is ready') ? true : undefined);
  await until('a bus server', 20_000, isReady, async () => text());
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
