import { type FileHandle, open, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode } from '../../error-code.js';
import type { Place } from '../platform.js';

/** What systemd-nspawn and the container's console have written; cpe-instance-init keeps it, and bounds it now and then. */
const logName = 'machine.log';
const olderName = `${logName}.1`;
const limitBytes = 4 * 1024 * 1024;
const keptBytes = 1024 * 1024;

/** The end of the console log, from the beginning of a character on. */
export async function readConsoleLog({ directory }: Place, maxBytes: number): Promise<string> {
  const recent = await readTail(join(directory, logName), maxBytes);
  const left = maxBytes - recent.length;
  const older = left > 0 ? await readTail(join(directory, olderName), left) : Buffer.alloc(0);
  const all = Buffer.concat([older, recent]);
  return all.subarray(firstCharacter(all)).toString('utf8');
}

/** Of a log that has become large the end is put aside, and it starts anew. What is written meanwhile may be lost. */
export async function boundConsoleLog({ directory }: Place): Promise<void> {
  const log = join(directory, logName);
  if ((await stat(log)).size <= limitBytes) return;
  await writeFile(join(directory, olderName), await readTail(log, keptBytes), { mode: 0o600 });
  await truncate(log);
}

async function readTail(path: string, maxBytes: number): Promise<Buffer> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  }
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, maxBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Bytes 10xxxxxx continue a character of UTF-8. */
function firstCharacter(bytes: Buffer): number {
  let at = 0;
  while (at < 3 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}
