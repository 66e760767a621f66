import { readFileSync } from 'node:fs';

/** Pid of a program that runs in an instance, by the pid of the instance's init; undefined when it does not run. */
export function findProgram(initPid: number, program: string): number | undefined {
  for (const pid of childrenOf(initPid)) {
    // Some programs rewrite their command line to one text with blanks.
    const [path = ''] = readProc(`${pid}/cmdline`).split(/[\0 ]/, 1);
    if (path.slice(path.lastIndexOf('/') + 1) === program) return pid;
    const below = findProgram(pid, program);
    if (below !== undefined) return below;
  }
  return undefined;
}

function childrenOf(pid: number): number[] {
  return readProc(`${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** Empty when the process has ended. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
