import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { createStore } from './create-store.js';
import { checkDataFile } from './lmdb-check.js';
import { whileLockGone } from './lmdb-lock-gone.js';
import type { FromThread, ThreadOptions, ToThread } from './lmdb-thread.js';
import { type Engine, isWrite, type OperationName } from './operations.js';
import { defaultStoreLimits, type Refused, type Store, type StoreLimits } from './store.js';
import { type StoreError, storeError } from './store-error.js';

export interface LmdbStoreOptions {
  readonly limits?: Partial<StoreLimits>;
  /**
   * What of an existing data file is checked before it is opened: all of it in a child process (`whole`, the default;
   * about 0.1 s plus 1 s per GiB), or its head and length (`length`), for a process that starts while another one, that
   * has checked it, keeps it open.
   */
  readonly check?: 'whole' | 'length';
}

/** Calls of one process that may wait for the disk; beyond it writes are refused as `busy`. */
const maxPending = 4096;

/**
 * The store in `directory` on a local file system, shared by any number of processes on this machine. A missing
 * directory is created with mode 0700. Rejects with a `StoreError`; a data file that cannot be used is left untouched.
 *
 * LMDB runs in a thread of its own. The thread keeps the process alive only while calls are pending.
 */
export async function openLmdbStore(directory: string, options: LmdbStoreOptions = {}): Promise<Store> {
  const limits = { ...defaultStoreLimits, ...options.limits };
  await prepareDirectory(directory);
  await checkDataFile(directory, options.check ?? 'whole');
  return createStore(await whileLockGone(directory, () => startThread({ directory, limits })), limits);
}

async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR') throw notDirectory(directory, error);
    if (code === 'ENOSPC')
      throw storeError('disk-full', `no space to create the store's directory ${directory}`, error);
    throw storeError('not-writable', `the store's directory ${directory} cannot be created: ${message}`, error);
  }
  if (!(await stat(directory)).isDirectory()) throw notDirectory(directory);
  try {
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const user = process.getuid?.() ?? 'this user';
    const message = `the store's directory ${directory} is not writable for user ${user}: ${(error as Error).message}`;
    throw storeError('not-writable', message, error);
  }
}

function notDirectory(directory: string, cause?: unknown): StoreError {
  return storeError('not-a-directory', `the store needs a directory, and ${directory} is not one`, cause);
}

interface Pending {
  readonly resolve: (reply: never) => void;
  readonly reject: (error: StoreError) => void;
}

async function startThread(options: ThreadOptions): Promise<Engine | 'lock-gone'> {
  const worker = new Worker(new URL('./lmdb-thread.js', import.meta.url), { workerData: options, name: 'store' });
  const pending = new Map<number, Pending>();
  let lastId = 0;
  /** Set once the store cannot be used any more. */
  let end: StoreError | undefined;
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  const answer = await new Promise<'ready' | 'lock-gone'>((resolve, reject) => {
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'ready' || message.kind === 'lock-gone') resolve(message.kind);
      else if (message.kind === 'replies') settle(message.replies);
      else fail(storeError(message.code, message.message));
    });
    worker.on('error', (error) => fail(storeError('failed', `the store's thread failed: ${error.message}`, error)));
    worker.once('exit', () => fail(storeError('failed', "the store's thread has ended")));

    function fail(error: StoreError): void {
      end ??= error;
      reject(end);
      for (const call of pending.values()) call.reject(end);
      pending.clear();
    }
  });
  if (answer === 'lock-gone') {
    await exited;
    return 'lock-gone';
  }
  worker.unref();

  return {
    execute: (name, request) =>
      new Promise((resolve, reject) => {
        if (end) return reject(end);
        if (pending.size >= maxPending) return isWrite(name) ? resolve(busy as never) : reject(tooBusy());
        send(name, request, { resolve, reject });
      }),
    async close() {
      if (!end) {
        end = storeError('closed', 'the store is closed');
        worker.ref();
        worker.postMessage('close' satisfies ToThread);
      }
      await exited;
    },
  };

  function send(name: OperationName, request: unknown, call: Pending): void {
    const id = ++lastId;
    if (pending.size === 0) worker.ref();
    pending.set(id, call);
    worker.postMessage({ id, name, request } satisfies ToThread);
  }

  function settle(replies: readonly { readonly id: number; readonly reply: unknown }[]): void {
    for (const { id, reply } of replies) {
      pending.get(id)?.resolve(reply as never);
      pending.delete(id);
    }
    if (pending.size === 0 && !end) worker.unref();
  }
}

const busy: Refused = {
  kind: 'refused',
  reason: 'busy',
  message: `${maxPending} calls are already waiting for the store: its disk does not keep up, or a stopped process holds its lock`,
};

function tooBusy(): StoreError {
  return storeError('busy', busy.message);
}
