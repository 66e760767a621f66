import {
  hasEnvironment,
  isAlive,
  isRunning,
  mayHaveProcesses,
  type ProcessEntry,
  readProcessTable,
} from './process-table.js';
import { runVariable } from './resource-executor.js';
import { isTokenCarried } from './token-scan.js';

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
    // What is older than the leader did not come of it.
    const mayCarry = isAlive(entry) && (startTime === undefined || entry.startTime >= startTime);
    if (isKin || (mayCarry && hasEnvironment(entry.pid, assignment))) members.set(entry.pid, entry);
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
function signalAll(entries: readonly ProcessEntry[], signal: NodeJS.Signals): void {
  for (const { pid } of entries) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone, or not ours: what is left is what livingFamily says afterwards.
    }
  }
}

/**
 * Asks a family to end, and kills what is left of it after `graceMs`. Returns what could not be killed: empty is the
 * proof that nothing of it runs.
 */
export async function endFamily(family: ProcessFamily, graceMs: number): Promise<readonly ProcessEntry[]> {
  if (!(await mayHaveMembers(family))) return [];
  const deadline = performance.now() + graceMs;
  let living = livingFamily(family);
  signalAll(living, 'SIGTERM');
  for (let wait = pollMs; living.length > 0; wait = Math.min(maxPollMs, wait * 1.5)) {
    const left = deadline - performance.now();
    if (left <= 0) return killFamily(family);
    await delay(Math.min(wait, left));
    // Looked for again only when all that were known have ended: what they started in between.
    if (!living.some(isRunning)) living = (await mayHaveMembers(family)) ? livingFamily(family) : [];
  }
  return living;
}

/**
 * A quick look whether anything of the family may be there: its group, or a process that carries its token. (Reading
 * every /proc/PID/stat takes ten times as long.) False also for a member that has left the group and cleared its
 * environment, which nobody can tell from a stranger once its parents are gone.
 */
async function mayHaveMembers({ leader, token }: ProcessFamily): Promise<boolean> {
  return (leader !== undefined && mayHaveProcesses(leader)) || isTokenCarried(token);
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
