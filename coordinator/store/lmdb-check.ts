import { execFile } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileNames } from './lmdb-files.js';
import { whileLockGone } from './lmdb-lock-gone.js';
import { isWhole, type Meta, readMeta } from './lmdb-meta.js';
import { type StoreError, storeError } from './store-error.js';

/** What the child process of a check prints, as JSON. */
export type CheckResult =
  /** `damage`: what is wrong, a clause. */
  { readonly kind: 'checked'; readonly damage?: string | undefined } | { readonly kind: 'lock-gone' };

const checkTimeoutMs = 120_000;

/**
 * Makes sure that opening the data file in `directory`, if there is one, will not end this process, and that it says
 * what was written to it; rejects with code `damaged` otherwise. Nothing is changed. With `thoroughness` `length` only
 * its head and its length are looked at, and the rest where that leaves a doubt.
 */
export async function checkDataFile(directory: string, thoroughness: 'whole' | 'length'): Promise<void> {
  const gate = join(directory, fileNames.gate);
  const lookAtGate = lookAtHead(gate);
  if (lookAtGate !== 'absent' && !lookAtGate.isWhole) throw damagedGate(gate, lookAtGate.damage ?? 'it is truncated');
  const file = join(directory, fileNames.data);
  const look = lookAtHead(file);
  if (look === 'absent') {
    if (existsSync(join(directory, fileNames.marker))) throw missing(file, directory);
    return;
  }
  if (look.damage !== undefined) throw damaged(file, look.damage);
  if (thoroughness === 'length' && look.isWhole) return;
  const damage = await whileLockGone(directory, () => checkInChild(directory, file));
  if (damage !== undefined) throw damaged(file, damage);
}

function lookAtHead(file: string): 'absent' | { readonly damage: string | undefined; readonly isWhole: boolean } {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw storeError('not-writable', `the store cannot be read: ${(error as Error).message}`, error);
  }
  try {
    // Another process may be writing the meta page just now, and no lock says so: only what stays wrong is wrong.
    let meta: Meta | string = '';
    for (let attempt = 0; attempt < 3; attempt++) {
      meta = readMeta(descriptor);
      if (typeof meta !== 'string' && isWhole(descriptor, meta)) return { damage: undefined, isWhole: true };
    }
    return { damage: typeof meta === 'string' ? meta : undefined, isWhole: false };
  } finally {
    closeSync(descriptor);
  }
}

/** The damage. In a process of its own: reading a damaged file through LMDB's memory map can end in SIGBUS or SIGSEGV. */
function checkInChild(directory: string, file: string): Promise<string | undefined | 'lock-gone'> {
  const program = fileURLToPath(new URL('./lmdb-check-main.js', import.meta.url));
  return new Promise((resolve, reject) => {
    const options = { timeout: checkTimeoutMs, killSignal: 'SIGKILL' } as const;
    const child = execFile(process.execPath, [program, directory], options, (error, stdout, stderr) => {
      if (!error) {
        const result = JSON.parse(stdout) as CheckResult;
        return resolve(result.kind === 'checked' ? result.damage : 'lock-gone');
      }
      if (error.killed)
        return reject(storeError('failed', `checking ${file} took more than ${checkTimeoutMs / 1000} s`));
      if (child.signalCode) return resolve(`reading it ends in ${child.signalCode}`);
      reject(storeError('failed', `checking ${file} failed: ${stderr.trim() || error.message}`, error));
    });
  });
}

function damagedGate(file: string, clause: string): StoreError {
  const advice = 'It holds no data: stop all processes that use the store and remove it';
  return storeError('damaged', `the store's lock ${file} is damaged: ${clause}. ${advice}`);
}

function damaged(file: string, clause: string): StoreError {
  const advice =
    'restore it from a backup (cpectl restore), or move the whole directory away to start with an empty store';
  return storeError('damaged', `the store's data file ${file} is damaged: ${clause}. It was left as it is; ${advice}`);
}

function missing(file: string, directory: string): StoreError {
  const marker = join(directory, fileNames.marker);
  const advice = `bring it back, restore it from a backup (cpectl restore), or remove ${marker} to start with an empty store`;
  return storeError('damaged', `the store's data file ${file} is gone, and there was one: ${advice}`);
}
