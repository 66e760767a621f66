import { readFileSync, writeFileSync } from 'node:fs';

/** Whether the kernel's OOM killer is to spare this agent (proc(5), /proc/PID/oom_score_adj): its children inherit that. */
const isSpared = readOwnScore() < 0;

/** Gives a process that was just started the usual score back; what it starts from then on has that too. */
export function resetOomScore(pid: number): void {
  if (!isSpared) return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '0');
  } catch {
    // It has ended, or is another user's whom we may not touch.
  }
}

function readOwnScore(): number {
  try {
    return Number(readFileSync('/proc/self/oom_score_adj', 'latin1'));
  } catch {
    return 0;
  }
}
