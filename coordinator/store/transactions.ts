/**
 * The store's transactions, over any tables. Each is one function of (tables, limits, request): it looks, decides, and
 * either writes everything or returns why not, having written nothing. An adapter runs `writes` one at a time in a
 * transaction that it makes durable, and `reads` on a consistent view. Values are JSON text throughout; only the few
 * fields that a decision needs are parsed.
 */
import type { ExpectedRevision, Fenced, LeaseFence, Refused, StoreLimits } from './store.js';
import { afterLastKey, firstKey, numberedKey, numberKey, numberOf, type TableName, type Tables } from './tables.js';

/** The layout described in tables.ts. A store of a later one is refused, never touched. */
export const formatVersion = 1;

export interface Totals {
  /** `seq` of the last event. */
  readonly lastEvent: number;
  /** How many events are kept: those up to `lastEvent`. */
  readonly eventCount: number;
  readonly lastRevision: number;
  /** Keys and texts in all tables but `meta`. */
  readonly bytes: number;
}

export interface Head {
  readonly sequence: number;
  readonly snapshot: number;
}

/** A log record as kept; `firstEvent` is 0 when it has no events. */
export interface LogEntry {
  readonly sequence: number;
  readonly delta: string;
  readonly firstEvent: number;
  readonly eventCount: number;
}

export interface EventText {
  readonly deployable: string;
  /** The whole draft. */
  readonly text: string;
}

export interface KeyedText {
  readonly key: string;
  readonly text: string;
  readonly revision: number;
}

interface Fenceable {
  readonly fence: LeaseFence | undefined;
}

/** Keyed records may pass the size limit by this much: leases and definitions must still work in a full store. */
const keyedReserveBytes = 8 * 1024 * 1024;
/** Dropped in one transaction beyond what it adds, when the limit has been lowered. */
const maxEventBacklog = 1000;

/** Writes what an empty store consists of. */
export function initialise(tables: Tables): void {
  writeFormat(tables, formatVersion);
  writeTotals(tables, { lastEvent: 0, eventCount: 0, lastRevision: 0, bytes: 0 });
}

export function writeFormat(tables: Tables, version: number): void {
  tables.meta.put('format', JSON.stringify({ version }));
}

/** The layout's version, undefined when the tables hold no store. */
export function readFormat(tables: Tables): number | undefined {
  const text = tables.meta.get('format');
  return text === undefined ? undefined : (JSON.parse(text) as { version: number }).version;
}

export function readTotals(tables: Tables): Totals {
  return JSON.parse(tables.meta.get('totals') ?? '') as Totals;
}

export function readHead(tables: Tables, deployable: string): Head {
  const text = tables.heads.get(deployable);
  return text === undefined ? { sequence: 0, snapshot: 0 } : (JSON.parse(text) as Head);
}

