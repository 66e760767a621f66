import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, closeSync, constants, openSync, readSync } from 'node:fs';
import { isPopulated, killCgroup, moveIntoCgroup, signalCgroup } from './cgroup.js';
import { isNotExecuted, launchInCgroup, mayPassShell } from './cgroup-launch.js';
import { resetOomScore } from './oom-score.js';
import { endFamily, killFamily } from './process-family.js';
import { runVariable } from './resource-executor.js';
import { readScriptOutput } from './script-output.js';

export interface Script {
  /** Absolute path. */
  readonly path: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory?: string | undefined;
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  readonly timeoutMs: number;
  /** Value of `runVariable` for everything that it starts. */
  readonly token: string;
  /** Directory of the cgroup that it runs in, alone; default: that of the agent. */
  readonly cgroup?: string | undefined;
  /** Of its output, the last are kept; default 4096. */
  readonly outputLimitBytes?: number | undefined;
  /** Ends it before its time is up. */
  readonly signal?: AbortSignal | undefined;
}

export type ScriptEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly output: string; readonly errors: string }
  | { readonly kind: 'signalled'; readonly signal: string; readonly output: string; readonly errors: string }
  /** `survivors`: pids of what could not be killed. */
  | {
      readonly kind: 'timeout';
      readonly survivors: readonly number[];
      readonly output: string;
      readonly errors: string;
    }
  | {
      readonly kind: 'cancelled';
      readonly survivors: readonly number[];
      readonly output: string;
      readonly errors: string;
    }
  | { readonly kind: 'not-started'; readonly code: string; readonly message: string };

const defaultOutputLimitBytes = 4096;
const maxGraceMs = 500;
const gracePollMs = 10;

/**
 * Runs a program to its end, in a session of its own and without a terminal. When the time is up it and everything that
 * came of it are asked to end, and killed half a second later; likewise when it is cancelled. What it leaves running on
 * purpose (a daemon) goes on; its output is no longer read then.
 */
export async function runScript(script: Script): Promise<ScriptEnd> {
  const environment = { ...script.environment, [runVariable]: script.token };
  const isWrapped = script.cgroup !== undefined && script.owner === undefined && mayPassShell(environment);
  const program = isWrapped && script.cgroup !== undefined ? launchInCgroup(script, script.cgroup) : script;
  let child: ChildProcess;
  try {
    child = spawn(program.path, program.arguments, {
      detached: true,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: script.directory ?? '/',
      ...script.owner,
    });
  } catch (error) {
    return notStarted(error);
  }
  const output = readScriptOutput(child, script.outputLimitBytes ?? defaultOutputLimitBytes);
  if (child.pid === undefined) return notStarted((await once(child, 'error'))[0]);
  resetOomScore(child.pid);
  if (script.cgroup !== undefined && !isWrapped) moveIntoCgroup(script.cgroup, child.pid);

  const end = await settle(child, child.pid, script);
  await output.drain();
  if (isWrapped && end.kind === 'exited' && isNotExecuted(end.code)) {
    const obstacle = explainNotExecuted(script.path);
    if (obstacle !== undefined) return obstacle;
  }
  return { ...end, output: output.all.text(), errors: output.errors.text() };
}

type Settled =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timeout' | 'cancelled'; readonly survivors: readonly number[] };

function settle(child: ChildProcess, pid: number, script: Script): Promise<Settled> {
  const { timeoutMs, signal } = script;
  return new Promise((resolve) => {
    const onExit = (code: number | null, endedBy: NodeJS.Signals | null): void => {
      stopWaiting();
      resolve(code === null ? { kind: 'signalled', signal: endedBy ?? 'unknown' } : { kind: 'exited', code });
    };
    const end = (kind: 'timeout' | 'cancelled'): void => {
      stopWaiting();
      void endAll(script, pid).then((survivors) => resolve({ kind, survivors }));
    };
    const onAbort = (): void => end('cancelled');
    const timer = setTimeout(() => end('timeout'), timeoutMs);
    const stopWaiting = (): void => {
      clearTimeout(timer);
      child.off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
    };
    child.once('exit', onExit);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  });
}

/**
 * Ends a script and all that came of it, and returns the pids of what is left. Its cgroup holds whatever it has started;
 * what has been moved out of it (a login session, a service), or was never in one, is found as its family.
 */
async function endAll({ cgroup, timeoutMs, token }: Script, pid: number): Promise<readonly number[]> {
  const family = { leader: pid, startTime: undefined, token };
  const graceMs = Math.min(maxGraceMs, timeoutMs / 4);
  if (cgroup === undefined) return (await endFamily(family, graceMs)).map((entry) => entry.pid);
  signalCgroup(cgroup, 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while (isPopulated(cgroup) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, gracePollMs));
  }
  const survivors = await killCgroup(cgroup);
  const others = (await killFamily(family)).map((entry) => entry.pid);
  return [...new Set([...survivors, ...others])];
}

/** Why the shell could not execute it; undefined when it could, and the exit code is the script's own. */
function explainNotExecuted(path: string): ScriptEnd | undefined {
  try {
    accessSync(path, constants.X_OK);
    const interpreter = /^#!\s*(\S+)/.exec(readStart(path))?.[1];
    if (interpreter !== undefined) accessSync(interpreter, constants.X_OK);
    return undefined;
  } catch (error) {
    return notStarted(error);
  }
}

function readStart(path: string): string {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(256);
    return start.toString('latin1', 0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}

function notStarted(error: unknown): ScriptEnd {
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  return { kind: 'not-started', code, message };
}
