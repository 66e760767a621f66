import { hasEnvironment, isAlive, type ProcessEntry, readProcessTable } from './process-table.js';
import { runVariable } from './resource-executor.js';

/** Everything that came of one started process, as far as it can be found. */
export interface ProcessFamily {
  /** The first process: leader of its own session and process group. Undefined when only the token is known. */
  readonly leader: number | undefined;
  /** Of the leader; undefined where it was not read (the process is our own child and cannot be mistaken). */
  readonly startTime: number | undefined;
  /** What the family carries in its environment. */
  readonly token: string;
}

const pollMs = 10;
const maxPollMs = 50;
const killDeadlineMs = 5000;

/**
 * The family's processes that run: in the leader's group or session, descendants of one that is, or started with the
 * token in their environment (that finds what has left the session and lost its parent). The agent itself is never one.
 */
export function livingFamily(family: ProcessFamily, table = readProcessTable()): readonly ProcessEntry[] {
  const assignment = `${runVariable}=${family.token}`;
  const { leader, startTime } = family;
  // The kernel gives a pid to nobody else as long as a group or session has its number; a new owner of it has neither.
  const isTaken =
    startTime !== undefined && table.some((entry) => entry.pid === leader && entry.startTime !== startTime);
  const hasLeader = leader !== undefined && !isTaken;
  const members = new Map<number, ProcessEntry>();
  for (const entry of table) {
    if (entry.pid === process.pid || entry.pid === 1) continue;
    const isKin = hasLeader && (entry.pid === leader || entry.group === leader || entry.session === leader);
    if (isKin || (isAlive(entry) && hasEnvironment(entry.pid, assignment))) members.set(entry.pid, entry);
  }
  for (let known = -1; known !== members.size; ) {
    known = members.size;
    for (const entry of table) {
      if (members.has(entry.parent) && entry.pid !== process.pid) members.set(entry.pid, entry);
    }
  }
  return [...members.values()].filter(isAlive);
}

/** Sends a signal to each of them; what is gone already is no error. */
export function signalAll(entries: readonly ProcessEntry[], signal: NodeJS.Signals): void {
  for (const { pid } of entries) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone, or not ours: what is left is what livingFamily says afterwards.
    }
  }
}

/** Waits until none of the family runs; returns those that still do after `timeoutMs`. */
export async function awaitEnd(family: ProcessFamily, timeoutMs: number): Promise<readonly ProcessEntry[]> {
  const deadline = performance.now() + timeoutMs;
  for (let wait = pollMs; ; wait = Math.min(maxPollMs, wait * 1.5)) {
    const living = livingFamily(family);
    const left = deadline - performance.now();
    if (living.length === 0 || left <= 0) return living;
    await delay(Math.min(wait, left));
  }
}

/**
 * Kills the whole family, and what it goes on starting meanwhile. Returns what could not be killed (in an
 * uninterruptible state, or forking faster than it can be found): empty is the proof that nothing runs.
 */
export async function killFamily(family: ProcessFamily): Promise<readonly ProcessEntry[]> {
  const deadline = performance.now() + killDeadlineMs;
  for (;;) {
    const living = livingFamily(family);
    if (living.length === 0 || performance.now() > deadline) return living;
    // Stopped first: whoever forks cannot run away between the look and the signal that is meant for all.
    signalAll(living, 'SIGSTOP');
    signalAll(livingFamily(family), 'SIGKILL');
    await delay(pollMs);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
