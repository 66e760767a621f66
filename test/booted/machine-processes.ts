/** Processes of machines, seen from outside. */
import { readFileSync, readlinkSync } from 'node:fs';
import { listProcesses } from '../../agent/executors/process-table.js';

/** Every process of the machine, as pids outside. */
export function insiders(leader: number): readonly number[] {
  return listProcesses().filter((pid) => isInside(pid, leader));
}

export function isInside(pid: number, leader: number): boolean {
  const namespace = pidNamespace(pid);
  return namespace !== '' && namespace === pidNamespace(leader);
}

function pidNamespace(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
}

/** Its pids in the namespaces from that of this /proc down to its own (proc(5), NSpid). */
export function namespacePids(pid: number): readonly number[] {
  const [, pids = ''] = /^NSpid:\s*(.*)$/m.exec(readQuietly(`/proc/${pid}/status`)) ?? [];
  return pids.split('\t').filter(Boolean).map(Number);
}

/** A file of /proc; empty when its process is gone. */
export function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
