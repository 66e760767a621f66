/** pm2, kept to its own home: what cped and the supervisor need of it, as promises with deadlines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessDescription, StartOptions } from 'pm2';

/** One process under pm2. */
export interface ManagedProcess {
  readonly name: string;
  /** 0 while it does not run. */
  readonly pid: number;
  /** pm2's words: online, stopped, errored, launching, stopping, waiting restart ... */
  readonly status: string;
  readonly restarts: number;
  readonly startedAt: number;
  readonly memoryBytes: number;
}

export interface ProcessManager {
  list(): Promise<readonly ManagedProcess[]>;
  /** Starts an application under its `name`; one that is there already is started again under the new options. */
  start(app: StartOptions): Promise<void>;
  restart(name: string): Promise<void>;
  /** Stops it and forgets it; harmless when it is not there. */
  remove(name: string): Promise<void>;
  /** Ends pm2's daemon and everything under it. */
  shutDown(): Promise<void>;
  close(): void;
}

const callDeadlineMs = 20_000;

export function pm2Home(home: string): string {
  return join(home, 'pm2');
}

/** Longest home directory: pm2's sockets lie below it, and the kernel takes at most 107 characters for their path. */
export const maxHomeLength = 107 - '/pm2/interactor.sock'.length;

/**
 * Pid of pm2's daemon by its pid file and environment; undefined when it does not run. Its command line says less: pm2
 * puts a title there that the kernel cuts off where the original one ended.
 */
export function pm2DaemonPid(home: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(pm2Home(home), 'pm2.pid'), 'utf8'));
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return environment.includes(`PM2_HOME=${pm2Home(home)}`) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Connects to the daemon of this home, and starts it when it does not run. Rejects when it does not answer in time. */
export async function connectProcessManager(home: string): Promise<ProcessManager> {
  // pm2 reads its environment when it is imported, and creates a directory in the user's home without these.
  process.env.PM2_HOME = pm2Home(home);
  process.env.PM2_DISABLE_VERSION_CHECK = 'true';
  const { default: pm2 } = await import('pm2');
  await call<void>('connect', (done) => pm2.connect(done));
  return {
    async list() {
      const found = await call<ProcessDescription[]>('list', (done) => pm2.list(done));
      return found.map(managedProcess);
    },
    async start(app) {
      await call<unknown>('start', (done) => pm2.start(app, done));
    },
    async restart(name) {
      await call<unknown>('restart', (done) => pm2.restart(name, done));
    },
    async remove(name) {
      const found = await call<ProcessDescription[]>('list', (done) => pm2.list(done));
      if (found.some((each) => each.name === name)) await call<unknown>('delete', (done) => pm2.delete(name, done));
    },
    async shutDown() {
      await call<unknown>('killDaemon', (done) => pm2.killDaemon(done));
    },
    close: () => pm2.disconnect(),
  };
}

/**
 * pm2's client throws out of its sockets' callbacks when its daemon dies while it connects, which would end this process:
 * the calls under way fail instead. Any other exception that nobody has caught ends the process as ever.
 */
export function outliveClientErrors(): void {
  process.on('uncaughtException', (error) => {
    if (!/[/\\]node_modules[/\\]pm2[/\\]/.test(error.stack ?? '')) throw error;
    for (const fail of [...underWay]) fail(new Error(`pm2's client failed: ${error.message}`, { cause: error }));
  });
}

const underWay = new Set<(error: Error) => void>();

type Callback<T> = (error: Error | null | undefined, result: T) => void;

/** pm2's callbacks never come when its daemon dies meanwhile: each call has a deadline. */
function call<T>(what: string, start: (done: Callback<T>) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer);
      underWay.delete(fail);
      reject(error);
    };
    const timer = setTimeout(() => fail(new Error(`pm2 does not answer to "${what}"`)), callDeadlineMs);
    underWay.add(fail);
    start((error, result) => {
      if (error) return fail(error instanceof Error ? error : new Error(JSON.stringify(error)));
      clearTimeout(timer);
      underWay.delete(fail);
      resolve(result);
    });
  });
}

function managedProcess(description: ProcessDescription): ManagedProcess {
  const { name = '', pid = 0, pm2_env: env, monit } = description;
  return {
    name,
    pid,
    status: env?.status ?? 'unknown',
    restarts: (env as { restart_time?: number } | undefined)?.restart_time ?? 0,
    startedAt: env?.pm_uptime ?? 0,
    memoryBytes: monit?.memory ?? 0,
  };
}
