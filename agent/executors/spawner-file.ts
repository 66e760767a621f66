import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { listProcesses, readArguments } from './process-table.js';

/**
 * Puts the spawner's program into a directory of its own, unless it is there, whole and nobody else's to change. Its name
 * says what is in it, so an agent of another version never starts the wrong one. Returns its path; throws what the file
 * system says.
 */
export function installSpawner(directory: string, binary: Buffer): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  const name = `cpe-spawner-${createHash('sha256').update(binary).digest('hex').slice(0, 16)}`;
  const path = join(realpathSync(directory), name);
  if (isIntact(path, binary)) return path;
  for (const old of readdirSync(directory)) rmSync(join(directory, old), { recursive: true, force: true });
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, binary, { mode: 0o700, flag: 'wx' });
  renameSync(fresh, path);
  return path;
}

function isIntact(path: string, binary: Buffer): boolean {
  try {
    const { mode, uid } = lstatSync(path);
    // 0o100700: a plain file, for its owner alone.
    return mode === 0o100700 && uid === process.getuid?.() && readFileSync(path).equals(binary);
  } catch {
    return false;
  }
}

const pollMs = 5;
const patienceMs = 500;
const killDeadlineMs = 5000;
/** The kernel needs microseconds; who hides its arguments and its environment for good looks the same. */
const formingMs = 100;

/**
 * Waits until no spawner of this directory is left, and none of their children that is still on its way to become a
 * command; what takes too long is killed, before it is one. Resolves at a deadline at the latest.
 */
export async function settleSpawners(directory: string): Promise<void> {
  const from = performance.now();
  for (;;) {
    const left = findSpawners(directory);
    const spentMs = performance.now() - from;
    if (left.length === 0 || spentMs > killDeadlineMs) return;
    if (spentMs > patienceMs) for (const pid of left) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function findSpawners(directory: string): readonly number[] {
  let beginning: string;
  try {
    beginning = `${realpathSync(directory)}/`;
  } catch {
    // No agent has ever had one.
    return [];
  }
  return listProcesses().filter((pid) => programOf(pid).startsWith(beginning));
}

/**
 * Waits until no process is between two programs: it has the new one, and not yet its arguments and environment (execve
 * makes a new address space, lets a vfork(2) return, and then fills it), so it cannot be told from a stranger.
 */
export async function settleExecutions(): Promise<void> {
  for (const from = performance.now(); performance.now() - from < formingMs; ) {
    if (!listProcesses().some(isForming)) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function isForming(pid: number): boolean {
  return programOf(pid) !== '' && readArguments(pid).length === 0 && isEmpty(`/proc/${pid}/environ`);
}

function isEmpty(path: string): boolean {
  try {
    return readFileSync(path).length === 0;
  } catch {
    return false;
  }
}

/** Empty when it has none (a zombie), or is not ours to look at. */
function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}
