import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { outputTail } from './output-tail.js';
import { endFamily, killFamily } from './process-family.js';
import { hasEnvironment, isAlive, readArguments, readProcessTable } from './process-table.js';
import { runVariable } from './resource-executor.js';

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
const drainMs = 50;

/**
 * Runs a program to its end, in a session of its own and without a terminal. When the time is up it and everything that
 * came of it are asked to end, and killed half a second later; likewise when it is cancelled. What it leaves running on purpose (a daemon) goes on;
 * its output is no longer read then.
 */
export async function runScript(script: Script): Promise<ScriptEnd> {
  let child: ChildProcess;
  try {
    child = spawn(script.path, script.arguments, {
      detached: true,
      env: { ...script.environment, [runVariable]: script.token },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: script.directory ?? '/',
      ...script.owner,
    });
  } catch (error) {
    return notStarted(error);
  }
  const limitBytes = script.outputLimitBytes ?? defaultOutputLimitBytes;
  const all = outputTail(limitBytes);
  const errors = outputTail(limitBytes);
  child.stdout?.on('data', (chunk: Uint8Array) => all.push(chunk));
  child.stderr?.on('data', (chunk: Uint8Array) => {
    all.push(chunk);
    errors.push(chunk);
  });
  if (child.pid === undefined) return notStarted((await once(child, 'error'))[0]);

  const end = await settle(child, child.pid, script);
  await drained(child);
  return { ...end, output: all.text(), errors: errors.text() };
}

/**
 * Waits for a script that an agent before this one had started for the same run, and kills it when its time is up: the
 * run is repeated only when nothing of it is under way any more. A daemon that the script started is left alone.
 */
export async function awaitLeftover(script: Script): Promise<void> {
  const assignment = `${runVariable}=${script.token}`;
  const deadline = performance.now() + script.timeoutMs;
  for (;;) {
    const leftover = readProcessTable().find(
      (entry) =>
        entry.pid === entry.session &&
        isAlive(entry) &&
        hasEnvironment(entry.pid, assignment) &&
        isInvocation(readArguments(entry.pid), script),
    );
    if (leftover === undefined) return;
    if (performance.now() > deadline) {
      await killFamily({ leader: leftover.pid, startTime: leftover.startTime, token: script.token });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A script's argv is that of its interpreter, with the script's path and arguments at the end. */
function isInvocation(argv: readonly string[], script: Script): boolean {
  const expected = [script.path, ...script.arguments];
  return argv.slice(-expected.length).join('\0') === expected.join('\0');
}

type Settled =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timeout' | 'cancelled'; readonly survivors: readonly number[] };

function settle(child: ChildProcess, pid: number, { timeoutMs, token, signal }: Script): Promise<Settled> {
  return new Promise((resolve) => {
    const onExit = (code: number | null, endedBy: NodeJS.Signals | null): void => {
      stopWaiting();
      resolve(code === null ? { kind: 'signalled', signal: endedBy ?? 'unknown' } : { kind: 'exited', code });
    };
    const end = (kind: 'timeout' | 'cancelled'): void => {
      stopWaiting();
      const family = { leader: pid, startTime: undefined, token };
      void endFamily(family, Math.min(maxGraceMs, timeoutMs / 4)).then((survivors) =>
        resolve({ kind, survivors: survivors.map((entry) => entry.pid) }),
      );
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

/** The script is gone, but its last words may still be in the pipes; a daemon may hold them open for ever. */
async function drained({ stdout, stderr }: ChildProcess): Promise<void> {
  const open: Promise<unknown>[] = [];
  for (const stream of [stdout, stderr]) {
    if (stream !== null && !stream.readableEnded) open.push(once(stream, 'end'));
  }
  if (open.length > 0) {
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise((resolve) => {
      timer = setTimeout(resolve, drainMs);
    });
    await Promise.race([Promise.allSettled(open), timedOut]);
    clearTimeout(timer);
  }
  stdout?.destroy();
  stderr?.destroy();
}

function notStarted(error: unknown): ScriptEnd {
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  return { kind: 'not-started', code, message };
}
