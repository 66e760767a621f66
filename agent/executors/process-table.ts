import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

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
  const length = readShort(`/proc/${pid}/stat`);
  return length === 0 ? undefined : parseStat(shared.toString('latin1', 0, length));
}

/** Every process that this one can see. */
export function readProcessTable(): readonly ProcessEntry[] {
  return listProcesses().flatMap((pid) => readProcess(pid) ?? []);
}

/** Their pids only: much cheaper. */
export function listProcesses(): readonly number[] {
  const pids: number[] = [];
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0);
    if (first >= 48 && first <= 57) pids.push(Number(name));
  }
  return pids;
}

/** Whether it runs: a zombie does not, it only waits to be reaped. */
export function isAlive(entry: ProcessEntry | undefined): entry is ProcessEntry {
  return entry !== undefined && entry.state !== 'Z' && entry.state !== 'X';
}

/** Whether this very process still runs. One that only cannot be looked at (no file left to open) counts as running. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  const entry = readProcess(pid);
  if (entry === undefined) return mayBeRunning(pid);
  return isAlive(entry) && entry.startTime === startTime;
}

/** A cheap `isRunning`: a single signal check, which a zombie or a new owner of the pid passes too. */
export function mayBeRunning(pid: number): boolean {
  return mayBeSignalled(pid);
}

/** The same for a process group: false is the proof that nothing is in it. */
export function mayHaveProcesses(group: number): boolean {
  return mayBeSignalled(-group);
}

function mayBeSignalled(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the process was started with `NAME=VALUE` in its environment (its first one, not what it changed). */
export function hasEnvironment(pid: number, assignment: string): boolean {
  const environment = readEnvironment(pid);
  for (let at = environment.indexOf(assignment); at >= 0; at = environment.indexOf(assignment, at + 1)) {
    const end = environment[at + Buffer.byteLength(assignment)];
    if ((at === 0 || environment[at - 1] === 0) && (end === 0 || end === undefined)) return true;
  }
  return false;
}

/** Every value of a variable in the environment that the process was started with: none, one, or one that hides others. */
export function readEnvironmentValues(pid: number, name: string): readonly string[] {
  const environment = readEnvironment(pid);
  const beginning = `${name}=`;
  const values: string[] = [];
  for (let at = environment.indexOf(beginning); at >= 0; at = environment.indexOf(beginning, at + 1)) {
    if (at > 0 && environment[at - 1] !== 0) continue;
    const end = environment.indexOf(0, at);
    values.push(environment.toString('utf8', at + beginning.length, end < 0 ? environment.length : end));
  }
  return values;
}

/** Valid until the next file of /proc is read. */
function readEnvironment(pid: number): Buffer {
  const length = readShort(`/proc/${pid}/environ`);
  return length < shared.length ? shared.subarray(0, length) : readWhole(`/proc/${pid}/environ`);
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

/** What the kernel calls it (proc(5), /proc/PID/comm); undefined when it is gone. */
export function readProcessName(pid: number): string | undefined {
  const length = readShort(`/proc/${pid}/comm`);
  return length === 0 ? undefined : shared.toString('utf8', 0, length).trim();
}

const shared = Buffer.alloc(16 * 1024);

/**
 * Reads a file of /proc into `shared`, and returns how much that was; 0 when it is gone or not ours to read. Looking
 * through all processes costs a quarter of what readFileSync would take.
 */
function readShort(path: string): number {
  try {
    const file = openSync(path, 'r');
    try {
      let length = 0;
      for (;;) {
        const read = readSync(file, shared, length, shared.length - length, null);
        length += read;
        if (read === 0 || length === shared.length) return length;
      }
    } finally {
      closeSync(file);
    }
  } catch {
    return 0;
  }
}

function readWhole(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
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
