import { randomUUID } from 'node:crypto';
import { baseEnvironment } from '../../executors/environment.js';
import { lastWords } from '../../executors/last-words.js';
import { runScript } from '../../executors/run-script.js';
import { type Done, done, problem } from '../matahari.js';
import type { Machine } from './machine.js';

export interface ProgramResult {
  readonly code: number;
  /** Standard output and errors as they came, the end of it. */
  readonly output: string;
}

export interface ProgramLimits {
  readonly timeoutMs: number;
  /** Default 64 KiB. */
  readonly outputLimitBytes?: number;
  /** Ends it before its time is up: it has `failed` then. */
  readonly signal?: AbortSignal | undefined;
  /** Default baseEnvironment. */
  readonly environment?: Readonly<Record<string, string>>;
}

const agentProcess = randomUUID();
let runs = 0;

/**
 * Runs a program of this machine to its end, by its argv and without a shell; when its time is up, it and what came of
 * it are killed. A program that is not there is `not-installed`; one that ends by a signal has `failed`.
 */
export async function runProgram(
  machine: Machine,
  name: string,
  argv: readonly string[],
  limits: ProgramLimits,
): Promise<Done<ProgramResult>> {
  const path = machine.program(name);
  if (path === undefined) return problem('not-installed', `${name} is not installed on this machine`);
  return runFile(path, argv, limits);
}

/** The same for the program at an absolute path. */
export async function runFile(
  path: string,
  argv: readonly string[],
  { timeoutMs, outputLimitBytes = 64 * 1024, signal, environment = baseEnvironment() }: ProgramLimits,
  token = newToken(),
): Promise<Done<ProgramResult>> {
  const end = await runScript({
    path,
    arguments: argv,
    environment,
    timeoutMs,
    token,
    outputLimitBytes,
    signal,
  });
  switch (end.kind) {
    case 'exited':
      return done({ code: end.code, output: end.output });
    case 'signalled':
      return problem('failed', `${path} was ended by ${end.signal}${lastWords(end.output)}`);
    case 'cancelled':
      return problem('failed', `${path} was cancelled`);
    case 'timeout':
      return problem('timeout', `${path} did not end within ${timeoutMs / 1000} s${lastWords(end.output)}`);
    case 'not-started':
      return problem(end.code === 'ENOENT' ? 'not-installed' : 'failed', `${path}: ${end.message}`);
  }
}

/** For `runVariable`: what a program starts can be told from everything else. */
export function newToken(): string {
  runs += 1;
  return `matahari/${agentProcess}/${runs}`;
}
