/**
 * Who uses an image, so that nobody removes it: a file in its directory `used-by` for each instance that runs from it,
 * written before anything of the image is opened and removed when the instance is gone for good. The file names the
 * instance's state directory, which the driver removes last of all: where that is gone, so is the user, whatever became
 * of the launcher that should have said so.
 */
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../durable-file.js';
import { hasErrorCode } from '../error-code.js';
import type { Image } from './image.js';
import { imageFiles } from './image-record.js';

export interface ImageUser {
  readonly launcherHost: string;
  readonly instance: string;
  /** Absolute path of the instance's own directory (overlays, logs), which goes with the instance. */
  readonly directory: string;
}

export interface FoundUser extends ImageUser {
  /** Unix milliseconds. */
  readonly sinceUnixMs: number;
  /** Its directory is gone, and so is the user. */
  readonly isStale: boolean;
}

export type HoldOutcome = { readonly kind: 'held' } | { readonly kind: 'problem'; readonly problem: string };

/**
 * Keeps `image` from being deleted until it is released, also over restarts. To hold it again is to hold it once.
 * `user.directory` must exist already. `problem`: the image was deleted meanwhile, or nothing can be written there.
 */
export async function holdImage(image: Image, user: ImageUser): Promise<HoldOutcome> {
  const directory = join(image.directory, imageFiles.users);
  const { launcherHost, instance } = user;
  const text = JSON.stringify({ launcherHost, instance, directory: user.directory, sinceUnixMs: Date.now() });
  try {
    await mkdir(directory, { mode: 0o755 }).catch((error: unknown) => {
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    });
    await replaceFile(join(directory, fileOf(user)), `${text}\n`, 0o644);
    // The other way round than deletion, which moves the image away first and looks for users then: one of the two sees
    // the other.
    await stat(join(image.directory, imageFiles.record));
    return { kind: 'held' };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return { kind: 'problem', problem: `image ${image.name} was deleted` };
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'problem', problem: `the use of image ${image.name} cannot be recorded: ${reason}` };
  }
}

/** Ends what `holdImage` began; does nothing where there is nothing to end. Rejects where the file cannot be removed. */
export async function releaseImage(image: Pick<Image, 'directory'>, user: Omit<ImageUser, 'directory'>): Promise<void> {
  await rm(join(image.directory, imageFiles.users, fileOf(user)), { force: true });
}

/** All users of the image in `image.directory`, by name; a file that cannot be read counts as a user that is there. */
export async function usersOf(image: Pick<Image, 'directory'>): Promise<readonly FoundUser[]> {
  const directory = join(image.directory, imageFiles.users);
  let names: readonly string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
  const users: FoundUser[] = [];
  for (const name of [...names].sort()) {
    if (name.endsWith('.new')) continue;
    const user = await readUser(directory, name);
    if (user !== undefined) users.push(user);
  }
  return users;
}

/** Both names are made of letters, digits and `_ . -` only; `=` cannot be in either. */
function fileOf({ launcherHost, instance }: Omit<ImageUser, 'directory'>): string {
  return `${launcherHost}=${instance}`;
}

/** Undefined for one that was released in this moment. */
async function readUser(directory: string, name: string): Promise<FoundUser | undefined> {
  const [launcherHost = '', instance = ''] = name.split('=');
  const unknown: FoundUser = { launcherHost, instance, directory: '', sinceUnixMs: 0, isStale: false };
  let text: string;
  try {
    text = await readFile(join(directory, name), 'utf8');
  } catch (error) {
    return hasErrorCode(error, 'ENOENT') ? undefined : unknown;
  }
  try {
    const { directory: at, sinceUnixMs } = JSON.parse(text) as Partial<FoundUser>;
    if (typeof at !== 'string' || !at.startsWith('/') || typeof sinceUnixMs !== 'number') return unknown;
    return { launcherHost, instance, directory: at, sinceUnixMs, isStale: !(await isThere(at)) };
  } catch {
    return unknown;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    return !hasErrorCode(error, 'ENOENT') && !hasErrorCode(error, 'ENOTDIR');
  }
}
