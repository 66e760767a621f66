/**
 * What the log of write requests leads to. Every process applies the same messages in the same order and runs the same
 * transactions, so all come to the same tables and the same outcomes; nothing here knows a clock, chance or the bus.
 *
 * A writer (one handle of one process) sends one batch at a time, numbered 1, 2, 3 ... A batch whose outcome it did not
 * learn it sends again under the same number, and may give up by going on with the next: a number that is not above the
 * writer's last one has no effect. So each batch takes effect once at most, and all batches of a writer in order.
 *
 * Servers can lose what they have acknowledged. Whoever had read it goes on from something that never was, and nobody would
 * notice once others have written in its place. So each batch has the checksum of the message at `base`, which is unlike that of
 * any other; where the log has another one there, the batch has no effect, and its writer has to begin anew.
 */
import { decodeFrame, encodeFrame, frameChecksum } from './jetstream-frames.js';
import { createMemoryDisk, type MemoryDisk } from './memory-store.js';
import { perform, type RequestOf, type WriteName } from './operations.js';
import type { StoreLimits } from './store.js';
import { storeError } from './store-error.js';
import { writes } from './transactions.js';

export interface PartHeader {
  readonly writer: string;
  readonly batch: number;
  /** The sequence up to which the writer knew the log when it made the batch. */
  readonly base: number;
  /** The checksum of the message at `base`; 0 where there is none. */
  readonly link?: number | undefined;
  /** From 0. */
  readonly part: number;
  readonly parts: number;
}

export interface Batch {
  /** The writer's: what bounds a write must not depend on who applies it. */
  readonly limits: Pick<StoreLimits, 'maxEvents' | 'maxStoreBytes'>;
  readonly requests: readonly BatchRequest[];
  /** Says that a complete snapshot exists; its totals of the log. */
  readonly snapshot?: LogTotals;
}

export type BatchRequest = { readonly [N in WriteName]: readonly [N, RequestOf<N>] }[WriteName];

export interface LogTotals {
  /** Of the last message. */
  readonly sequence: number;
  /** Of all messages ever. */
  readonly bytes: number;
}

export interface Writer {
  readonly batch: number;
  /** Sequence of the message that completed it. */
  readonly sequence: number;
  /** `forgotten`: the writer had been forgotten; `diverged`: it had read another log. The batch had no effect then. */
  readonly replies: readonly unknown[] | 'forgotten' | 'diverged';
}

/** A batch of which not all parts have come. */
export interface PartialBatch {
  readonly batch: number;
  readonly parts: readonly Uint8Array[];
  /** Of the last part that came. */
  readonly sequence: number;
}

export interface Replica {
  readonly tables: MemoryDisk;
  applied: LogTotals;
  lastSnapshot: LogTotals;
  /** The checksums of the last messages, that of `applied` at the end. */
  links: number[];
  /** In the order of their last batches. */
  readonly writers: Map<string, Writer>;
  readonly partials: Map<string, PartialBatch>;
  /** The last batches of writers that were forgotten all lie at or below this sequence. */
  forgottenUpTo: number;
}

/** Called before each request of the batch (its index) and once at the end (their number). */
export type Observer = (index: number) => void;

const maxWriters = 256;
/** A batch is forgotten when this many messages came after its last part: its writer has died, or starts again. */
const maxPartialAge = 4096;
/** A batch whose base is farther back is not looked at so closely. */
const maxLinks = 1024;

export function createReplica(): Replica {
  return {
    tables: createMemoryDisk(),
    applied: { sequence: 0, bytes: 0 },
    lastSnapshot: { sequence: 0, bytes: 0 },
    links: [0],
    writers: new Map(),
    partials: new Map(),
    forgottenUpTo: 0,
  };
}

/** The checksum of the last message that was applied; undefined where a snapshot of an earlier version does not tell it. */
export function lastLink({ links }: Replica): number | undefined {
  return links.at(-1);
}

