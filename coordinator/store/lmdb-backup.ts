import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkDataFile } from './lmdb-check.js';
import { fileNames } from './lmdb-files.js';
import { whileLockGone } from './lmdb-lock-gone.js';
import { storeError } from './store-error.js';

/**
 * Copies the store in `directory`, which may be in use, as it is at one moment, into the new directory `target`. The copy
 * is read as a whole before this resolves, and is on disk. Rejects with a `StoreError`: of a damaged store, or a copy
 * that could not be written.
 */
export async function copyLmdbStore(directory: string, target: string): Promise<void> {
  if (!existsSync(join(directory, fileNames.data)) && !existsSync(join(directory, fileNames.marker))) {
    throw storeError('failed', `there is no store in ${directory}`);
  }
  await checkDataFile(directory, 'whole');
  await mkdir(target, { mode: 0o700 });
  await whileLockGone(directory, () => copyInChild(directory, target));
  await checkDataFile(target, 'whole');
  const file = await open(join(target, fileNames.data), 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function copyInChild(directory: string, target: string): Promise<'copied' | 'lock-gone'> {
  const program = fileURLToPath(new URL('./lmdb-backup-main.js', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, directory, target]);
    return stdout === 'lock-gone' ? 'lock-gone' : 'copied';
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw storeError('failed', `the store in ${directory} could not be copied: ${stderr?.trim() || message}`, error);
  }
}
