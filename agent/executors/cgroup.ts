import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Cgroups of version 2 (kernel: Documentation/admin-guide/cgroup-v2.rst) without any controller: sets of processes. */

const killDeadlineMs = 5000;
const firstPollMs = 1;
const maxPollMs = 20;

/** Whether a process lives in the cgroup or anywhere below it; zombies do not count. False when there is none. */
export function isPopulated(directory: string): boolean {
  return /^populated 1$/m.test(read(join(directory, 'cgroup.events')));
}

/** The pids of the processes in the cgroup and below it, as this PID namespace sees them. */
export function listCgroup(directory: string): readonly number[] {
  const own = read(join(directory, 'cgroup.procs')).split('\n').map(Number);
  // 0 stands for a process of another PID namespace, and for the end of the file.
  return [...own.filter((pid) => pid > 0), ...childrenOf(directory).flatMap(listCgroup)];
}

/** Moves a process into the cgroup. Returns whether that was possible. */
export function moveIntoCgroup(directory: string, pid: number): boolean {
  return write(join(directory, 'cgroup.procs'), String(pid));
}

/**
 * Kills everything in the cgroup and below it: at once, so that nobody can fork away (`cgroup.kill`, Linux 5.14), and
 * one by one on older kernels. Returns what could not be killed; empty is the proof that nothing of it runs.
 */
export async function killCgroup(directory: string): Promise<readonly number[]> {
  const deadline = performance.now() + killDeadlineMs;
  const canKill = existsSync(join(directory, 'cgroup.kill'));
  for (let waitMs = firstPollMs; isPopulated(directory); waitMs = Math.min(maxPollMs, waitMs * 2)) {
    if (performance.now() > deadline) return listCgroup(directory);
    if (!canKill || !write(join(directory, 'cgroup.kill'), '1')) signalCgroup(directory, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return [];
}

/** Sends a signal to each process in the cgroup and below it, as far as they are found. */
export function signalCgroup(directory: string, signal: NodeJS.Signals): void {
  for (const pid of listCgroup(directory)) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone meanwhile.
    }
  }
}

/** Removes the cgroup and those below it, as far as nothing is in them. Returns whether it is gone. */
export function removeCgroup(directory: string): boolean {
  for (const child of childrenOf(directory)) removeCgroup(child);
  try {
    rmdirSync(directory);
    return true;
  } catch {
    return !existsSync(directory);
  }
}

export function childrenOf(directory: string): readonly string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(directory, entry.name));
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    // To be told by an exception takes ten times as long, and most resources have no daemons.
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}

function write(path: string, text: string): boolean {
  try {
    writeFileSync(path, text);
    return true;
  } catch {
    return false;
  }
}
