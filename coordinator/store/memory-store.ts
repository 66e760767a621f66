import { createStore } from './create-store.js';
import { type Engine, perform } from './operations.js';
import { defaultStoreLimits, type Store, type StoreLimits } from './store.js';
import { storeError } from './store-error.js';
import { type Table, type TableName, type Tables, tableNames } from './tables.js';
import { initialise } from './transactions.js';

export interface MemoryStoreOptions {
  readonly limits?: Partial<StoreLimits>;
  /**
   * Decides when a transaction runs; at once by default. A simulation keeps `run` until its virtual disk has written,
   * or drops it: the process died first, nothing was written and no one was told.
   */
  readonly schedule?: (run: () => void) => void;
}

/** What several stores in memory share, as processes share a directory. */
export type MemoryDisk = Tables;

export function createMemoryDisk(): MemoryDisk {
  const tables = Object.fromEntries(tableNames.map((name) => [name, createTable()])) as Record<TableName, Table>;
  initialise(tables);
  return tables;
}

/** The store without a disk, for simulations and unit tests: same transactions, same outcomes, nothing durable. */
export function openMemoryStore(disk: MemoryDisk = createMemoryDisk(), options: MemoryStoreOptions = {}): Store {
  const limits = { ...defaultStoreLimits, ...options.limits };
  const schedule = options.schedule ?? ((run) => run());
  let isClosed = false;
  const engine: Engine = {
    execute: (name, request) =>
      new Promise((resolve, reject) => {
        if (isClosed) reject(storeError('closed', 'the store is closed'));
        else schedule(() => resolve(perform(disk, limits, name, request)));
      }),
    close: async () => {
      isClosed = true;
    },
  };
  return createStore(engine, limits);
}

function createTable(): Table {
  const texts = new Map<string, string>();
  const sorted: string[] = [];
  return {
    get: (key) => texts.get(key),
    put(key, text) {
      if (!texts.has(key)) sorted.splice(position(key), 0, key);
      texts.set(key, text);
    },
    remove(key) {
      if (texts.delete(key)) sorted.splice(position(key), 1);
    },
    keys(start, end, limit) {
      const from = position(start);
      return sorted.slice(from, Math.min(position(end), from + limit));
    },
  };

  /** Where `key` is, or would be. */
  function position(key: string): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
