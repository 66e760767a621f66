import { link, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode } from '../error-code.js';

/**
 * Who is first decides whether an instance that is a process of this machine starts: its init, which writes
 * "PID STARTTIME" to `init.pid`, or a launcher that gives the start up and writes "abandoned"; both by link(2), once.
 */
export type Commitment =
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'committed'; readonly pid: number; readonly startTime: string };

/** Everything that abandoning a start needs is there before it, so that a full disk cannot prevent it. */
export async function prepareCommitment(directory: string): Promise<void> {
  await writeFile(join(directory, 'init.pid.abandoned'), 'abandoned\n', { mode: 0o600 });
}

/**
 * Makes sure that a start which has not committed never will. Returns who was first: `abandoned`, or the commitment of
 * an instance that runs or has run.
 */
export async function abandonStart(directory: string): Promise<Commitment> {
  try {
    await link(join(directory, 'init.pid.abandoned'), join(directory, 'init.pid'));
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  }
  const text = await readFile(join(directory, 'init.pid'), 'utf8');
  if (text === 'abandoned\n') return { kind: 'abandoned' };
  const [, pid, startTime] = /^(\d+) (\d+)\n$/.exec(text) ?? [];
  if (pid === undefined || startTime === undefined)
    throw new Error(`${directory} cannot be read: init.pid reads "${text}"`);
  return { kind: 'committed', pid: Number(pid), startTime };
}
