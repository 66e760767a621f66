import { getSystemErrorName } from 'node:util';
import type { OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import type { Launch } from './exec-launch.js';
import type { ProcessIdentity } from './process-table.js';
import { outcome } from './script-outcome.js';

/**
 * The port to what starts commands: each in a session of its own, with /dev/null as its input, its output appended to a
 * log, no other open file, no signal blocked or ignored, and the usual OOM score (node-starter.ts says what of this it
 * cannot do). Nothing ties it to the agent, which may end without it noticing.
 */
export interface ProcessStarter {
  /** Resolves when the command runs, or cannot. Throws on a string that no program can be given (a NUL in it). */
  start(launch: Launch, how: StartOptions): Promise<StartResult>;
  /** Makes ready for a start that may come, without waiting for it. */
  prepare(): void;
  /** Resolves when nothing more will come of what earlier agents had begun to start. */
  settle(): Promise<void>;
  /** What was started goes on; nobody tells of its end any more. */
  close(): void;
}

export interface StartOptions {
  /** Value of `runVariable` in its environment. */
  readonly token: string;
  /** File that its output is appended to. */
  readonly log: string;
  /** Directory of the cgroup that it is to live in, made if it is not there; a wish. Undefined: that of the agent. */
  readonly cgroup: string | undefined;
  /** After this a starter that has not answered is given up. */
  readonly deadlineMs: number;
}

export type StartResult =
  | { readonly kind: 'started'; readonly process: StartedProcess }
  | { readonly kind: 'failed'; readonly outcome: OperationOutcome };

export interface StartedProcess {
  readonly identity: ProcessIdentity;
  /** Whether it was started in the cgroup that was asked for, if there was one. */
  readonly isInCgroup: boolean;
  /** Never rejects. */
  readonly ended: Promise<ProcessEnd>;
}

export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** Who started it is gone: it may or may not run. */
  | { readonly kind: 'untold' };

/** @param step what could not be done: `exec`, `log`, `directory`, `user`, ... */
export function startFailure(
  { path, directory }: Launch,
  { log }: StartOptions,
  { step, code }: { readonly step: string; readonly code: string },
): StartResult {
  // The program was found before: it is its interpreter that is missing.
  if (step === 'exec' && code === 'ENOENT') {
    return failed(outcome(Ocf.notInstalled, 'not-installed', `${path} could not be started: ${code}`));
  }
  const what = step === 'log' ? log : step === 'directory' ? directory : step === 'exec' ? path : `${path} (${step})`;
  return failed(outcome(Ocf.genericError, 'error', `${what} could not be ${verbs[step] ?? 'started'}: ${code}`));
}

const verbs: Readonly<Record<string, string>> = { log: 'opened', directory: 'entered' };

export function failed(why: OperationOutcome): StartResult {
  return { kind: 'failed', outcome: why };
}

/** ENOENT and the like, of a number as the kernel gives it. */
export function errorName(errno: number): string {
  try {
    return getSystemErrorName(-errno);
  } catch {
    return `error ${errno}`;
  }
}
