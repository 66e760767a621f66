import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { maxReaders, openEnvironment, openGate } from './lmdb-environment.js';
import { fileNames } from './lmdb-files.js';
import { initialise } from './transactions.js';

const unfinishedPrefix = '.creating-';
/** MDB_txninfo and an MDB_reader of 64 bytes each (mdb.c, mdb_env_setup_locks), rounded up. */
const lockFileBytes = 4096 + maxReaders * 64;

/**
 * Creates an empty store in `directory` unless there is one. Each file appears whole or not at all: it is made aside and
 * linked into its place, so a data file that is empty or half there is always damage, never a start that was interrupted.
 */
export async function createEnvironment(directory: string): Promise<void> {
  await createLocks(directory);
  await createMissing(directory, fileNames.data, async (unfinished) => {
    const environment = openEnvironment(unfinished, { mapBytes: 1024 * 1024, isReadOnly: false });
    environment.transact(() => initialise(environment.tables));
    await environment.close();
  });
  await createMissing(directory, fileNames.marker, async (unfinished) => {
    const marker = openSync(join(unfinished, fileNames.marker), 'wx', 0o600);
    writeSync(marker, `${JSON.stringify({ created: new Date().toISOString() })}\n`);
    fsyncSync(marker);
    closeSync(marker);
  });
  syncDirectory(directory);
}

/** Creates what is missing of the files that opening a data file needs; a restored backup has none of them. */
export async function createLocks(directory: string): Promise<void> {
  await createMissing(directory, fileNames.gate, (unfinished) => openGate(unfinished).close());
  await createMissing(directory, fileNames.gateLock);
  await createMissing(directory, fileNames.lock);
}

/** Lets `create` make files in a directory aside, next to new lock files, and links `name` from there into its place. */
async function createMissing(
  directory: string,
  name: string,
  create?: (unfinished: string) => Promise<void>,
): Promise<void> {
  const file = join(directory, name);
  if (existsSync(file)) return;
  const unfinished = mkdtempSync(join(directory, `${unfinishedPrefix}${process.pid}-`));
  try {
    for (const lock of [fileNames.gateLock, fileNames.lock]) writeLockFile(join(unfinished, lock));
    await create?.(unfinished);
    linkOnce(join(unfinished, name), file);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  for (const entry of readdirSync(directory)) {
    const isLeftOver =
      entry.startsWith(unfinishedPrefix) && !isAlive(Number.parseInt(entry.slice(unfinishedPrefix.length), 10));
    if (isLeftOver) rmSync(join(directory, entry), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * LMDB makes its lock file sparse and writes to it through a memory map, which ends the process by SIGBUS when the disk
 * is full. Written out beforehand, it fails with ENOSPC here instead.
 */
function writeLockFile(file: string): void {
  writeFileSync(file, Buffer.alloc(lockFileBytes), { mode: 0o600, flag: 'wx' });
}

/** Another process may have been first: then its file is as good as ours. */
function linkOnce(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
