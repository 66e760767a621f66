import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode } from '../../error-code.js';

/**
 * What QEMU may write to: a directory of its own below that of the instance. QEMU runs in it, belongs to another user
 * where that is possible, and opens everything by these names, which keeps sockets' addresses short. Whatever is found
 * in it later may be the work of a guest that has broken out of its QEMU: nothing here follows a link.
 */
export const guestFiles = {
  /** The overlay on the image's disk. */
  root: 'root.qcow2',
  /** The control socket of the launcher, and one for people: a monitor has one client at a time. */
  control: 'control.sock',
  operator: 'operator.sock',
  /** A third monitor whose client is a file: it is told to write every event to `<record>.out` (see qemu-arguments.ts). */
  record: 'record',
  recordInput: 'record.in',
  recordOutput: 'record.out',
  console: 'console.log',
  olderConsole: 'console.log.1',
} as const;

export function guestDirectory(instanceDirectory: string): string {
  return join(instanceDirectory, 'guest');
}

/** What is of use when its guest is dead: how it ended, and what it said. */
const KEPT = new Set<string>([guestFiles.recordOutput, guestFiles.console, guestFiles.olderConsole]);

/** Removes the disks and the secrets of a guest that is dead. Rejects when that cannot be done now. */
export async function stripGuestDirectory(instanceDirectory: string): Promise<void> {
  const directory = guestDirectory(instanceDirectory);
  const names = await readdir(directory).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  });
  for (const name of names.filter((each) => !KEPT.has(each))) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** The end of a file, from the beginning of a character on; '' when there is none. Rejects for what is no plain file. */
export async function readTail(path: string, maxBytes: number): Promise<string> {
  const file = await openPlainFile(path, constants.O_RDONLY);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, maxBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, Math.max(0, size - maxBytes));
    return buffer.subarray(firstCharacter(buffer), bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

/**
 * Keeps a file bounded that its writer holds open for appending: of one that takes more than `limitBytes` of the disk the
 * last `keptBytes` are copied to `older`, and the file starts anew. What is written in the same instant may be lost.
 */
export async function boundFile(path: string, older: string, limits: FileLimits): Promise<void> {
  const file = await openPlainFile(path, constants.O_RDWR);
  if (file === undefined) return;
  try {
    if ((await file.stat()).blocks * BLOCK_BYTES <= limits.limitBytes) return;
    const kept = await readTail(path, limits.keptBytes);
    const copy = await openPlainFile(older, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC);
    await copy?.writeFile(kept).finally(() => copy.close());
    await file.truncate(0);
  } finally {
    await file.close();
  }
}

/** Of stat(2), whatever the file system's are. */
const BLOCK_BYTES = 512;

export interface FileLimits {
  readonly limitBytes: number;
  readonly keptBytes: number;
}

/** Undefined when there is none. Non-blocking: a FIFO in its place must not hold anybody up. */
async function openPlainFile(path: string, flags: number): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const status = await file.stat();
  if (status.isFile() && status.nlink <= 1) return file;
  await file.close();
  throw new Error(`${path} is no plain file with one name`);
}

/** Bytes 10xxxxxx continue a character of UTF-8. */
function firstCharacter(buffer: Buffer): number {
  let at = 0;
  while (at < Math.min(3, buffer.length) && ((buffer[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}