/** The messages of one batch, none with a body above `maxBodyBytes`; each request is a `BatchRequest` as JSON. */
export function encodeBatch(
  header: Omit<PartHeader, 'part' | 'parts'>,
  batch: Omit<Batch, 'requests'> & { readonly requests: readonly string[] },
  maxBodyBytes: number,
): readonly Uint8Array[] {
  const { requests, ...rest } = batch;
  const body = Buffer.from(`{"rest":${JSON.stringify(rest)},"requests":[${requests.join(',')}]}`);
  const parts = Math.max(1, Math.ceil(body.length / maxBodyBytes));
  return Array.from({ length: parts }, (_, part) => {
    const piece = body.subarray(part * maxBodyBytes, (part + 1) * maxBodyBytes);
    return encodeFrame({ ...header, part, parts } satisfies PartHeader, piece);
  });
}

/**
 * Applies the message that follows `replica.applied`. `observe` may watch the batch that it completes, and is asked for
 * only if it does.
 * @throws StoreError `damaged` or `newer-format`; `applied` and the tables are then as they were.
 */
export function applyMessage(
  replica: Replica,
  bytes: Uint8Array,
  where: string,
  observe: (writer: string, batch: number) => Observer | undefined,
): void {
  const { header, body } = decodeFrame<PartHeader>(bytes, where);
  const sequence = replica.applied.sequence + 1;
  const whole = collect(replica, header, body, sequence);
  const batch = whole && parseBatch(whole, where);
  const hasDiverged = isOfAnotherLog(replica, header);
  replica.applied = { sequence, bytes: replica.applied.bytes + bytes.length };
  replica.links.push(frameChecksum(bytes));
  if (replica.links.length > maxLinks) replica.links.shift();
  for (const [name, partial] of replica.partials) {
    if (sequence - partial.sequence > maxPartialAge) replica.partials.delete(name);
  }
  if (!batch) return;
  const { writer, base } = header;
  const isForgotten = !replica.writers.has(writer) && base < replica.forgottenUpTo;
  const none = isForgotten ? 'forgotten' : hasDiverged ? 'diverged' : undefined;
  const replies = none ?? applyBatch(replica, batch, observe(writer, header.batch));
  replica.writers.delete(writer);
  replica.writers.set(writer, { batch: header.batch, sequence, replies });
  for (const [name, { sequence: last }] of replica.writers) {
    if (replica.writers.size <= maxWriters) break;
    replica.writers.delete(name);
    replica.forgottenUpTo = last;
  }
}

function isOfAnotherLog({ applied, links }: Replica, { base, link }: PartHeader): boolean {
  // A base beyond the end is of messages that are gone.
  const known = base > applied.sequence ? undefined : links[links.length - 1 - (applied.sequence - base)];
  return base > applied.sequence || (known !== undefined && link !== undefined && known !== link);
}

/** The whole body, once its last part has come and if it is not one of a batch that is over. */
function collect(
  replica: Replica,
  { writer, batch, part, parts }: PartHeader,
  body: Uint8Array,
  sequence: number,
): Uint8Array | undefined {
  if (batch <= (replica.writers.get(writer)?.batch ?? 0)) return undefined;
  const partial = replica.partials.get(writer);
  const before = part === 0 ? [] : partial?.batch === batch ? partial.parts : undefined;
  // A part that came before, or one whose predecessor is missing: the writer notices, and sends all again.
  if (before?.length !== part) return undefined;
  replica.partials.delete(writer);
  if (part === parts - 1) return part === 0 ? body : Buffer.concat([...before, body]);
  replica.partials.set(writer, { batch, parts: [...before, body], sequence });
  return undefined;
}

function parseBatch(body: Uint8Array, where: string): Batch {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  const { rest, requests } = JSON.parse(text) as { rest: Omit<Batch, 'requests'>; requests: Batch['requests'] };
  const batch: Batch = { ...rest, requests };
  const unknown = requests.find(([name]) => !Object.hasOwn(writes, name))?.[0];
  if (unknown === undefined) return batch;
  throw storeError('newer-format', `${where} asks for ${JSON.stringify(unknown)}, which only a later version can do`);
}

function applyBatch(replica: Replica, batch: Batch, observer: Observer | undefined): readonly unknown[] {
  const { tables } = replica;
  if (batch.snapshot && batch.snapshot.sequence > replica.lastSnapshot.sequence) replica.lastSnapshot = batch.snapshot;
  const replies = batch.requests.map(([name, request], index) => {
    observer?.(index);
    // Only the two limits that the transactions look at are in a batch.
    return perform(tables, batch.limits as StoreLimits, name, request as never) as unknown;
  });
  observer?.(batch.requests.length);
  return replies;
}
