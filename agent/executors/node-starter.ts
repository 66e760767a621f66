import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { openLog } from './bounded-log.js';
import { baseEnvironment } from './environment.js';
import { findProgram, type Launch } from './exec-launch.js';
import { resetOomScore } from './oom-score.js';
import {
  failed,
  type ProcessEnd,
  type ProcessStarter,
  type StartOptions,
  type StartResult,
  startFailure,
} from './process-starter.js';
import { readProcess } from './process-table.js';
import { runVariable } from './resource-executor.js';
import { limitArguments } from './resource-limits.js';
import { notInstalled } from './script-outcome.js';

/**
 * Starts commands as Node can: the kernel copies the agent's page tables for each, and limits and supplementary groups
 * are set by programs in between, prlimit(1) and setpriv(1) of util-linux. Nothing is started in a cgroup. A real-time
 * signal that the agent was started with as ignored stays so: Node sets back only those up to 31 (libuv,
 * uv__process_child_init). Init and systemd start agents with none.
 */
export const nodeStarter: ProcessStarter = {
  start: startByNode,
  prepare: () => undefined,
  settle: async () => undefined,
  close: () => undefined,
};

async function startByNode(launch: Launch, how: StartOptions): Promise<StartResult> {
  const program = wrapped(launch);
  if (program === undefined) {
    return failed(notInstalled('limits need prlimit(1) of util-linux, which is not here'));
  }
  let file: number;
  try {
    file = openLog(how.log);
  } catch (error) {
    return startFailure(launch, how, { step: 'log', code: codeOf(error) });
  }
  let child: ChildProcess;
  try {
    child = spawn(program.path, program.argv.slice(1), {
      argv0: program.argv[0],
      cwd: launch.directory,
      detached: true,
      env: { ...launch.environment, [runVariable]: how.token },
      stdio: ['ignore', file, file],
      ...program.owner,
    });
  } catch (error) {
    // E2BIG is thrown; and so is what was no string for a program, which is nobody's failure but ours.
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return startFailure(launch, how, { step: 'exec', code: codeOf(error) });
  } finally {
    closeSync(file);
  }
  if (child.pid === undefined) {
    const [error] = (await once(child, 'error')) as [unknown];
    return startFailure(launch, how, { step: 'exec', code: codeOf(error) });
  }
  child.unref();
  resetOomScore(child.pid);
  // It may have ended already, but as our child it is still there to be read.
  const startTime = readProcess(child.pid)?.startTime ?? 0;
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code === null ? { kind: 'signalled', signal: signal ?? 'unknown' } : { kind: 'exited', code });
    });
  });
  return { kind: 'started', process: { identity: { pid: child.pid, startTime }, isInCgroup: false, ended } };
}

interface Program {
  readonly path: string;
  readonly argv: readonly string[];
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** The command by way of the programs that it needs. Undefined when there is no prlimit(1) for its limits. */
function wrapped(launch: Launch): Program | undefined {
  const { path, argv, limits, owner, directory } = launch;
  const find = (name: string) => findProgram(name, baseEnvironment().PATH ?? '', directory);
  const plain: Program = owner === undefined ? { path, argv } : { path, argv, owner: ofUser(owner) };
  // A user without groups beyond its own needs nobody's help.
  const setpriv = owner?.groups.some((group) => group !== owner.gid) ? find('setpriv') : undefined;
  const program = owner === undefined || setpriv === undefined ? plain : { path: setpriv, argv: asUser(owner, argv) };
  if (Object.keys(limits).length === 0) return program;
  const prlimit = find('prlimit');
  if (prlimit === undefined) return undefined;
  return { ...program, path: prlimit, argv: ['prlimit', ...limitArguments(limits), '--', ...program.argv] };
}

type Owner = NonNullable<Launch['owner']>;

function ofUser({ uid, gid }: Owner): { readonly uid: number; readonly gid: number } {
  return { uid, gid };
}

function asUser({ uid, gid, groups }: Owner, argv: readonly string[]): readonly string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, `--groups=${groups.join(',')}`, '--', ...argv];
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
