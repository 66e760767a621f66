import { appendFile, readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { Draft, InstanceState } from '../proto/messages.js';
import { replaceFile } from './durable-file.js';
import { hasErrorCode } from './error-code.js';

/** What an order led to. `order` says what was ordered, to tell a repetition from another order with the same id. */
export interface RememberedResult {
  readonly operationId: string;
  readonly order: string;
  readonly state: Draft<InstanceState>;
}

/**
 * The results of the latest orders, by operation id, so that a repeated order gets the first one's result. Survives
 * this process; a power failure may cost the newest ones, which is no harm: then every instance they speak of is gone.
 */
export interface ResultMemory {
  find(operationId: string): RememberedResult | undefined;
  /** Remembers at once; rejects when it cannot be written, and will then be forgotten with this process. */
  remember(result: RememberedResult): Promise<void>;
}

const DEFAULT_LIMIT = 4096;

/** `file` holds one JSON object a line. A line that cannot be read is left out. Rejects when the file cannot be read. */
export async function openResultMemory(file: string, limit = DEFAULT_LIMIT): Promise<ResultMemory> {
  const results = new LRUCache<string, RememberedResult>({ max: limit });
  const found = (await readIfThere(file)).split('\n');
  for (const line of found) {
    const result = parseLine(line);
    if (result !== undefined) results.set(result.operationId, result);
  }
  let lines = 0;
  let turn: Promise<unknown> = rewrite();
  await turn;

  async function rewrite(): Promise<void> {
    await replaceFile(file, [...results.rvalues()].map((result) => `${JSON.stringify(result)}\n`).join(''));
    lines = results.size;
  }

  async function write(result: RememberedResult): Promise<void> {
    if (lines >= limit * 2) return rewrite();
    try {
      await appendFile(file, `${JSON.stringify(result)}\n`, { mode: 0o600 });
      lines += 1;
    } catch (error) {
      // Part of a line may have been written; the next one must not be joined to it.
      lines = Number.POSITIVE_INFINITY;
      throw error;
    }
  }

  return {
    find: (operationId) => results.get(operationId),
    remember: (result) => {
      results.set(result.operationId, result);
      const written = turn.then(() => write(result));
      turn = written.catch(() => undefined);
      return written;
    },
  };
}

function parseLine(line: string): RememberedResult | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    const isResult =
      typeof value === 'object' &&
      value !== null &&
      'operationId' in value &&
      typeof value.operationId === 'string' &&
      'order' in value &&
      typeof value.order === 'string' &&
      'state' in value &&
      typeof value.state === 'object' &&
      value.state !== null;
    return isResult ? (value as RememberedResult) : undefined;
  } catch {
    return undefined;
  }
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return '';
    throw error;
  }
}
