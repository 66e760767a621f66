/**
 * The thread that owns the LMDB environment of a process. It waits for the lock and the disk so that the event loop does
 * not, holds the lock only for as long as a transaction takes however busy that event loop is, and commits together what
 * has gathered meanwhile.
 */
import { statfsSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createEnvironment } from './lmdb-create.js';
import { type Environment, openEnvironment } from './lmdb-environment.js';
import { isLockGone } from './lmdb-lock-gone.js';
import { upgrade } from './lmdb-upgrade.js';
import { isWrite, type OperationName, perform } from './operations.js';
import type { Refused, StoreLimits } from './store.js';
import { isStoreError, type StoreErrorCode } from './store-error.js';
import { readFormat } from './transactions.js';

export interface ThreadOptions {
  readonly directory: string;
  readonly limits: StoreLimits;
}

export type ToThread = ThreadRequest | 'close';

export interface ThreadRequest {
  readonly id: number;
  readonly name: OperationName;
  readonly request: unknown;
}

export type FromThread =
  | { readonly kind: 'ready' }
  /** Instead of `ready`, see `isLockGone`; the thread ends. */
  | { readonly kind: 'lock-gone' }
  | { readonly kind: 'replies'; readonly replies: readonly ThreadReply[] }
  /** The thread ends; what was under way may or may not have been written. */
  | { readonly kind: 'unusable'; readonly code: StoreErrorCode; readonly message: string };

export interface ThreadReply {
  readonly id: number;
  readonly reply: unknown;
}

/** Bounds how long one transaction keeps other processes waiting. */
const maxBatch = 100;
const deadReaderIntervalMs = 60_000;
/** Address space beyond the store's own size: LMDB keeps old versions of pages, and pages are not full. */
const mapFactor = 16;
/** <errno.h> on Linux. */
const errno = { EIO: 5, EACCES: 13, EFBIG: 27, ENOSPC: 28, EROFS: 30, EDQUOT: 122 } as const;

const port = parentPort;
if (port) await serve(port, workerData as ThreadOptions);

async function serve(port: NonNullable<typeof parentPort>, options: ThreadOptions): Promise<void> {
  const send = (message: FromThread): void => port.postMessage(message);
  const environment = await openStore(options).catch((error: unknown) => {
    send(isLockGone(error) ? { kind: 'lock-gone' } : { kind: 'unusable', ...describeError(error, options.directory) });
    return undefined;
  });
  if (!environment) return;
  let lastDeadReaderCheckAt = 0;
  port.on('message', (first: ToThread) => {
    let message: ToThread | undefined = first;
    const batch: ThreadRequest[] = [];
    while (message !== undefined && message !== 'close') {
      batch.push(message);
      message = batch.length < maxBatch ? receiveMessageOnPort(port)?.message : undefined;
    }
    try {
      if (batch.length > 0) send({ kind: 'replies', replies: runBatch(environment, options, batch) });
      if (Date.now() - lastDeadReaderCheckAt > deadReaderIntervalMs) {
        environment.forgetDeadReaders();
        lastDeadReaderCheckAt = Date.now();
      }
    } catch (error) {
      send({ kind: 'unusable', ...describeError(error, options.directory) });
      message = 'close';
    }
    if (message === 'close') void environment.close().finally(() => port.close());
  });
  send({ kind: 'ready' });
}

async function openStore({ directory, limits }: ThreadOptions): Promise<Environment> {
  await createEnvironment(directory);
  const environment = openEnvironment(directory, { mapBytes: mapFactor * limits.maxStoreBytes, isReadOnly: false });
  try {
    await upgrade(directory, environment);
    return environment;
  } catch (error) {
    await environment.close();
    throw error;
  }
}

/** In order; writes that follow each other share a transaction. Throws when the environment cannot be used any more. */
function runBatch(environment: Environment, options: ThreadOptions, batch: readonly ThreadRequest[]): ThreadReply[] {
  const replies: ThreadReply[] = [];
  let start = 0;
  while (start < batch.length) {
    const kind = isWriteRequest(batch[start]);
    let end = start + 1;
    while (end < batch.length && isWriteRequest(batch[end]) === kind) end++;
    const run = batch.slice(start, end);
    replies.push(...(kind ? runWrites(environment, options, run) : runReads(environment, options, run)));
    start = end;
  }
  return replies;
}

function isWriteRequest(request: ThreadRequest | undefined): boolean {
  return request !== undefined && isWrite(request.name);
}

function runReads(environment: Environment, options: ThreadOptions, run: readonly ThreadRequest[]): ThreadReply[] {
  environment.refresh();
  const replies = run.map((request) => performOne(environment, options, request));
  // Let go of the snapshot: as long as it is held, no process can reuse the pages that it sees.
  environment.refresh();
  return replies;
}

function runWrites(environment: Environment, options: ThreadOptions, run: readonly ThreadRequest[]): ThreadReply[] {
  try {
    return environment.transact(() => run.map((request) => performOne(environment, options, request)));
  } catch (error) {
    if (!isDiskFull(error, options.directory)) throw error;
    // LMDB refuses to go on after a failed write of its meta page, and says so to readers without ending the process.
    environment.refresh();
    readFormat(environment.tables);
    // What does not fit together may fit alone: a renewed lease must not fail with the snapshot it was queued behind.
    if (run.length > 1) return run.flatMap((request) => runWrites(environment, options, [request]));
    return run.map(({ id }) => ({ id, reply: diskFull(options.directory) }));
  }
}

function performOne({ tables }: Environment, { limits }: ThreadOptions, request: ThreadRequest): ThreadReply {
  return { id: request.id, reply: perform(tables, limits, request.name, request.request as never) };
}

function diskFull(directory: string): Refused {
  return {
    kind: 'refused',
    reason: 'disk-full',
    message: `no space is left on the file system of ${directory} (or its quota is used up): free some, and writes succeed again`,
  };
}

function isDiskFull(error: unknown, directory: string): boolean {
  const code = (error as { code?: unknown }).code;
  if (code === errno.ENOSPC || code === 'ENOSPC') return true;
  if (code === errno.EDQUOT || code === 'EDQUOT' || code === errno.EFBIG) return true;
  // LMDB reports a write that was cut short as EIO (mdb_page_flush: "short write, filesystem full?").
  return code === errno.EIO && statfsSync(directory).bavail === 0;
}

function describeError(error: unknown, directory: string): { readonly code: StoreErrorCode; readonly message: string } {
  if (isStoreError(error)) return { code: error.code, message: error.message };
  if (isDiskFull(error, directory)) return { code: 'disk-full', message: diskFull(directory).message };
  const { code, message } = error as { code?: unknown; message?: unknown };
  const isDenied = code === errno.EACCES || code === errno.EROFS || code === 'EACCES' || code === 'EROFS';
  return {
    code: isDenied ? 'not-writable' : 'failed',
    message: `the store in ${directory} cannot be used: ${message}`,
  };
}
