/**
 * What runs of a container, seen from its launcher host: cpe-instance-init, which is the life of the instance; its one
 * child, a shell (nspawn-command.ts); of that systemd-nspawn; of that the PID 1 of the container, in a PID namespace
 * below; and what that has started.
 */
import { readFileSync } from 'node:fs';
import { readProcStat } from '../process-proof.js';

export interface ContainerProcesses {
  /** Undefined while one of them does not run: at the start, when the container restarts, at the end. */
  readonly nspawn: number | undefined;
  readonly systemd: number | undefined;
  readonly agent: number | undefined;
}

/** By its command line, for people to see. */
const agentProgram = /\/cpe-agent\.mjs\0/;

export function findContainerProcesses(initPid: number): ContainerProcesses {
  const nspawn = childrenOf(initPid)
    .flatMap(childrenOf)
    .find((pid) => read(pid, 'comm') === 'systemd-nspawn\n');
  const systemd = nspawn === undefined ? undefined : childrenOf(nspawn).find(isContainerInit);
  const agent =
    systemd === undefined ? undefined : childrenOf(systemd).find((pid) => agentProgram.test(read(pid, 'cmdline')));
  return { nspawn, systemd, agent };
}

/** Whether a signal or a debugger holds it (proc(5), state T or t). */
export function isStopped(pid: number): boolean {
  try {
    return /^[Tt]$/.test(readProcStat(pid)?.state ?? '');
  } catch {
    return false;
  }
}

/** PID 1 in its namespace, and past the point where it is a part of systemd-nspawn that sets the container up. */
function isContainerInit(pid: number): boolean {
  const [, innermost] = /^NSpid:.*\t(\d+)$/m.exec(read(pid, 'status')) ?? [];
  return innermost === '1' && !/^(\(.*|systemd-nspawn|)$/.test(read(pid, 'comm').trim());
}

function childrenOf(pid: number): readonly number[] {
  return read(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** Empty when the process is gone. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
