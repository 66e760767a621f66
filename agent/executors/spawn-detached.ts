import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import type { OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import { openLog } from './bounded-log.js';
import type { Launch } from './exec-launch.js';
import { resetOomScore } from './oom-score.js';
import { type ProcessIdentity, readProcess } from './process-table.js';
import { runVariable } from './resource-executor.js';
import { outcome } from './script-outcome.js';

export type Spawned =
  | { readonly kind: 'spawned'; readonly child: ChildProcess; readonly identity: ProcessIdentity }
  | { readonly kind: 'failed'; readonly outcome: OperationOutcome };

/**
 * Starts a command in a session of its own, with its output in a log file: nothing ties it to this process, which may
 * end without it noticing.
 */
export async function spawnDetached(
  launch: Launch,
  { token, log }: { readonly token: string; readonly log: string },
): Promise<Spawned> {
  const file = openLog(log);
  let child: ChildProcess;
  try {
    child = spawn(launch.path, launch.argv.slice(1), {
      argv0: launch.argv[0],
      cwd: launch.directory,
      detached: true,
      env: { ...launch.environment, [runVariable]: token },
      stdio: ['ignore', file, file],
      ...launch.owner,
    });
  } finally {
    closeSync(file);
  }
  if (child.pid === undefined) {
    const [error] = (await once(child, 'error')) as [NodeJS.ErrnoException];
    const reason = `${launch.path} could not be started: ${error.code ?? error.message}`;
    // The program was found before: it is its interpreter that is missing.
    return error.code === 'ENOENT'
      ? { kind: 'failed', outcome: outcome(Ocf.notInstalled, 'not-installed', reason) }
      : { kind: 'failed', outcome: outcome(Ocf.genericError, 'error', reason) };
  }
  child.unref();
  resetOomScore(child.pid);
  // It may have ended already, but as our child it is still there to be read.
  const startTime = readProcess(child.pid)?.startTime ?? 0;
  return { kind: 'spawned', child, identity: { pid: child.pid, startTime } };
}
