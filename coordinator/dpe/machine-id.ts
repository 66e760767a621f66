import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Where a pid means something: one boot of one kernel, one PID namespace (pid_namespaces(7)), and the name of the
 * coordinator machine where it has one. Pids of any other place say nothing here.
 */
export function machineId(name = ''): string {
  place ??= `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}${pidNamespace()}`;
  return name === '' ? place : `${place} ${name}`;
}

let place: string | undefined;

function pidNamespace(): string {
  try {
    return ` ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

/** Start time of a living process in clock ticks since boot (proc(5)); undefined when it is gone or a zombie. */
export function startTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}
