import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeFileSync } from 'node:fs';

const limitBytes = 4 * 1024 * 1024;
const keptBytes = 256 * 1024;

/** Opens (or creates) a file that a process may append its output to; the descriptor is the caller's to close. */
export function openLog(path: string): number {
  return openSync(path, 'a', 0o640);
}

/**
 * Cuts a log that has grown too large: its end goes to `<path>.1`, and it starts anew. Whoever writes to it goes on,
 * because the file stays the same one and is written by appending. What is written in between is lost.
 */
export function boundLog(path: string): void {
  try {
    const file = openSync(path, 'r+');
    try {
      const { size } = fstatSync(file);
      if (size <= limitBytes) return;
      writeFileSync(`${path}.1`, readEnd(file, size, keptBytes), { mode: 0o640 });
      ftruncateSync(file, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // Not there, or the disk is full: looked at again later.
  }
}

/** The last lines of a log, at most `bytes`; empty when it cannot be read. */
export function readLogEnd(path: string, bytes: number): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const text = readEnd(file, size, bytes).toString('utf8');
      return size > bytes ? text.slice(text.indexOf('\n') + 1) : text;
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

function readEnd(file: number, size: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(Math.min(size, bytes));
  const length = readSync(file, buffer, 0, buffer.length, Math.max(0, size - buffer.length));
  return buffer.subarray(0, length);
}
