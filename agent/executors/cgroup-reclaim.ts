import { readFileSync } from 'node:fs';
import { moveIntoCgroup } from './cgroup.js';
import { hasEnvironment, listProcesses } from './process-table.js';
import { runVariable } from './resource-executor.js';

/** The number that was last given to a process of this PID namespace (proc(5), /proc/loadavg). */
export function newestPid(): number {
  return Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
}

/**
 * Moves what came of a run back into its cgroup: a script that starts its daemon by su(1) loses it to a login session of
 * its own where PAM makes one (pam_systemd(8)).
 *
 * @param token of the run; in the environment of everything that it has started
 * @param since what `newestPid` was before: nothing older came of it
 */
export function reclaimProcesses(directory: string, token: string, since: number): void {
  const assignment = `${runVariable}=${token}`;
  // Numbers begin anew when they are used up.
  const hasWrapped = newestPid() < since;
  for (const pid of listProcesses()) {
    if ((pid > since || hasWrapped) && pid !== process.pid && hasEnvironment(pid, assignment)) {
      moveIntoCgroup(directory, pid);
    }
  }
}
