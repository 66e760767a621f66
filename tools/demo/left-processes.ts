import { readdirSync, readFileSync } from 'node:fs';
import type { DemoDirectory } from './demo-directory.js';

/** In the environment of everything that the demo starts, so that it is found again whoever is its parent by then. */
export const markVariable = 'CPE_DEMO';

export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * The processes of this demo that are alive (zombies are not): those that carry its mark, and the inits of its
 * instances, which are given an environment of their own; what is inside of an instance ends with its init.
 */
export function findLeftProcesses({ root }: DemoDirectory): LeftProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const args = readProc(pid, 'cmdline').split('\0');
      if (args[0] === '') return [];
      const isInit = (args[0] ?? '').endsWith('/cpe-instance-init') && (args[1] ?? '').startsWith(`${root}/`);
      const isOurs = isInit || readProc(pid, 'environ').split('\0').includes(`${markVariable}=${root}`);
      return isOurs ? [{ pid: Number(pid), command: args.join(' ').trim() }] : [];
    });
}

/** SIGKILL to all of them, again and again, since a supervisor may have started another one meanwhile. */
export function killLeftProcesses(directory: DemoDirectory, deadlineMs: number): LeftProcess[] {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const left = findLeftProcesses(directory);
    if (left.length === 0 || Date.now() > until) return left;
    for (const { pid } of left) kill(pid);
    pauseMs(20);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Blocks on purpose: the second signal of an impatient user leaves no time for anything else. */
function pauseMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Empty when the process has ended or belongs to someone else. */
function readProc(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
