import { join } from 'node:path';
import { renderSize } from '../../coordinator/model/quantities.js';
import { imageFiles } from '../../launcher/images/image-record.js';
import { bakeFailure } from './bake-failure.js';
import type { BakeProgress } from './bake-progress.js';
import { runTool } from './run-tool.js';
import { measureTree } from './tree-times.js';

export interface DiskOptions {
  readonly diskMiB: number;
  /** Makes the ids of the file system: 32 hex digits at least. */
  readonly digest: string;
  /** Unix seconds, the time at which the file system says it was made. */
  readonly newestFile: number;
  readonly progress: BakeProgress;
  readonly signal: AbortSignal;
}

/** The label of the root file system. */
export const rootLabel = 'cpe-root';

/**
 * Makes `disk.raw` and `disk.qcow2` of `tree` in the same directory: one ext4 file system, without a partition table,
 * because the kernel is given to the guest from outside, and without mounting anything.
 */
export async function makeDisk(directory: string, options: DiskOptions): Promise<void> {
  const { diskMiB, digest, newestFile, progress, signal } = options;
  const tree = join(directory, imageFiles.tree);
  const raw = join(directory, imageFiles.raw);
  const { bytes, inodes } = await measureTree(tree);
  checkSize({ bytes, inodes, diskMiB });
  progress.at(0.1, 'ext4');
  const id = uuidOf(digest);
  const extended = `root_owner=0:0,hash_seed=${id}`;
  const label = ['-L', rootLabel, '-U', id, '-m', '1', '-E', extended] as const;
  await runTool(['mke2fs', '-q', '-F', '-t', 'ext4', ...label, '-d', tree, raw, `${diskMiB}M`], {
    signal,
    purpose: 'could not make the file system',
    environment: { E2FSPROGS_FAKE_TIME: String(newestFile) },
  });
  progress.at(0.6, 'qcow2');
  const qcow2 = join(directory, imageFiles.qcow2);
  await runTool(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, qcow2], {
    signal,
    purpose: 'could not convert the disk',
  });
}

/** A file system keeps inodes, a journal and the like for itself: an eighth at most, and 64 MiB. */
function checkSize({ bytes, inodes, diskMiB }: { bytes: number; inodes: number; diskMiB: number }): void {
  const neededMiB = Math.ceil(bytes / 2 ** 20 + (inodes * 256) / 2 ** 20);
  const leastMiB = Math.ceil(neededMiB * 1.1) + 64;
  if (diskMiB >= leastMiB) return;
  const has = `the content takes ${renderSize(neededMiB)}, and a disk of ${renderSize(diskMiB)} has no room for it`;
  throw bakeFailure(has, `say disk: ${renderSize(Math.ceil(leastMiB / 256) * 256)} or more in the recipe`);
}

function uuidOf(digest: string): string {
  // RFC 9562, version 8: made of whatever one likes.
  const hex = `${digest.slice(0, 12)}8${digest.slice(13, 16)}8${digest.slice(17, 32)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
