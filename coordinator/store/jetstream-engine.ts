import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import { api, apiCodes, publish, type StreamInfo, type Unavailable } from './jetstream-api.js';
import type { Connections } from './jetstream-connection.js';
import { follow, lostWrites, readBase } from './jetstream-follower.js';
import { encodeImage } from './jetstream-image.js';
import { encodeBatch, type LogTotals, lastLink, type Observer, type Replica } from './jetstream-replica.js';
import { writeSnapshot } from './jetstream-snapshots.js';
import type { StoreSubjects } from './jetstream-subjects.js';
import { type Engine, isWrite, type OperationName, perform } from './operations.js';
import type { Refused, StoreLimits } from './store.js';
import { isStoreError, type StoreError, storeError } from './store-error.js';

export interface EngineOptions {
  readonly connections: Connections;
  readonly subjects: StoreSubjects;
  readonly limits: StoreLimits;
  readonly replica: Replica;
  /** After which a call that could not be done fails. */
  readonly callMs: number;
  /** For how long the servers may say that something is not there before they are believed. */
  readonly missingMs: number;
  /** A snapshot is written when the log has grown by this many messages, or bytes, since the last one. */
  readonly snapshotEvery: { readonly messages: number; readonly bytes: number };
  readonly onProblem: (message: string) => void;
  /** It is of no use any more, and whoever has read it must not believe what it has: open it again. */
  readonly onEnd: (error: StoreError) => void;
}

interface Call {
  readonly name: OperationName;
  readonly request: unknown;
  /** The write as JSON; empty for a read. */
  readonly text: string;
  /** `performance.now()` */
  readonly deadline: number;
  readonly resolve: (reply: never) => void;
  readonly reject: (error: StoreError) => void;
}

type Attempt = { readonly kind: 'done' } | { readonly kind: 'full'; readonly message: string } | Unavailable;

const maxPending = 4096;
const maxPendingBytes = 128 * 1024 * 1024;
const maxBatchCalls = 128;
const maxBatchBytes = 512 * 1024;
/** A message of 1 MiB, the default limit of NATS servers, with its header. */
const maxBodyBytes = 1024 * 1024 - 4096;
const retryMs = 100;
const silenceMs = 1000;
const fullCodes: readonly number[] = [
  apiCodes.resourcesExceeded,
  apiCodes.insufficientResources,
  apiCodes.storageExceeded,
];

/**
 * Runs calls in batches, one batch at a time: it is published, and when this process has applied the log up to it, the
 * outcomes are there. Calls that come meanwhile make up the next batch. So calls take effect in their order, a batch
 * that has to be sent again cannot overtake or be overtaken, and what is read includes whatever anyone was told was
 * written before the call (a batch of reads alone is an empty message: asking the stream's leader instead would be
 * cheaper, and a leader that was cut off without knowing it would answer with the past).
 */
