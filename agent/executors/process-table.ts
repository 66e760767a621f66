import { readdirSync, readFileSync } from 'node:fs';

/** One process of /proc, as field numbers of /proc/PID/stat say (proc(5)). */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** R, S, D, Z, ... */
  readonly state: string;
  /** Field 22, in clock ticks since boot: with the pid, an identity. */
  readonly startTime: number;
}

/** A process that can be recognized again: a pid alone may be somebody else's by now. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: number;
}

/** What /proc says of one process; undefined when there is none. */
export function readProcess(pid: number): ProcessEntry | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** Every process that this one can see. */
export function readProcessTable(): readonly ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    const entry = readProcess(Number(name));
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** Whether it runs: a zombie does not, it only waits to be reaped. */
export function isAlive(entry: ProcessEntry | undefined): entry is ProcessEntry {
  return entry !== undefined && entry.state !== 'Z' && entry.state !== 'X';
}

/** Whether this very process still runs. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  const entry = readProcess(pid);
  return isAlive(entry) && entry.startTime === startTime;
}

/** A cheap `isRunning`: a single signal check, which a zombie or a new owner of the pid passes too. */
export function mayBeRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the process was started with `NAME=VALUE` in its environment (its first one, not what it changed). */
export function hasEnvironment(pid: number, assignment: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`);
    for (let at = environment.indexOf(assignment); at >= 0; at = environment.indexOf(assignment, at + 1)) {
      const end = environment[at + Buffer.byteLength(assignment)];
      if ((at === 0 || environment[at - 1] === 0) && (end === 0 || end === undefined)) return true;
    }
  } catch {
    // Gone, or not ours to read.
  }
  return false;
}

/** argv of a process; empty when it is gone or a zombie. */
export function readArguments(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return text === '' ? [] : text.replace(/\0$/, '').split('\0');
  } catch {
    return [];
  }
}

function parseStat(text: string): ProcessEntry | undefined {
  // The name is in parentheses and may itself contain blanks and parentheses.
  const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const pid = Number.parseInt(text, 10);
  const [parent, group, session] = [fields[0], fields[1], fields[2]].map(Number);
  const startTime = Number(fields[18]);
  if (parent === undefined || group === undefined || session === undefined || Number.isNaN(startTime)) return undefined;
  return { pid, parent, group, session, state, startTime };
}
