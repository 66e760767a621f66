import { readFile } from 'node:fs/promises';
import { replaceFile } from './durable-file.js';
import { hasErrorCode } from './error-code.js';

/** Which decider this launcher obeys, per deployable; on disk before a decider is told so. */
export interface EpochBook {
  /** The epoch in force; 0 before the first decider. */
  current(deployable: string): number;
  /**
   * Takes a decider's epoch. `adopted` once it is on disk (again for the epoch in force); `stale` when a newer one is in
   * force. Rejects with the file system's error; then the older epoch stays in force.
   */
  adopt(deployable: string, epoch: number): Promise<'adopted' | 'stale'>;
}

/** Rejects when the file is there but cannot be read: guessing epochs would let an old decider act. */
export async function openEpochBook(file: string): Promise<EpochBook> {
  const epochs = await readEpochs(file);
  let turn: Promise<unknown> = Promise.resolve();

  async function adopt(deployable: string, epoch: number): Promise<'adopted' | 'stale'> {
    const current = epochs.get(deployable) ?? 0;
    if (epoch < current) return 'stale';
    if (epoch > current) {
      await replaceFile(file, `${JSON.stringify(Object.fromEntries([...epochs, [deployable, epoch]]))}\n`);
      epochs.set(deployable, epoch);
    }
    return 'adopted';
  }

  return {
    current: (deployable) => epochs.get(deployable) ?? 0,
    adopt: (deployable, epoch) => {
      const adopted = turn.then(() => adopt(deployable, epoch));
      turn = adopted.catch(() => undefined);
      return adopted;
    },
  };
}

async function readEpochs(file: string): Promise<Map<string, number>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return new Map();
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    const entries = Object.entries(Array.isArray(value) ? { list: value } : (value as object));
    if (entries.every((entry): entry is [string, number] => isEpoch(entry[1]))) return new Map(entries);
    throw new Error('an epoch is no whole number');
  } catch (error) {
    throw new Error(`${file} is damaged: ${String(error)}`);
  }
}

function isEpoch(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
