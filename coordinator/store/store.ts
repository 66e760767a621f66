/**
 * The durable store of the coordinator: what must survive is in here before anyone is told that it happened.
 *
 * Four kinds of data: one log of bounded records per deployable with its latest snapshot, a few keyed records with
 * compare-and-set (definitions, desired state, leases), and one event log over all deployables. Every write is one
 * atomic transaction, also against other processes on the same store, and its promise resolves only when it is durable.
 *
 * Expected failures are outcomes. A promise rejects only when the store itself is unusable (`StoreError`) or when an
 * argument breaks the rules written here (`RangeError`, `TypeError`): the caller's mistake.
 */
import type { JsonValue } from '../state/json.js';

export interface Store {
  /**
   * Appends one record to the deployable's log, its events to the event log, both or neither.
   * `expectedSequence` is the sequence of the log's last record, 0 for an empty log; the new record's is one higher.
   */
  append(deployable: string, expectedSequence: number, record: RecordDraft): Promise<AppendOutcome>;

  /**
   * At most `limit` records with a sequence above `afterSequence`, ascending and without gaps. When the first is not
   * `afterSequence + 1`, a snapshot that was written meanwhile has replaced what lies before it: start from that.
   */
  read(deployable: string, afterSequence: number, limit: number): Promise<readonly LogRecord[]>;

  /**
   * Replaces the deployable's snapshot by its state as of `sequence` and drops the log records up to there.
   * Conflict: the log does not reach `sequence` yet, or the present snapshot is newer.
   */
  writeSnapshot(
    deployable: string,
    sequence: number,
    state: JsonValue,
    options?: WriteOptions,
  ): Promise<SnapshotOutcome>;

  readSnapshot(deployable: string): Promise<Snapshot | undefined>;

  /** Drops the deployable's log and snapshot; the next log of that name starts at 0. Its events stay. */
  removeLog(deployable: string, options?: WriteOptions): Promise<RemoveLogOutcome>;

  /** `key` is 1 to 255 characters of `A-Z a-z 0-9 . _ = / -`, here and below. */
  get(key: string): Promise<Versioned | undefined>;

  /** Compare-and-set. Revisions are never used twice in a store, not even after a removal. */
  put(
    key: string,
    value: JsonValue,
    expected: ExpectedRevision | 'absent',
    options?: WriteOptions,
  ): Promise<PutOutcome>;

  /** Removing what is not there succeeds with `any` and conflicts otherwise. */
  remove(key: string, expected: ExpectedRevision, options?: WriteOptions): Promise<RemoveOutcome>;

  /** At most `limit` keyed records whose key starts with `prefix`, ascending by key (ASCII). */
  list(prefix: string, limit: number): Promise<readonly KeyedRecord[]>;

  /** Events that belong to no record of a deployable's log: those of the Cloud Policy Engine itself. */
  appendEvents(events: readonly EventDraft[], options?: WriteOptions): Promise<EventsOutcome>;

  /**
   * At most `limit` events with `seq` above `since`, ascending, of one deployable or of all. The log is bounded: a first
   * `seq` above `since + 1` in the answer for all deployables means that older events have been dropped.
   */
  events(query: EventQuery): Promise<readonly StoredEvent[]>;

  /** The `seq` of the last event ever stored, 0 before the first; also when that event has been dropped since. */
  latestEventSequence(): Promise<number>;

  /** Lets what is under way finish; every later call rejects with code `closed`. */
  close(): Promise<void>;
}

export interface RecordDraft {
  readonly delta: JsonValue;
  readonly events: readonly EventDraft[];
  readonly fence?: LeaseFence;
}

export interface WriteOptions {
  readonly fence?: LeaseFence;
}

/**
 * Inside the write's transaction the keyed record `leaseKey` must be an object with this `epoch` and `holder`;
 * otherwise the write is refused as `fenced`. So a double that lost its lease can write nothing.
 */
