import { readFileSync } from 'node:fs';

/** When a process was started, to the clock tick (proc(5): field 22 of stat, in ticks since boot; 100 a second). */
export function startUnixMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const uptimeS = Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
  return Date.now() - (uptimeS * 1000 - ticks * 10);
}
