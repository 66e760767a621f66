import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything that the bench writes is below `root`. */
export interface Workplace {
  readonly root: string;
  /** A fresh directory below the root. */
  directory(name: string): string;
  /** What else has to be taken away once no process is left; each blocks, and takes itself off when it is not needed. */
  readonly remains: Set<() => void>;
}

/** In the environment of everything that the bench starts, so that it is found again whoever is its parent by then. */
const markVariable = 'CPE_BENCH';

/** Makes a fresh directory below $TMPDIR and marks every process that this one starts from now on. */
export function openWorkplace(): Workplace {
  // The sockets of the coordinator need a short path (unix(7): 108 bytes).
  const root = mkdtempSync(join(tmpdir(), 'cpe-bench-'));
  const directory = (name: string) => {
    const path = join(root, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  process.env[markVariable] = root;
  process.env.TMPDIR = directory('tmp');
  return { root, directory, remains: new Set() };
}

export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * The processes of this bench that are alive (zombies are not): those that carry its mark, the programs it compiled,
 * and the inits of its instances; the latter are given environments of their own by whoever starts them.
 */
export function findLeftProcesses({ root }: Workplace): LeftProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const args = readProc(pid, 'cmdline').split('\0');
      if (args[0] === '') return [];
      const isProgram = args[0]?.startsWith(`${root}/`) === true;
      const ofInit = args[1] === '--once' ? args[2] : args[1];
      const isInit = args[0]?.endsWith('/cpe-instance-init') === true && ofInit?.startsWith(`${root}/`) === true;
      const isOurs = isProgram || isInit || readProc(pid, 'environ').split('\0').includes(`${markVariable}=${root}`);
      return isOurs ? [{ pid: Number(pid), command: args.join(' ').trim() }] : [];
    });
}

/**
 * SIGKILL to all of them, again and again, since a supervisor may have started another one meanwhile; then removes the
 * directory. Blocks. Returns what could not be killed.
 */
export function clearWorkplace(workplace: Workplace, deadlineMs = 10_000): LeftProcess[] {
  const until = Date.now() + deadlineMs;
  let left = findLeftProcesses(workplace);
  while (left.length > 0 && Date.now() < until) {
    for (const { pid } of left) kill(pid);
    // Blocks on purpose: the second signal of an impatient user leaves no time for anything else.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    left = findLeftProcesses(workplace);
  }
  for (const take of workplace.remains) take();
  rmSync(workplace.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  return left;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Empty when the process has ended or belongs to someone else. */
function readProc(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
