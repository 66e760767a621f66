import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isAlive, type ProcessIdentity, readProcess } from './process-table.js';

const limitBytes = 64;

/**
 * The process that a pid file names: the number on its first line. Undefined when there is no such file, or no such
 * process. What is no plain file is not waited for.
 */
export function readPidFile(path: string): ProcessIdentity | undefined {
  const pid = Number(/^\s*(\d{1,10})\s*$/m.exec(readStart(path))?.[1] ?? 0);
  if (pid <= 1 || pid === process.pid) return undefined;
  const entry = readProcess(pid);
  return isAlive(entry) ? { pid, startTime: entry.startTime } : undefined;
}

function readStart(path: string): string {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(file).isFile()) return '';
      const buffer = Buffer.alloc(limitBytes);
      return buffer.toString('latin1', 0, readSync(file, buffer, 0, limitBytes, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
