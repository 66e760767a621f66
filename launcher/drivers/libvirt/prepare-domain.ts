import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasErrorCode } from '../../error-code.js';
import type { CredentialFiles } from '../qemu/guest-credentials.js';
import { readTail } from '../qemu/guest-directory.js';
import type { Disk } from '../qemu/machine.js';

export interface DomainFiles {
  /** To be made, with everything in it. */
  readonly directory: string;
  /** Absolute path of the disk that the root disk is an overlay on. */
  readonly base: string;
  readonly disks: readonly Disk[];
  readonly credentials: CredentialFiles;
  /** As whom QEMU runs; undefined: as whom launcherd runs. */
  readonly guestUser: { readonly uid: number; readonly gid: number } | undefined;
  /** Path of qemu-img. */
  readonly imageTool: string;
}

const IMAGE_TOOL_MS = 60_000;
const ROOT_DISK = 'root.qcow2';
const CONSOLE = 'console.log';
const BYTES_PER_MIB = 1024 * 1024;
/** What is left of a console when its instance has ended. */
const KEPT_CONSOLE_BYTES = 256 * 1024;

export function rootDisk(directory: string): string {
  return join(directory, ROOT_DISK);
}

export function extraDisk(directory: string, at: number): string {
  return join(directory, `disk-${at}.qcow2`);
}

export function consoleFile(directory: string): string {
  return join(directory, CONSOLE);
}

/** What was cut off from a console that had grown too long. */
export function olderConsole(directory: string): string {
  return join(directory, 'console.older.log');
}

/**
 * Makes the files of a domain that has not run yet. The directory stays launcherd's: a guest that has broken out of its
 * QEMU finds its own files in it, and can neither make nor rename any. Rejects with what the file system or qemu-img says.
 */
export async function prepareDomain(files: DomainFiles): Promise<void> {
  const { directory, guestUser } = files;
  await makeSearchable(dirname(directory), guestUser !== undefined);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { mode: 0o700 });
  const write = (path: string, text: string) => writeFile(path, text, { mode: 0o600, flag: 'wx' });
  const credentials = [...files.credentials];
  await allOver([
    createDisk(files, rootDisk(directory), ['-b', files.base, '-F', 'qcow2']),
    ...files.disks.map(({ sizeMiB }, at) => createDisk(files, extraDisk(directory, at), [], sizeMiB * BYTES_PER_MIB)),
    write(consoleFile(directory), ''),
    ...credentials.map(([name, text]) => write(join(directory, name), text)),
  ]);
  if (guestUser === undefined) return;
  const { uid, gid } = guestUser;
  const paths = [
    rootDisk(directory),
    ...files.disks.map((_, at) => extraDisk(directory, at)),
    consoleFile(directory),
    ...credentials.map(([name]) => join(directory, name)),
  ];
  for (const path of paths) await chown(path, uid, gid);
  await chown(directory, 0, gid);
  // To be searched by the guests' group, and to be listed by nobody else.
  await chmod(directory, 0o710);
}

/** Makes sure that a start which is still on its way in libvirtd fails: there is nothing left to boot from. */
export async function withdrawDisk(directory: string): Promise<void> {
  try {
    await rename(rootDisk(directory), `${rootDisk(directory)}.withdrawn`);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
}

/** Removes the files of a domain that has ended; of its console the end stays, in `keepIn`. */
export async function removeDomainFiles(directory: string, keepIn: string): Promise<void> {
  const text = await readTail(consoleFile(directory), KEPT_CONSOLE_BYTES).catch(() => '');
  if (text !== '') await writeFile(consoleFile(keepIn), text, { mode: 0o600 }).catch(() => undefined);
  await rm(directory, { recursive: true, force: true });
}

/** The end of the console of a domain, whether it runs or has ended. */
export async function readConsole(directory: string | undefined, keptIn: string, maxBytes: number): Promise<string> {
  const text = directory === undefined ? '' : await readTail(consoleFile(directory), maxBytes);
  if (text === '' || directory === undefined) return readTail(consoleFile(keptIn), maxBytes);
  const leftBytes = maxBytes - Buffer.byteLength(text);
  return leftBytes <= 0 ? text : `${await readTail(olderConsole(directory), leftBytes)}${text}`;
}

/** As Promise.all, but nothing is still under way when it rejects: what is made is removed next. */
async function allOver(parts: readonly Promise<unknown>[]): Promise<void> {
  for (const part of await Promise.allSettled(parts)) if (part.status === 'rejected') throw part.reason;
}

async function makeSearchable(directory: string, isForOthers: boolean): Promise<void> {
  if (!isForOthers) return;
  await mkdir(directory, { recursive: true, mode: 0o711 });
  const { uid, mode } = await lstat(directory);
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) {
    throw new Error(`${directory} belongs to somebody else, or others may write to it`);
  }
  // Whatever the umask is.
  await chmod(directory, 0o711);
}

function createDisk(files: DomainFiles, path: string, options: readonly string[], bytes?: number): Promise<void> {
  const size = bytes === undefined ? [] : [`${bytes}`];
  return new Promise((resolve, reject) => {
    const args = ['create', '-q', '-f', 'qcow2', ...options, path, ...size];
    execFile(files.imageTool, args, { timeout: IMAGE_TOOL_MS }, (error, _, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`${files.imageTool} cannot make ${path}: ${stderr.trim() || error.message}`));
    });
  });
}
