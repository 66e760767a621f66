/**
 * What platforms share whose instances are processes of this machine: the life of an instance is that of its init, the
 * PID 1 of a PID namespace (launcher/native/instance-init.c). Init gone is everything in it gone, by the kernel's doing.
 *
 * Files in the instance's directory: `init.pid` (commitment.ts), `init.alive` (a FIFO that init holds open for as long as
 * it lives), `init.end` (how the one command of an instance has ended, where it has one).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '../error-code.js';
import { abandonStart } from './commitment.js';
import { watchFifo } from './fifo-watch.js';
import { launchInit } from './launch-init.js';
import type { LifeWatch, Place, Settled } from './platform.js';
import { type PidScope, type ProcessIdentity, type ProcessState, proveProcess } from './process-proof.js';

export interface InitCommand {
  /** What starts init and becomes it, with all of its arguments. */
  readonly wrapper?: readonly string[] | undefined;
  /** Path of cpe-instance-init. */
  readonly initBinary: string;
  /**
   * `agent`: what is started again whenever it ends, with its output in `agent.log`; on SIGTERM everything in the
   * instance is asked to end. `once`: what the instance is; it ends with it. SIGTERM is for it alone then, its output is
   * in `machine.log`, and how it has ended in `init.end`.
   */
  readonly mode: 'agent' | 'once';
  readonly command: readonly string[];
  /** All of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Until the command is being started. */
  readonly deadlineMs: number;
}

/** Starts an init for a place. Returns why it failed, for the case that it did (Platform.start). */
export async function startProcess(command: InitCommand, { directory }: Place): Promise<string> {
  const report = await launchInit({ ...command, directory });
  return 'reason' in report ? report.reason : 'another start of it was abandoned';
}

/** Platform.settle: `init.pid` decides, and cannot change any more. */
export async function settleProcess({ directory, record }: Place): Promise<Settled<ProcessIdentity>> {
  const commitment = await abandonStart(directory);
  if (commitment.kind === 'abandoned') return { kind: 'never' };
  const { pid, startTime } = commitment;
  const { bootId, pidNamespace } = record;
  return { kind: 'life', life: { pid, startTime, bootId, pidNamespace } };
}

/** What /proc says, with the words in which init has recorded the end of its command. */
export function examineProcess(life: ProcessIdentity, { directory }: Place, here: PidScope): ProcessState {
  const state = proveProcess(life, here);
  if (state.kind !== 'dead') return state;
  const end = readEnd(directory);
  return end === undefined ? state : { kind: 'dead', evidence: `${end}; ${state.evidence}` };
}

export function watchProcess({ directory }: Place, onHint: () => void): LifeWatch {
  return watchFifo(join(directory, 'init.alive'), onHint);
}

/** To be called right after it was examined: a pid that was reused meanwhile is not ours to signal. */
export function signalProcess({ pid }: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH')) throw error;
  }
}

/** "qemu-system-x86_64, pid 4711, was ended by signal 9" */
function readEnd(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, 'init.end'), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
