import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The pid of an instance's agent in this PID namespace, or undefined when it does not run right now or the kernel does
 * not tell. Init writes the agent's pid as seen inside to agent.pid; among init's children
 * (/proc/PID/task/PID/children) the agent is the one whose innermost NSpid (proc(5), /proc/PID/status) is this number.
 */
export function findAgentPid(directory: string, initPid: number): number | undefined {
  try {
    const innerPid = readFileSync(join(directory, 'agent.pid'), 'utf8').trim();
    const children = readFileSync(`/proc/${initPid}/task/${initPid}/children`, 'utf8');
    for (const child of children.split(' ')) {
      if (child !== '' && readInnerPid(child) === innerPid) return Number(child);
    }
  } catch {
    // No file yet, or init has just ended: the caller asked for a pid to show, not for a proof.
  }
  return undefined;
}

function readInnerPid(pid: string): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    if (/^State:\tZ/m.test(status)) return undefined;
    return /^NSpid:.*\t(\d+)$/m.exec(status)?.[1];
  } catch {
    return undefined;
  }
}
