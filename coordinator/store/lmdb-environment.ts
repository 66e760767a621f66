import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Database, open, type RootDatabase } from 'lmdb';
import { fileNames } from './lmdb-files.js';
import { storeError } from './store-error.js';
import { type Table, type TableName, type Tables, tableNames } from './tables.js';

/** Processes (and check runs) at a time. */
export const maxReaders = 1000;

export interface Environment {
  readonly tables: Tables;
  /** Runs `write` in one transaction: committed and fsynced when this returns, without effect when it throws. */
  transact<T>(write: () => T): T;
  /** Lets the next read see what other processes have committed; reads between two calls see one snapshot. */
  refresh(): void;
  /** Writes all of it, as it is at one moment, to `data.mdb` in an empty directory, while others go on writing. */
  copyTo(directory: string): Promise<void>;
  /** Frees what readers that died hold on to. */
  forgetDeadReaders(): void;
  close(): Promise<void>;
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
    const root = openRoot(directory, options);
    return { root, tables: Object.fromEntries(tableNames.map((name) => [name, openTable(root, name)])) };
  });
  return {
    tables: tables as Record<TableName, Table>,
    transact: (write) => gate.pass(() => root.transactionSync(write)),
    refresh: () => root.resetReadTxn(),
    copyTo: (target) => root.backup(target, true),
    forgetDeadReaders: () => root.readerCheck(),
    async close() {
      let closing: Promise<void> | undefined;
      // Inside the gate, so that it does not overlap with an opening either (see isLockGone).
      gate.pass(() => {
        closing = root.close();
      });
      await closing;
      await gate.close();
    },
  };
}

/**
 * Keeps every page that is in use now from being written to, as long as this process lasts, and reads nothing but the
 * meta pages for it. Returns what `read` does; no one writes while it runs.
 */
export function holdPages<T>(directory: string, read: () => T): T {
  return openGate(directory).pass(() => {
    openRoot(directory, { mapBytes: 1024 * 1024, isReadOnly: true }).useReadTransaction();
    return read();
  });
}

function openRoot(
  directory: string,
  options: { readonly mapBytes: number; readonly isReadOnly: boolean },
): RootDatabase<Buffer, string> {
  return open({
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
}

export interface Gate {
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
export function openGate(directory: string): Gate {
  const root = open({
    path: join(directory, fileNames.gate),
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
