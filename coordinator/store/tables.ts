/**
 * What the store's transactions stand on: named tables of text under ordered keys. An adapter supplies the tables and
 * runs each transaction alone and atomically; everything else is decided once, for all adapters, in transactions.ts.
 */

/** Keys are ASCII, so that code units (here) and bytes (on disk) order them alike. */
export interface Table {
  get(key: string): string | undefined;
  put(key: string, text: string): void;
  remove(key: string): void;
  /** At most `limit` keys from `start` (inclusive) up to `end` (exclusive), ascending. */
  keys(start: string, end: string, limit: number): readonly string[];
}

/**
 * | table     | key                 | text                                                 |
 * |-----------|---------------------|------------------------------------------------------|
 * | meta      | `format`, `totals`  | version of this layout; counters (see Totals)        |
 * | heads     | deployable          | last sequence of its log, sequence of its snapshot   |
 * | log       | deployable:sequence | delta and the `seq` range of its events              |
 * | snapshots | deployable          | state                                                |
 * | records   | key                 | value and revision                                   |
 * | events    | seq                 | event without its `seq`                              |
 * | eventsOf  | deployable:seq      | nothing: the index of events by deployable           |
 */
export const tableNames = ['meta', 'heads', 'log', 'snapshots', 'records', 'events', 'eventsOf'] as const;
export type TableName = (typeof tableNames)[number];
export type Tables = Readonly<Record<TableName, Table>>;

/** Not above any key (they have no control characters and no spaces), and above every key. */
export const firstKey = '!';
export const afterLastKey = '\x7f';

/** Numbers as keys: zero-padded to the width of Number.MAX_SAFE_INTEGER. */
export function numberKey(number: number): string {
  return String(number).padStart(16, '0');
}

/** `:` is in no deployable's name. */
export function numberedKey(name: string, number: number): string {
  return `${name}:${numberKey(number)}`;
}

/** The number that `numberKey` or `numberedKey` put at the end of `key`. */
export function numberOf(key: string): number {
  return Number(key.slice(-16));
}

/** A page at a time, so that a large table costs no memory. */
export function* allKeys(table: Table): Generator<string> {
  let start = firstKey;
  for (;;) {
    const page = table.keys(start, afterLastKey, 1000);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    // The smallest key above `last`: no key has a character below the space.
    start = `${last}\x1f`;
  }
}
