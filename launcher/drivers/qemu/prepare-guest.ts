import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CredentialFiles } from './guest-credentials.js';
import { guestFiles } from './guest-directory.js';
import type { GuestUser } from './guest-user.js';
import type { Machine } from './machine.js';
import { extraDiskFile, recordInput } from './qemu-arguments.js';

export interface GuestPlan {
  /** To be made, with everything in it. */
  readonly directory: string;
  readonly machine: Machine;
  /** Absolute path of the disk that the root disk is an overlay on. */
  readonly base: string;
  readonly credentials: CredentialFiles;
  readonly user: GuestUser | undefined;
  /** Path of qemu-img. */
  readonly imageTool: string;
}

const IMAGE_TOOL_MS = 60_000;
const BYTES_PER_MIB = 1024 * 1024;

/** Makes the directory of a guest that has not run yet. Rejects with what the file system or qemu-img says. */
export async function prepareGuest(plan: GuestPlan): Promise<void> {
  const { directory, machine, user } = plan;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { mode: 0o700 });
  const write = (name: string, text: string) => writeFile(join(directory, name), text, { mode: 0o600, flag: 'wx' });
  await Promise.all([
    createDisk(plan, guestFiles.root, ['-b', plan.base, '-F', 'qcow2']),
    ...machine.disks.map(({ sizeMiB }, at) => createDisk(plan, extraDiskFile(at), [], sizeMiB * BYTES_PER_MIB)),
    write(guestFiles.recordInput, recordInput),
    write(guestFiles.recordOutput, ''),
    ...[...plan.credentials].map(([name, text]) => write(name, text)),
  ]);
  if (user === undefined) return;
  for (const name of await readdir(directory)) await chown(join(directory, name), user.uid, user.gid);
  await chown(directory, user.uid, user.gid);
}

function createDisk(plan: GuestPlan, file: string, options: readonly string[], bytes?: number): Promise<void> {
  const size = bytes === undefined ? [] : [`${bytes}`];
  return new Promise((resolve, reject) => {
    const args = ['create', '-q', '-f', 'qcow2', ...options, join(plan.directory, file), ...size];
    execFile(plan.imageTool, args, { timeout: IMAGE_TOOL_MS }, (error, _, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`${plan.imageTool} cannot make ${file}: ${stderr.trim() || error.message}`));
    });
  });
}
