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
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Database, open, type RootDatabase } from 'lmdb';
import { storeError } from './store-error.js';
import { type Table, type TableName, type Tables, tableNames } from './tables.js';
import { initialise } from './transactions.js';

export const dataFileName = 'data.mdb';
const lockFileName = 'lock.mdb';
const gateFileName = 'gate.mdb';
const gateLockFileName = 'gate.mdb-lock';
const unfinishedPrefix = '.creating-';

/** Processes (and check runs) at a time; each takes 64 bytes of the lock file. */
const maxReaders = 1000;
const lockFileBytes = 4096 + maxReaders * 64;

export interface Environment {
  readonly tables: Tables;
  /** Runs `write` in one transaction: committed and fsynced when this returns, without effect when it throws. */
  transact<T>(write: () => T): T;
  /** Lets the next read see what other processes have committed; reads between two calls see one snapshot. */
  refresh(): void;
  /** Frees what readers that died hold on to. */
  forgetDeadReaders(): void;
  close(): Promise<void>;
}

/**
 * Creates an empty store in `directory` unless there is one. Each file appears whole or not at all: it is made aside and
 * linked into its place, so a data file that is empty or half there is always damage, never a start that was interrupted.
 */
export async function createEnvironment(directory: string): Promise<void> {
  await createMissing(directory, gateFileName, async (unfinished) => {
    writeLockFile(join(unfinished, gateLockFileName));
    await openGate(unfinished).close();
  });
  await createMissing(directory, gateLockFileName, async (unfinished) => {
    writeLockFile(join(unfinished, gateLockFileName));
  });
  await createMissing(directory, dataFileName, async (unfinished) => {
    const environment = openEnvironment(unfinished, { mapBytes: 1024 * 1024, isReadOnly: false });
    environment.transact(() => initialise(environment.tables));
    await environment.close();
  });
  await createMissing(directory, lockFileName, async (unfinished) => writeLockFile(join(unfinished, lockFileName)));
  syncDirectory(directory);
}

/**
 * Opens the environment for this thread. `mapBytes` is address space, not memory or disk.
 *
 * `overlappingSync` is off: it publishes a transaction before its fsync, so another process could act on what a power
 * cut then takes back. Without it LMDB syncs inside the commit, and what anyone can read is durable.
 */
export function openEnvironment(
  directory: string,
  options: { readonly mapBytes: number; readonly isReadOnly: boolean },
): Environment {
  const gate = openGate(directory);
  const { root, tables } = gate.pass(() => {
    const root: RootDatabase<Buffer, string> = open({
      path: directory,
      noSubdir: false,
      encoding: 'binary',
      mapSize: options.mapBytes,
      maxDbs: tableNames.length,
      maxReaders,
      overlappingSync: false,
      readOnly: options.isReadOnly,
      ...{ permissionsMode: 0o600 },
    });
    return { root, tables: Object.fromEntries(tableNames.map((name) => [name, openTable(root, name)])) };
  });
  return {
    tables: tables as Record<TableName, Table>,
    transact: (write) => gate.pass(() => root.transactionSync(write)),
    refresh: () => root.resetReadTxn(),
    forgetDeadReaders: () => root.readerCheck(),
    async close() {
      await root.close();
      await gate.close();
    },
  };
}

interface Gate {
  /** Runs `action` while no other thread or process of this store is inside `pass`. */
  pass<T>(action: () => T): T;
  close(): Promise<void>;
}

/**
 * Opening an environment must not overlap with a commit of another process. mdb_env_open2 in lmdb 3.5.6 reads the newest
 * meta page and then stores its transaction number into the lock file, where writers look for the one to continue from,
 * also when others use the environment: a transaction that commits in between is overwritten by the next one, although
 * it was acknowledged. So both open and write inside this gate. It is the write lock of a second environment, in which
 * nothing is ever written: its transactions are empty and cost no I/O, its lock is given up by a process that dies, and
 * the number that opening it sets back never changes.
 */
function openGate(directory: string): Gate {
  const root = open({
    path: join(directory, gateFileName),
    noSubdir: true,
    encoding: 'binary',
    mapSize: 1024 * 1024,
    maxDbs: 1,
    maxReaders,
    overlappingSync: false,
    ...{ permissionsMode: 0o600 },
  });
  return { pass: (action) => root.transactionSync(action), close: () => root.close() };
}

function openTable(root: RootDatabase<Buffer, string>, name: TableName): Table {
  // Undefined, against its type, when the table is missing from a read-only environment.
  const database = root.openDB<Buffer, string>(name, { encoding: 'binary' }) as Database<Buffer, string> | undefined;
  if (!database) throw storeError('damaged', `the table ${name} is missing`);
  return {
    get(key) {
      const bytes = database.getBinary(key);
      return bytes && decodeText(name, key, bytes);
    },
    put: (key, text) => database.putSync(key, encodeText(key, text)),
    remove: (key) => {
      database.removeSync(key);
    },
    keys: (start, end, limit) => [...database.getKeys({ start, end, ...(limit < 2 ** 31 ? { limit } : {}) })],
  };
}

/** LMDB has no checksums: each entry carries the CRC-32 of its key and text in front of the text. */
function encodeText(key: string, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(4 + Buffer.byteLength(text));
  bytes.write(text, 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(4), crc32(key)), 0);
  return bytes;
}

function decodeText(table: TableName, key: string, bytes: Buffer): string {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (content.length < 4 || content.readUInt32LE(0) !== crc32(content.subarray(4), crc32(key))) {
    throw storeError('damaged', `the entry ${key} of the table ${table} does not match its checksum`);
  }
  return content.toString('utf8', 4);
}

/** Runs `create` with a new directory aside, and moves the file `name` from it into its place. */
async function createMissing(
  directory: string,
  name: string,
  create: (unfinished: string) => Promise<void>,
): Promise<void> {
  const file = join(directory, name);
  if (existsSync(file)) return;
  const unfinished = mkdtempSync(join(directory, `${unfinishedPrefix}${process.pid}-`));
  try {
    await create(unfinished);
    linkOnce(join(unfinished, name), file);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  for (const entry of readdirSync(directory)) {
    const isLeftOver = entry.startsWith(unfinishedPrefix) && !isAlive(Number.parseInt(entry.slice(unfinishedPrefix.length), 10));
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
