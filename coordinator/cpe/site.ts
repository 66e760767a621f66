/** A home directory as a whole: set it up, start its supervisor, stop it. No root is needed for any of it. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { keyFile, setPlain } from '../identity/authority.js';
import { schedulerBinary } from '../scheduler/scheduler-binary.js';
import { prepareBusServer } from './bus-server.js';
import { ensureCredentials, ensureIdentity, ensureOwnIdentities } from './credentials.js';
import { maxHomeLength, pm2DaemonPid } from './process-manager.js';
import {
  defaultSiteConfig,
  readSiteConfig,
  type SiteConfig,
  type StoreChoice,
  writeSiteConfig,
} from './site-config.js';

export interface SiteOptions {
  readonly launcherHosts?: readonly string[] | undefined;
  readonly drivers?: Readonly<Record<string, string>> | undefined;
  readonly busPort?: number | undefined;
  readonly listen?: string | undefined;
  readonly maxDeployables?: number | undefined;
  readonly heartbeatMs?: number | undefined;
  readonly agentLostMs?: number | undefined;
  readonly isForeground?: boolean | undefined;
  /** Name of this coordinator machine in a site that has several. */
  readonly machine?: string | undefined;
  /** Bus servers that are the site's own to run; none is started here then. */
  readonly busServers?: readonly string[] | undefined;
  readonly store?: StoreChoice | undefined;
  /** Whether those have TLS; default: as before, at first they have. */
  readonly busTls?: 'on' | 'off' | undefined;
}

export type SiteOutcome =
  | { readonly kind: 'ready'; readonly config: SiteConfig }
  /** Nothing was started; the message says what to do. */
  | { readonly kind: 'problem'; readonly message: string };

/** Checks what a coordinator needs on this machine, and writes configuration, keys and credentials below `home`. */
export async function setUpSite(home: string, options: SiteOptions): Promise<SiteOutcome> {
  if (home.length > maxHomeLength) {
    const message = `${home} is too long for the sockets below it (at most ${maxHomeLength} characters); choose another --home`;
    return { kind: 'problem', message };
  }
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    accessSync(home, constants.W_OK);
    accessSync(schedulerBinary(), constants.X_OK);
  } catch (error) {
    return { kind: 'problem', message: explain(error as NodeJS.ErrnoException, home) };
  }
  const before = readSiteConfig(home);
  const machine = options.machine ?? before?.machine;
  const store = options.store ?? before?.store;
  const bus = await prepareBus(home, options, before);
  if (bus.kind === 'problem') return bus;
  if (machine !== undefined && store !== 'jetstream') {
    const message = `coordinator machine ${machine} shares nothing with others: a site of several needs --store jetstream`;
    return { kind: 'problem', message };
  }
  const config: SiteConfig = {
    // A machine of several is a launcher host only when it is told to: its name has to be its own in the site.
    launcherHosts:
      options.launcherHosts ?? before?.launcherHosts ?? (machine === undefined ? defaultSiteConfig.launcherHosts : []),
    drivers: options.drivers ?? before?.drivers ?? defaultSiteConfig.drivers,
    maxDeployables: options.maxDeployables ?? before?.maxDeployables ?? defaultSiteConfig.maxDeployables,
    heartbeatMs: options.heartbeatMs ?? before?.heartbeatMs ?? defaultSiteConfig.heartbeatMs,
    agentLostMs: options.agentLostMs ?? before?.agentLostMs ?? defaultSiteConfig.agentLostMs,
    busUrl: bus.url,
    listen: options.listen ?? before?.listen,
    natsServer: bus.natsServer,
    ...(machine === undefined ? {} : { machine }),
    ...(store === undefined ? {} : { store }),
    isForeground: options.isForeground === true,
  };
  for (const host of config.launcherHosts) await ensureIdentity(home, 'launcher', host);
  writeSiteConfig(home, config);
  return { kind: 'ready', config };
}

