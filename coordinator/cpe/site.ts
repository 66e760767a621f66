/** A home directory as a whole: set it up, start its supervisor, stop it. No root is needed for any of it. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schedulerBinary } from '../scheduler/scheduler-binary.js';
import { prepareBusServer } from './bus-server.js';
import { maxHomeLength, pm2DaemonPid } from './process-manager.js';
import { defaultSiteConfig, readSiteConfig, type SiteConfig, writeSiteConfig } from './site-config.js';

export interface SiteOptions {
  readonly launcherHosts?: readonly string[] | undefined;
  readonly busPort?: number | undefined;
  readonly maxDeployables?: number | undefined;
  readonly heartbeatMs?: number | undefined;
  readonly agentLostMs?: number | undefined;
  readonly isForeground?: boolean | undefined;
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
  const bus = await prepareBusServer(home, { port: options.busPort });
  if (bus.kind !== 'ready') return { kind: 'problem', message: bus.message };
  const config: SiteConfig = {
    launcherHosts: options.launcherHosts ?? before?.launcherHosts ?? defaultSiteConfig.launcherHosts,
    maxDeployables: options.maxDeployables ?? before?.maxDeployables ?? defaultSiteConfig.maxDeployables,
    heartbeatMs: options.heartbeatMs ?? before?.heartbeatMs ?? defaultSiteConfig.heartbeatMs,
    agentLostMs: options.agentLostMs ?? before?.agentLostMs ?? defaultSiteConfig.agentLostMs,
    busUrl: bus.server.url,
    natsServer: bus.server.command,
    isForeground: options.isForeground === true,
  };
  writeSiteConfig(home, config);
  return { kind: 'ready', config };
}

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