export function createEngine(options: EngineOptions): Engine {
  const { connections, subjects, limits } = options;
  const writer = randomBytes(9).toString('base64url');
  const queue: Call[] = [];
  let queuedBytes = 0;
  let replica = options.replica;
  let batchNumber = 0;
  let draining: Promise<void> | undefined;
  let snapshotting: Promise<void> | undefined;
  /** A snapshot that the others are to be told of. */
  let announced: LogTotals | undefined;
  let end: StoreError | undefined;
  let isHealthy = true;
  let missing: { readonly message: string; readonly since: number } | undefined;

  return {
    execute: (name, request) =>
      new Promise((resolve, reject) => {
        if (end) return reject(end);
        const text = isWrite(name) ? JSON.stringify([name, request]) : '';
        const call: Call = { name, request, text, deadline: performance.now() + options.callMs, resolve, reject };
        if (queue.length >= maxPending || (queue.length > 0 && queuedBytes + text.length > maxPendingBytes)) {
          return fail(call, 'not-sent', 'too many calls are waiting for it');
        }
        queue.push(call);
        queuedBytes += text.length;
        draining ??= drain();
      }),
    async close() {
      end ??= storeError('closed', 'the store is closed');
      await draining;
      await snapshotting;
      await connections.close();
    },
  };

  async function drain(): Promise<void> {
    // Let whatever the caller does in the same turn be one batch.
    await Promise.resolve();
    while (queue.length > 0) {
      const calls = take();
      try {
        await run(calls);
      } catch (error) {
        end = isStoreError(error)
          ? error
          : storeError('failed', `the store failed: ${(error as Error).message}`, error);
        options.onProblem(end.message);
        for (const call of [...calls, ...queue.splice(0)]) call.reject(end);
        options.onEnd(end);
      }
    }
    draining = undefined;
  }

  function take(): readonly Call[] {
    let bytes = 0;
    let count = 0;
    for (const { text } of queue) {
      bytes += text.length;
      if (count > 0 && (bytes > maxBatchBytes || count === maxBatchCalls)) break;
      count++;
    }
    const calls = queue.splice(0, count);
    for (const { text } of calls) queuedBytes -= text.length;
    return calls;
  }

  async function run(calls: readonly Call[]): Promise<void> {
    const batch = ++batchNumber;
    const replies = new Map<Call, unknown>();
    const header = { writer, batch, base: replica.applied.sequence, link: lastLink(replica) };
    const requests = calls.flatMap(({ text }) => (text === '' ? [] : [text]));
    const { maxEvents, maxStoreBytes } = limits;
    const note = announced && { snapshot: announced };
    const parts = encodeBatch(header, { limits: { maxEvents, maxStoreBytes }, requests, ...note }, maxBodyBytes);
    const deadline = calls[0]?.deadline ?? 0;
    let attempts = 0;
    let trouble = 'there is no connection to the bus';
    do {
      // After an outage calls fail without another try each, or they would all wait for each other's.
      if (!isHealthy && performance.now() > deadline) break;
      const connection = await connections.current(deadline);
      if (!connection) break;
      const outcome = await attempt(connection, parts, batch, readsOf(calls, replies));
      attempts++;
      isHealthy = outcome.kind !== 'unavailable';
      if (outcome.kind === 'done') {
        if (note && announced === note.snapshot) announced = undefined;
        return settle(calls, replies);
      }
      if (outcome.kind === 'full') {
        await makeSnapshot(connection, 'nothing');
        if (attempts === 1) return runFull(connection, calls, outcome.message);
      }
      trouble = outcome.message;
      await dropIfSilent(connection);
      await delay(retryMs);
    } while (performance.now() < deadline);
    isHealthy = false;
    for (const call of calls) fail(call, attempts === 0 ? 'not-sent' : 'sent', trouble);
  }

  async function attempt(
    connection: NatsConnection,
    parts: readonly Uint8Array[],
    batch: number,
    observer: Observer,
  ): Promise<Attempt> {
    const own = new Map<number, Uint8Array>();
    const known = replica.applied.sequence;
    let target = known;
    let base: ReturnType<typeof readBase> | undefined;
    for (const part of parts) {
      const published = publish(connection, subjects.logSubject, part);
      // Asked for behind it on the same connection, so the answer is about the log that the batch has come into.
      base ??= readBase(connection, subjects, replica);
      const ack = await published;
      if (ack.kind === 'unavailable') return ack;
      if (ack.kind === 'refused') return isFull(ack) ? { ...ack, kind: 'full' } : { ...ack, kind: 'unavailable' };
      target = ack.value.seq;
      own.set(target, part);
      if (target > known) continue;
      throw lostWrites(subjects, `it goes on at ${target}, and this process had read it up to ${known}`);
    }
    const before = replica.applied;
    const observe = (author: string, number: number): Observer | undefined => {
      return author === writer && number === batch ? observer : undefined;
    };
    const followed = await followTo(connection, target, base, own, observe);
    if (followed) return followed;
    const done = replica.writers.get(writer);
    if (done?.batch !== batch) return { kind: 'unavailable', message: 'not all parts of the batch have come' };
    if (done.replies === 'diverged')
      throw lostWrites(subjects, `it had another message ${known} than this process had read`);
    if (isSnapshotDue(before)) await makeSnapshot(connection, 'one-before');
    return { kind: 'done' };
  }

  async function followTo(
    connection: NatsConnection,
    target: number,
    base = readBase(connection, subjects, replica),
    own: ReadonlyMap<number, Uint8Array> = new Map(),
    observe: (writer: string, batch: number) => Observer | undefined = () => undefined,
  ): Promise<Unavailable | undefined> {
    const { onProblem } = options;
    const { sequence } = replica.applied;
    const known = await base;
    if (known.kind === 'unavailable') return known;
    if (known.kind === 'lost')
      throw lostWrites(subjects, `it has another message ${sequence} than this process had read`);
    const outcome = await follow(replica, target, { connection, subjects, own, observe, onProblem });
    if (outcome.kind === 'followed') {
      missing = undefined;
      replica = outcome.replica;
      return undefined;
    }
    if (outcome.isMissing) {
      const { message } = outcome;
      // Always the same: others that write snapshots faster than this process reads them are no damage either.
      if (missing?.message !== message) missing = { message, since: performance.now() };
      if (performance.now() - missing.since > options.missingMs) throw storeError('damaged', message);
    }
    return outcome;
  }

  /** Runs the reads among `calls` when their turn has come, between the writes before and after them. */
  function readsOf(calls: readonly Call[], replies: Map<Call, unknown>): Observer {
    let next = 0;
    return () => {
      for (; next < calls.length; next++) {
        const call = calls[next];
        if (!call || isWrite(call.name)) break;
        replies.set(call, read(call));
      }
      next++;
    };
  }

  function read({ name, request }: Call): unknown {
    return perform(replica.tables, limits, name, request as never);
  }

  function settle(calls: readonly Call[], reads: ReadonlyMap<Call, unknown>): void {
    const replies = replica.writers.get(writer)?.replies ?? 'forgotten';
    let next = 0;
    for (const call of calls) {
      if (!isWrite(call.name)) call.resolve((reads.has(call) ? reads.get(call) : read(call)) as never);
      else if (typeof replies === 'string') fail(call, 'sent', 'too many others have written meanwhile');
      else call.resolve(replies[next++] as never);
    }
  }

  /** Nothing can be written, so the end of the log, whoever tells it, is the end. */
  async function runFull(connection: NatsConnection, calls: readonly Call[], message: string): Promise<void> {
    const info = await api<StreamInfo>(connection, `STREAM.INFO.${subjects.logStream}`);
    const failure = info.kind === 'ok' ? await followTo(connection, info.value.state.last_seq) : info;
    for (const call of calls) {
      if (isWrite(call.name)) call.resolve(diskFull(subjects.logStream, message) as never);
      else if (failure) fail(call, 'not-sent', failure.message);
      else call.resolve(read(call) as never);
    }
  }

  /** Of all that see the log grow past the mark, the one that wrote the message writes the snapshot. */
  function isSnapshotDue(before: LogTotals): boolean {
    const { lastSnapshot, applied } = replica;
    const { messages, bytes } = options.snapshotEvery;
    // In quarters, so that another one does it soon when that one dies.
    const quarters = ({ sequence, bytes: total }: LogTotals): number =>
      Math.floor(Math.max((sequence - lastSnapshot.sequence) / messages, (total - lastSnapshot.bytes) / bytes) * 4);
    return quarters(applied) >= 4 && quarters(applied) > quarters(before);
  }

  async function makeSnapshot(connection: NatsConnection, keep: 'one-before' | 'nothing'): Promise<void> {
    if (snapshotting) return keep === 'nothing' ? snapshotting : undefined;
    const { applied } = replica;
    const pieces = await encodeImage(replica);
    snapshotting = writeSnapshot(connection, subjects, applied, pieces, keep)
      .then((outcome) => {
        if (outcome.kind === 'written') announced = applied;
        else if (outcome.kind === 'failed') options.onProblem(`no snapshot could be written: ${outcome.message}`);
      })
      .catch((error: Error) => options.onProblem(`no snapshot could be written: ${error.message}`))
      .finally(() => {
        snapshotting = undefined;
      });
    if (keep === 'nothing') await snapshotting;
  }

  function fail(call: Call, how: 'sent' | 'not-sent', trouble: string): void {
    const message = `the store in the stream ${subjects.logStream} does not answer: ${trouble}`;
    if (!isWrite(call.name)) call.reject(storeError('busy', message));
    else if (how === 'not-sent') call.resolve({ kind: 'refused', reason: 'busy', message } satisfies Refused as never);
    else call.reject(storeError('failed', `${message}; whether this was written is not known, read it to see`));
  }
}

/** A server that stands still is noticed here long before the connection's own pings are missed. */
async function dropIfSilent(connection: NatsConnection): Promise<void> {
  const answers = await Promise.race([
    connection.rtt().then(
      () => true,
      () => false,
    ),
    delay(silenceMs, false, { ref: false }),
  ]);
  if (!answers) await connection.close();
}

function isFull({ code, message }: { readonly code: number; readonly message: string }): boolean {
  return fullCodes.includes(code) || (code === apiCodes.storeFailed && message.includes('maximum bytes'));
}

function diskFull(stream: string, message: string): Refused {
  return {
    kind: 'refused',
    reason: 'disk-full',
    message: `the bus servers have no space for the stream ${stream} (${message}): raise its size, or free some on their disks`,
  };
}