type PreparedBus =
  | { readonly kind: 'bus'; readonly url: string; readonly natsServer: string }
  | Extract<SiteOutcome, { kind: 'problem' }>;

/** A server of our own on this machine, or the site's: then the credentials must be here already. */
async function prepareBus(home: string, options: SiteOptions, before: SiteConfig | undefined): Promise<PreparedBus> {
  const theirs = options.busServers?.join(',') ?? (before?.natsServer === '' ? before.busUrl : undefined);
  if (theirs === undefined) {
    if (options.busTls === 'off') {
      const message = 'the bus of this machine has TLS; --bus-tls off is for servers of your own (--bus-servers)';
      return { kind: 'problem', message };
    }
    await setPlain(home, false);
    const address = options.listen ?? before?.listen;
    const bus = await prepareBusServer(home, { port: options.busPort, address });
    if (bus.kind !== 'ready') return { kind: 'problem', message: bus.message };
    return { kind: 'bus', url: bus.server.url, natsServer: bus.server.command };
  }
  // New ones would be those of another site, and its bus would refuse everybody.
  const missing = siteKeys.map((name) => keyFile(home, name)).find((file) => !existsSync(file));
  if (missing !== undefined) {
    const message = `${missing} is missing: bring the keys of the site here (docs/several-coordinators.md)`;
    return { kind: 'problem', message };
  }
  if (options.busTls !== undefined) await setPlain(home, options.busTls === 'off');
  await ensureCredentials(home);
  await ensureOwnIdentities(home);
  return { kind: 'bus', url: theirs, natsServer: '' };
}

const siteKeys = ['bus-operator', 'bus-account', 'bus-signing'] as const;

/** Pid of the supervisor of this home, by its pid file and command line. */
export function supervisorPid(home: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(home, 'supervisor.pid'), 'utf8'));
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return args.some((arg) => arg.endsWith('supervisor.js')) && args.includes(home) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Starts the supervisor in a session of its own, unless it runs. */
export function startSupervisor(home: string): void {
  if (supervisorPid(home) !== undefined) return;
  mkdirSync(join(home, 'logs'), { recursive: true });
  const log = openSync(join(home, 'logs', 'supervisor.log'), 'a', 0o600);
  const child = spawnSupervisor(home, { detached: true, stdio: ['ignore', log, log] });
  // Written here as well: a `cpectl down` must find it from its first moment on.
  if (child.pid !== undefined) writeFileSync(join(home, 'supervisor.pid'), String(child.pid));
  child.unref();
  closeSync(log);
}

/** Runs the supervisor in the foreground, for a service manager; resolves with its exit code. */
export function superviseHere(home: string): Promise<number> {
  const child = spawnSupervisor(home, { stdio: ['ignore', 'inherit', 'inherit'] });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'));
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

function spawnSupervisor(home: string, options: SpawnOptions): ChildProcess {
  const script = join(import.meta.dirname, 'supervisor.js');
  return spawn(process.execPath, [script, '--home', home], { cwd: home, ...options });
}

/** True once supervisor and pm2 are gone; false when they are still there after `deadlineMs`. */
export async function stopSupervisor(home: string, deadlineMs: number): Promise<boolean> {
  const until = Date.now() + deadlineMs;
  // A daemon without its supervisor is ended by a supervisor that is told to stop.
  if (supervisorPid(home) === undefined && pm2DaemonPid(home) !== undefined) startSupervisor(home);
  while (Date.now() < until) {
    const pid = supervisorPid(home);
    if (pid === undefined && pm2DaemonPid(home) === undefined) return true;
    if (pid !== undefined) process.kill(pid, 'SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function explain(error: NodeJS.ErrnoException, home: string): string {
  switch (error.code) {
    case 'EACCES':
    case 'EROFS':
      return `${error.path ?? home} cannot be written; choose another directory with --home`;
    case 'ENOENT':
      return `${error.path ?? 'a native program'} is missing; build it with: make build`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${home} is not a directory; choose another one with --home`;
    default:
      return error.message;
  }
}
