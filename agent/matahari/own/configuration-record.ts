import { join } from 'node:path';
import { readDurable, writeDurable } from './durable-file.js';

/** A run that was begun: how its processes can be known again. */
export interface StartedRun {
  readonly path: string;
  readonly argv: readonly string[];
  readonly token: string;
}

/** What became of a key. */
export type ConfigurationRecord =
  /** Its end has not been recorded: it is under way, or the agent ended before. */
  { readonly kind: 'started'; readonly run: StartedRun } | { readonly kind: 'finished'; readonly status: string };

const suffix = '~result';

/**
 * One small file per key. A name of a file is a key (letters, digits, dot, dash, underscore; no dot first) and a suffix
 * that no key can contain.
 */
export interface ConfigurationRecords {
  read(key: string): Promise<ConfigurationRecord | undefined>;
  write(key: string, record: ConfigurationRecord): Promise<void>;
}

export function configurationRecords(directory: string): ConfigurationRecords {
  const pathOf = (key: string): string => join(directory, `${key}${suffix}`);
  return {
    read: async (key) => {
      const text = await readDurable(pathOf(key));
      return text === undefined ? undefined : parseRecord(text);
    },
    write: (key, record) => writeDurable(pathOf(key), `${JSON.stringify(record)}\n`),
  };
}

/** Undefined for anything that this module has not written. */
function parseRecord(text: string): ConfigurationRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const record = value as Partial<{ kind: string; status: unknown; run: Partial<StartedRun> }> | null;
  if (record?.kind === 'finished' && typeof record.status === 'string') {
    return { kind: 'finished', status: record.status };
  }
  const { path, argv, token } = record?.run ?? {};
  if (record?.kind !== 'started' || typeof path !== 'string' || typeof token !== 'string') return undefined;
  return Array.isArray(argv) && argv.every((word) => typeof word === 'string')
    ? { kind: 'started', run: { path, argv, token } }
    : undefined;
}
