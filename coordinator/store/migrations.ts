/** From one layout of the store to the next (tables.ts). */
import { allKeys, type Tables, tableNames } from './tables.js';
import { entryBytes, formatVersion, readFormat, readTotals, writeFormat, writeTotals } from './transactions.js';

/** Rewrites the tables of one layout as the next one has them. The counter of bytes is not its business. */
export type Migration = (tables: Tables) => void;

/** By the format that each starts from. Formats before the first entry cannot be read any more. */
export const migrations: ReadonlyMap<number, Migration> = new Map();

export type MigrationPlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'migrate'; readonly from: number; readonly steps: readonly Migration[] }
  /** There is no way from that format to this version's. */
  | { readonly kind: 'too-old' | 'too-new'; readonly from: number };

export function planMigration(from: number, known = migrations, to = formatVersion): MigrationPlan {
  if (from === to) return { kind: 'none' };
  if (from > to) return { kind: 'too-new', from };
  const steps: Migration[] = [];
  for (let format = from; format < to; format++) {
    const step = known.get(format);
    if (step === undefined) return { kind: 'too-old', from };
    steps.push(step);
  }
  return { kind: 'migrate', from, steps };
}

/** Inside one transaction. Does nothing when somebody else was first. */
export function migrate(tables: Tables, { from, steps }: Extract<MigrationPlan, { kind: 'migrate' }>): void {
  if (readFormat(tables) !== from) return;
  for (const step of steps) step(tables);
  writeTotals(tables, { ...readTotals(tables), bytes: countBytes(tables) });
  writeFormat(tables, from + steps.length);
}

/** See Totals. */
function countBytes(tables: Tables): number {
  let bytes = 0;
  for (const name of tableNames) {
    if (name === 'meta') continue;
    for (const key of allKeys(tables[name])) bytes += entryBytes(key, tables[name].get(key));
  }
  return bytes;
}
