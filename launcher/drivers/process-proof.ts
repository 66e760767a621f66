import { readFileSync, readlinkSync } from 'node:fs';
import { hasErrorCode } from '../error-code.js';

/** What makes pids comparable: the boot they belong to, and the PID namespace they are counted in. */
export interface PidScope {
  readonly bootId: string;
  readonly pidNamespace: string;
}

/** A process for ever: its pid alone is reused, its pid with its start time is not (within one boot). */
export interface ProcessIdentity extends PidScope {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks since boot, as text. */
  readonly startTime: string;
}

export type ProcessState =
  | { readonly kind: 'alive' }
  | { readonly kind: 'dead'; readonly evidence: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The scope of this process, from /proc/sys/kernel/random/boot_id and the link /proc/self/ns/pid. */
export function readPidScope(): PidScope {
  return {
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    pidNamespace: readlinkSync('/proc/self/ns/pid'),
  };
}

/**
 * Tells whether a process still runs. For the init of a PID namespace `dead` covers everything that ran in it: the
 * kernel makes init a zombie only after it has killed and reaped the rest (kernel/pid_namespace.c,
 * zap_pid_ns_processes, called from exit_notify). What cannot be decided is `unknown`, never `dead`.
 */
export function proveProcess(process: ProcessIdentity, here: PidScope): ProcessState {
  if (process.bootId !== here.bootId) {
    return { kind: 'dead', evidence: `the machine was restarted (boot ${process.bootId} is over)` };
  }
  if (process.pidNamespace !== here.pidNamespace) {
    return { kind: 'unknown', reason: `pid ${process.pid} belongs to another PID namespace, ${process.pidNamespace}` };
  }
  const name = `init, pid ${process.pid} with start time ${process.startTime},`;
  try {
    const stat = readProcStat(process.pid);
    if (stat === undefined) {
      return isAnyProcess(process.pid)
        ? { kind: 'unknown', reason: `${name} is hidden in /proc` }
        : { kind: 'dead', evidence: `${name} is gone` };
    }
    if (stat.startTime !== process.startTime) {
      return { kind: 'dead', evidence: `${name} is gone; its pid belongs to a process started at ${stat.startTime}` };
    }
    if (stat.state === 'Z' || stat.state === 'X') {
      return { kind: 'dead', evidence: `${name} has ended (state ${stat.state})` };
    }
    return { kind: 'alive' };
  } catch (error) {
    return { kind: 'unknown', reason: `${name} cannot be examined: ${String(error)}` };
  }
}

/** State and start time of a process (proc(5), /proc/PID/stat); undefined when there is none with this pid. */
export function readProcStat(pid: number): { readonly state: string; readonly startTime: string } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ESRCH')) return undefined;
    throw error;
  }
  // Field 2, the program's name in parentheses, may hold blanks and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[19]];
  if (state === undefined || startTime === undefined) throw new Error(`/proc/${pid}/stat reads "${text}"`);
  return { state, startTime };
}

/** With the mount option hidepid a process of another user has no /proc/PID although it lives. */
function isAnyProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readProcStat(pid) === undefined;
  } catch (error) {
    return !hasErrorCode(error, 'ESRCH');
  }
}