export const writes = {
  append(
    tables: Tables,
    limits: StoreLimits,
    request: Fenceable & {
      readonly deployable: string;
      readonly expectedSequence: number;
      readonly delta: string;
      readonly events: readonly EventText[];
    },
  ):
    | { readonly kind: 'appended'; readonly sequence: number; readonly firstEvent: number }
    | { readonly kind: 'conflict'; readonly actualSequence: number }
    | Fenced
    | Refused {
    const { deployable, events } = request;
    const fenced = checkFence(tables, request.fence);
    if (fenced) return fenced;
    const head = readHead(tables, deployable);
    if (head.sequence !== request.expectedSequence) return { kind: 'conflict', actualSequence: head.sequence };

    const totals = readTotals(tables);
    const sequence = head.sequence + 1;
    const firstEvent = events.length === 0 ? 0 : totals.lastEvent + 1;
    const added = addEvents(totals, limits, events);
    // The delta goes last and as it is: a record is never parsed to be stored.
    const entry = `${firstEvent},${events.length},${request.delta}`;
    const changes: Change[] = [
      { table: 'log', key: numberedKey(deployable, sequence), text: entry },
      { table: 'heads', key: deployable, text: JSON.stringify({ ...head, sequence } satisfies Head) },
      ...added.changes,
      ...dropEvents(tables, added.dropped),
    ];
    return commit(tables, changes, added.totals, limits.maxStoreBytes) ?? { kind: 'appended', sequence, firstEvent };
  },

  writeSnapshot(
    tables: Tables,
    limits: StoreLimits,
    request: Fenceable & { readonly deployable: string; readonly sequence: number; readonly state: string },
  ):
    | { readonly kind: 'written' }
    | { readonly kind: 'conflict'; readonly actualSequence: number; readonly snapshotSequence: number }
    | Fenced
    | Refused {
    const { deployable, sequence } = request;
    const fenced = checkFence(tables, request.fence);
    if (fenced) return fenced;
    const head = readHead(tables, deployable);
    if (sequence > head.sequence || sequence < head.snapshot) {
      return { kind: 'conflict', actualSequence: head.sequence, snapshotSequence: head.snapshot };
    }
    const changes: Change[] = [
      { table: 'snapshots', key: deployable, text: request.state },
      { table: 'heads', key: deployable, text: JSON.stringify({ ...head, snapshot: sequence } satisfies Head) },
      ...dropLog(tables, deployable, sequence),
    ];
    return commit(tables, changes, readTotals(tables), limits.maxStoreBytes) ?? { kind: 'written' };
  },

  removeLog(
    tables: Tables,
    limits: StoreLimits,
    request: Fenceable & { readonly deployable: string },
  ): { readonly kind: 'removed' } | Fenced | Refused {
    const { deployable } = request;
    const fenced = checkFence(tables, request.fence);
    if (fenced) return fenced;
    const changes: Change[] = [
      { table: 'snapshots', key: deployable, text: undefined },
      { table: 'heads', key: deployable, text: undefined },
      ...dropLog(tables, deployable, Number.MAX_SAFE_INTEGER),
    ];
    return commit(tables, changes, readTotals(tables), limits.maxStoreBytes) ?? { kind: 'removed' };
  },

  put(
    tables: Tables,
    limits: StoreLimits,
    request: Fenceable & {
      readonly key: string;
      readonly value: string;
      readonly expected: ExpectedRevision | 'absent';
    },
  ):
    | { readonly kind: 'stored'; readonly revision: number }
    | { readonly kind: 'conflict'; readonly actualRevision: number | 'absent' }
    | Fenced
    | Refused {
    const { key, value, expected } = request;
    const fenced = checkFence(tables, request.fence);
    if (fenced) return fenced;
    const actualRevision = readKeyed(tables, key)?.revision ?? 'absent';
    if (expected !== 'any' && expected !== actualRevision) return { kind: 'conflict', actualRevision };

    const totals = readTotals(tables);
    const revision = totals.lastRevision + 1;
    const changes: Change[] = [{ table: 'records', key, text: `${revision},${value}` }];
    const limit = limits.maxStoreBytes + keyedReserveBytes;
    return commit(tables, changes, { ...totals, lastRevision: revision }, limit) ?? { kind: 'stored', revision };
  },

  remove(
    tables: Tables,
    limits: StoreLimits,
    request: Fenceable & { readonly key: string; readonly expected: ExpectedRevision },
  ):
    | { readonly kind: 'removed' }
    | { readonly kind: 'conflict'; readonly actualRevision: number | 'absent' }
    | Fenced
    | Refused {
    const { key, expected } = request;
    const fenced = checkFence(tables, request.fence);
    if (fenced) return fenced;
    const actualRevision = readKeyed(tables, key)?.revision ?? 'absent';
    if (expected !== 'any' && expected !== actualRevision) return { kind: 'conflict', actualRevision };
    const changes: Change[] = [{ table: 'records', key, text: undefined }];
    return commit(tables, changes, readTotals(tables), limits.maxStoreBytes) ?? { kind: 'removed' };
  },

  appendEvents(
    tables: Tables,
    limits: StoreLimits,
    request: Fenceable & { readonly events: readonly EventText[] },
  ): { readonly kind: 'appended'; readonly firstEvent: number } | Fenced | Refused {
    const fenced = checkFence(tables, request.fence);
    if (fenced) return fenced;
    const totals = readTotals(tables);
    const added = addEvents(totals, limits, request.events);
    const changes = [...added.changes, ...dropEvents(tables, added.dropped)];
    const refused = commit(tables, changes, added.totals, limits.maxStoreBytes);
    return refused ?? { kind: 'appended', firstEvent: totals.lastEvent + 1 };
  },
} as const;

export const reads = {
  read(
    tables: Tables,
    request: { readonly deployable: string; readonly afterSequence: number; readonly limit: number },
  ): readonly LogEntry[] {
    const { deployable, afterSequence, limit } = request;
    const keys = tables.log.keys(numberedKey(deployable, afterSequence + 1), `${deployable}:${afterLastKey}`, limit);
    return keys.map((key) => parseLogEntry(numberOf(key), tables.log.get(key) ?? ''));
  },

  readSnapshot(
    tables: Tables,
    request: { readonly deployable: string },
  ): { readonly sequence: number; readonly state: string } | undefined {
    const state = tables.snapshots.get(request.deployable);
    return state === undefined ? undefined : { sequence: readHead(tables, request.deployable).snapshot, state };
  },

  get(tables: Tables, request: { readonly key: string }): KeyedText | undefined {
    return readKeyed(tables, request.key);
  },

  list(tables: Tables, request: { readonly prefix: string; readonly limit: number }): readonly KeyedText[] {
    const keys = tables.records.keys(request.prefix || firstKey, request.prefix + afterLastKey, request.limit);
    return keys.flatMap((key) => readKeyed(tables, key) ?? []);
  },

  events(
    tables: Tables,
    request: { readonly since: number; readonly limit: number; readonly deployable: string | undefined },
  ): readonly { readonly seq: number; readonly text: string }[] {
    const { since, limit, deployable } = request;
    const keys =
      deployable === undefined
        ? tables.events.keys(numberKey(since + 1), afterLastKey, limit)
        : tables.eventsOf.keys(numberedKey(deployable, since + 1), `${deployable}:${afterLastKey}`, limit);
    return keys.map((key) => ({ seq: numberOf(key), text: tables.events.get(numberKey(numberOf(key))) ?? '' }));
  },

  latestEventSequence(tables: Tables, _request: object): number {
    return readTotals(tables).lastEvent;
  },
} as const;