export interface LeaseFence {
  readonly leaseKey: string;
  readonly epoch: number;
  readonly holder: string;
}

export interface LogRecord {
  readonly sequence: number;
  readonly delta: JsonValue;
  /** `seq` of the events appended with it, consecutive; the events may have been dropped from the event log since. */
  readonly eventSeqs: readonly number[];
}

export interface Snapshot {
  readonly sequence: number;
  readonly state: JsonValue;
}

export interface Versioned {
  readonly value: JsonValue;
  readonly revision: number;
}

export interface KeyedRecord extends Versioned {
  readonly key: string;
}

export type ExpectedRevision = number | 'any';

export interface EventDraft {
  /** Unix ms. */
  readonly time: number;
  /** The deployable's name; empty for an event that concerns none. */
  readonly deployable: string;
  readonly assembly?: string;
  readonly resource?: string;
  readonly instance?: string;
  readonly kind: string;
  readonly reason: string;
  readonly evidence?: JsonValue;
}

export interface StoredEvent extends EventDraft {
  /** 1, 2, 3 ... over all deployables and processes, without gaps. */
  readonly seq: number;
}

export interface EventQuery {
  /** Exclusive; 0 for all that are kept. */
  readonly since: number;
  readonly limit: number;
  readonly deployable?: string;
}

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly sequence: number; readonly events: readonly StoredEvent[] }
  | { readonly kind: 'conflict'; readonly actualSequence: number }
  | Fenced
  | Refused;

export type SnapshotOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'conflict'; readonly actualSequence: number; readonly snapshotSequence: number }
  | Fenced
  | Refused;

export type PutOutcome =
  | { readonly kind: 'stored'; readonly revision: number }
  | { readonly kind: 'conflict'; readonly actualRevision: number | 'absent' }
  | Fenced
  | Refused;

export type RemoveOutcome =
  | { readonly kind: 'removed' }
  | { readonly kind: 'conflict'; readonly actualRevision: number | 'absent' }
  | Fenced
  | Refused;

export type RemoveLogOutcome = { readonly kind: 'removed' } | Fenced | Refused;

export type EventsOutcome = { readonly kind: 'appended'; readonly events: readonly StoredEvent[] } | Fenced | Refused;

/** The lease is another's by now: its epoch and holder, or epoch 0 and no holder when there is no such lease. */
export interface Fenced {
  readonly kind: 'fenced';
  readonly epoch: number;
  readonly holder: string | undefined;
}

/**
 * Nothing was written, and the store works on.
 * - `too-large`: one record, snapshot or value above its limit; never succeeds when repeated.
 * - `full`: the store's own size limit; snapshots, removals and writes that do not make it grow still succeed.
 * - `disk-full`: the file system or its quota; succeeds again once there is space.
 * - `busy`: too many calls of this process are waiting for the disk.
 */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: 'too-large' | 'full' | 'disk-full' | 'busy';
  /** One sentence for an operator: what is the matter and what helps. */
  readonly message: string;
}

/** What bounds a store. Processes that share one must agree on them. */
export interface StoreLimits {
  /** One log record or one call's events, as JSON text. */
  readonly maxRecordBytes: number;
  readonly maxSnapshotBytes: number;
  /** One keyed record's value. */
  readonly maxValueBytes: number;
  /** Everything together (keys and values; the file on disk is larger). Keyed records may go 8 MiB above it. */
  readonly maxStoreBytes: number;
  /** The oldest events beyond this number are dropped. */
  readonly maxEvents: number;
}

const MiB = 1024 * 1024;

/** A record fits the default message size of NATS (1 MiB) with its envelope. */
export const defaultStoreLimits: StoreLimits = {
  maxRecordBytes: MiB - 4096,
  maxSnapshotBytes: 32 * MiB,
  maxValueBytes: MiB - 4096,
  maxStoreBytes: 1024 * MiB,
  maxEvents: 100_000,
};
