import { lstat, lutimes, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Unix seconds of the newest file below `directory` that is older than `before`. */
export async function newestTime(directory: string, before: Date): Promise<number> {
  // What the installation itself has written is as new as that.
  const limit = before.getTime() - 60_000;
  let newest = 0;
  for await (const { mtimeMs } of walk(directory)) if (mtimeMs < limit) newest = Math.max(newest, mtimeMs);
  return Math.floor(newest / 1000);
}

/** What a tree takes on a file system with blocks of 4 KiB, and how many inodes. */
export async function measureTree(directory: string): Promise<{ readonly bytes: number; readonly inodes: number }> {
  const block = 4096;
  let [bytes, inodes] = [0, 0];
  for await (const { size, isLink } of walk(directory)) {
    inodes += 1;
    // A short link is in its inode.
    if (!isLink || size >= 60) bytes += Math.ceil(size / block) * block;
  }
  return { bytes, inodes };
}

/** No file of the tree is newer than `newestSeconds`, so that the same content makes the same tree. */
export async function clampTimes(directory: string, newestSeconds: number): Promise<void> {
  for await (const { path, mtimeMs } of walk(directory)) {
    if (mtimeMs > newestSeconds * 1000) await lutimes(path, newestSeconds, newestSeconds);
  }
}

interface Found {
  readonly path: string;
  readonly mtimeMs: number;
  readonly size: number;
  readonly isLink: boolean;
}

async function* walk(directory: string): AsyncGenerator<Found> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    const { mtimeMs, size } = await lstat(path);
    yield { path, mtimeMs, size, isLink: entry.isSymbolicLink() };
  }
}