/** A log record's text, as `append` wrote it. */
export function parseLogEntry(sequence: number, text: string): LogEntry {
  const first = text.indexOf(',');
  const second = text.indexOf(',', first + 1);
  return {
    sequence,
    firstEvent: Number(text.slice(0, first)),
    eventCount: Number(text.slice(first + 1, second)),
    delta: text.slice(second + 1),
  };
}

/** undefined: the write may go on. */
function checkFence(tables: Tables, fence: LeaseFence | undefined): Fenced | undefined {
  if (!fence) return undefined;
  const text = readKeyed(tables, fence.leaseKey)?.text;
  const lease = text === undefined ? undefined : (JSON.parse(text) as { epoch?: unknown; holder?: unknown } | null);
  if (lease?.epoch === fence.epoch && lease.holder === fence.holder) return undefined;
  return {
    kind: 'fenced',
    epoch: typeof lease?.epoch === 'number' ? lease.epoch : 0,
    holder: typeof lease?.holder === 'string' ? lease.holder : undefined,
  };
}

function readKeyed(tables: Tables, key: string): KeyedText | undefined {
  const text = tables.records.get(key);
  if (text === undefined) return undefined;
  const comma = text.indexOf(',');
  return { key, revision: Number(text.slice(0, comma)), text: text.slice(comma + 1) };
}

function dropLog(tables: Tables, deployable: string, upTo: number): readonly Change[] {
  const end = upTo === Number.MAX_SAFE_INTEGER ? `${deployable}:${afterLastKey}` : numberedKey(deployable, upTo + 1);
  const keys = tables.log.keys(`${deployable}:`, end, Number.MAX_SAFE_INTEGER);
  return keys.map((key) => ({ table: 'log', key, text: undefined }));
}

/** The new events, the totals with them, and the oldest events that have to go for them: `dropped.from` up to `dropped.to`. */
function addEvents(
  totals: Totals,
  limits: StoreLimits,
  events: readonly EventText[],
): { readonly changes: readonly Change[]; readonly totals: Totals; readonly dropped: { from: number; to: number } } {
  const changes = events.flatMap((event, index): Change[] => {
    const seq = totals.lastEvent + 1 + index;
    return [
      { table: 'events', key: numberKey(seq), text: event.text },
      { table: 'eventsOf', key: numberedKey(event.deployable, seq), text: '' },
    ];
  });
  const excess = Math.max(0, totals.eventCount + events.length - limits.maxEvents);
  const dropCount = events.length === 0 ? 0 : Math.min(excess, totals.eventCount, events.length + maxEventBacklog);
  const from = totals.lastEvent - totals.eventCount + 1;
  return {
    changes,
    totals: {
      ...totals,
      lastEvent: totals.lastEvent + events.length,
      eventCount: totals.eventCount + events.length - dropCount,
    },
    dropped: { from, to: from + dropCount },
  };
}

function dropEvents(tables: Tables, range: { readonly from: number; readonly to: number }): readonly Change[] {
  const changes: Change[] = [];
  for (let seq = range.from; seq < range.to; seq++) {
    const { deployable } = JSON.parse(tables.events.get(numberKey(seq)) ?? '') as { deployable: string };
    changes.push({ table: 'events', key: numberKey(seq), text: undefined });
    changes.push({ table: 'eventsOf', key: numberedKey(deployable, seq), text: undefined });
  }
  return changes;
}

interface Change {
  readonly table: Exclude<TableName, 'meta'>;
  readonly key: string;
  /** undefined removes the entry. */
  readonly text: string | undefined;
}

/** Applies all changes, or none when they would make the store grow past `maxBytes`. */
function commit(tables: Tables, changes: readonly Change[], totals: Totals, maxBytes: number): Refused | undefined {
  const growth = changes.reduce((sum, { table, key, text }) => {
    return sum + entryBytes(key, text) - entryBytes(key, tables[table].get(key));
  }, 0);
  if (growth > 0 && totals.bytes + growth > maxBytes) {
    return {
      kind: 'refused',
      reason: 'full',
      message:
        `the store is full: it holds ${totals.bytes} of at most ${maxBytes} bytes, and this write adds ${growth}; ` +
        'remove deployables that are no longer needed, or raise its size limit',
    };
  }
  for (const { table, key, text } of changes) {
    if (text === undefined) tables[table].remove(key);
    else tables[table].put(key, text);
  }
  writeTotals(tables, { ...totals, bytes: totals.bytes + growth });
  return undefined;
}

/** What an entry counts for in `Totals.bytes`. */
export function entryBytes(key: string, text: string | undefined): number {
  return text === undefined ? 0 : key.length + Buffer.byteLength(text);
}

export function writeTotals(tables: Tables, totals: Totals): void {
  tables.meta.put('totals', JSON.stringify(totals));
}
