import { createHash } from 'node:crypto';
import type { NatsConnection } from 'nats';
import {
  type ApiAnswer,
  api,
  apiCodes,
  getFromLeader,
  publish,
  type StreamInfo,
  type Unavailable,
} from './jetstream-api.js';
import { decodeFrame, encodeFrame } from './jetstream-frames.js';
import { decodeImage } from './jetstream-image.js';
import type { LogTotals, Replica } from './jetstream-replica.js';
import type { StoreSubjects } from './jetstream-subjects.js';
import { isStoreError, storeError } from './store-error.js';

/** The message that makes a snapshot one: without it its pieces are nothing. Its subject ends in its sequence. */
interface SnapshotHeader {
  readonly applied: LogTotals;
  /** Sequences of the pieces in the snapshot stream. */
  readonly chunks: readonly number[];
  /** Of all pieces, one after the other. */
  readonly sha256: string;
}

const window = 16;

export type SnapshotOutcome =
  | { readonly kind: 'written' }
  /** Another process wrote one meanwhile. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Writes a snapshot and drops what it makes superfluous: of the snapshots, all but this one and the one before; of a log
 * that is half full what lies before that one (a margin, for processes that are behind and in case the new one cannot be
 * read), and of one that is full all up to the new one. Stopped anywhere it leaves pieces that nothing refers to; the next snapshot but one
 * drops them. Two at once are harmless: each is whole by itself, and the one of the higher sequence counts.
 *
 * No publish here expects a sequence (`Nats-Expected-Last-Subject-Sequence`), and nothing is read from followers: with
 * both, on 2.9.10, pieces came back that were not what was written, while one server stood still after another had been
 * killed. Which of the two it was, or something else, has not been established.
 */
export async function writeSnapshot(
  connection: NatsConnection,
  subjects: StoreSubjects,
  applied: LogTotals,
  pieces: readonly Uint8Array[],
  keep: 'one-before' | 'nothing',
): Promise<SnapshotOutcome> {
  const before = await listSnapshots(connection, subjects);
  if (before.kind !== 'ok') return { kind: 'failed', message: before.message };
  if ((before.value[0] ?? 0) >= applied.sequence) return { kind: 'overtaken' };

  const chunks: number[] = [];
  for (const piece of pieces) {
    const ack = await publish(connection, subjects.chunkSubject, encodeFrame({}, piece));
    if (ack.kind !== 'ok') return { kind: 'failed', message: ack.message };
    chunks.push(ack.value.seq);
  }
  // Others may have been so much faster that pieces of this one are gone.
  const first = await getMessage(connection, subjects.snapshotStream, chunks[0] ?? 0);
  if (first.kind === 'refused') return { kind: 'overtaken' };
  const header: SnapshotHeader = { applied, chunks, sha256: digest(pieces) };
  const subject = snapshotSubject(subjects, applied.sequence);
  const ack = await publish(connection, subject, encodeFrame(header, new Uint8Array()));
  if (ack.kind !== 'ok') return { kind: 'failed', message: ack.message };

  const previous = before.value[0];
  const logEnd =
    keep === 'nothing' ? applied.sequence : (await isHalfFull(connection, subjects)) ? previous : undefined;
  if (logEnd !== undefined) await purgeBelow(connection, subjects.logStream, logEnd + 1);
  const kept = previous === undefined ? undefined : await readHeader(connection, subjects, previous);
  if (kept?.kind === 'found') {
    await purgeBelow(connection, subjects.snapshotStream, Math.min(...kept.header.chunks, ...chunks));
  }
  return { kind: 'written' };
}

/**
 * The latest snapshot, or one before it when that cannot be read; undefined when there never was one.
 * @throws StoreError `damaged` when there are some and none is what was written; `newer-format`.
 */
export async function readSnapshot(
  connection: NatsConnection,
  subjects: StoreSubjects,
  onProblem: (message: string) => void,
): Promise<{ readonly kind: 'read'; readonly replica: Replica | undefined } | Unavailable> {
  const sequences = await listSnapshots(connection, subjects);
  if (sequences.kind !== 'ok') return { kind: 'unavailable', message: sequences.message };
  let missing: Unavailable | undefined;
  let damage: unknown;
  for (const sequence of sequences.value) {
    try {
      const found = await readHeader(connection, subjects, sequence);
      if (found.kind === 'none') continue;
      const image = found.kind === 'found' ? await readImage(connection, subjects, found.header) : found;
      if (image.kind === 'read') return image;
      if (!image.isMissing) return image;
      missing ??= image;
    } catch (error) {
      if (!isStoreError(error) || error.code !== 'damaged') throw error;
      onProblem(error.message);
      damage ??= error;
    }
  }
  if (missing === undefined && damage === undefined) return { kind: 'read', replica: undefined };
  // A log that is whole tells everything that a snapshot could.
  const log = await api<StreamInfo>(connection, `STREAM.INFO.${subjects.logStream}`);
  if (log.kind === 'ok' && log.value.state.first_seq <= 1) return { kind: 'read', replica: undefined };
  if (missing) return missing;
  throw damage;
}

/**
 * As long as the log has room it is kept whole, however many snapshots there are. When every snapshot purged the log, a
 * run on 2.9.10 in which servers were killed and stopped ended with a log that began after the latest snapshot listed.
 * The cause has not been established, here or in the servers; keeping the log makes it rarer, and is no cure: a log
 * that is more than half full is purged, and then depends on its snapshots.
 */
async function isHalfFull(connection: NatsConnection, { logStream }: StoreSubjects): Promise<boolean> {
  const info = await api<StreamInfo>(connection, `STREAM.INFO.${logStream}`);
  return (
    info.kind === 'ok' && info.value.config.max_bytes > 0 && info.value.state.bytes > info.value.config.max_bytes / 2
  );
}

function snapshotSubject(subjects: StoreSubjects, sequence: number): string {
  return `${subjects.snapshotSubject}.${sequence}`;
}

/** The sequences of all snapshots, the latest first. */
async function listSnapshots(
  connection: NatsConnection,
  subjects: StoreSubjects,
): Promise<ApiAnswer<readonly number[]>> {
  const filter = { subjects_filter: `${subjects.snapshotSubject}.*` };
  const info = await api<StreamInfo>(connection, `STREAM.INFO.${subjects.snapshotStream}`, filter);
  if (info.kind !== 'ok') return info;
  const found = Object.keys(info.value.state.subjects ?? {});
  const sequences = found.map((subject) => Number(subject.slice(subjects.snapshotSubject.length + 1)));
  return { kind: 'ok', value: sequences.sort((a, b) => b - a) };
}

type HeaderOutcome =
  | { readonly kind: 'found'; readonly header: SnapshotHeader }
  | { readonly kind: 'none' }
  | Unavailable;

async function readHeader(
  connection: NatsConnection,
  subjects: StoreSubjects,
  sequence: number,
): Promise<HeaderOutcome> {
  const { snapshotStream } = subjects;
  const answer = await getFromLeader(connection, snapshotStream, { last_by_subj: snapshotSubject(subjects, sequence) });
  if (answer.kind === 'refused' && answer.code === apiCodes.noMessageFound) return { kind: 'none' };
  if (answer.kind !== 'ok') return { kind: 'unavailable', message: answer.message };
  const { seq, data } = answer.value;
  const { header } = decodeFrame<SnapshotHeader>(data, `message ${seq} of the stream ${snapshotStream}`);
  return { kind: 'found', header };
}

async function readImage(
  connection: NatsConnection,
  { snapshotStream }: StoreSubjects,
  { applied, chunks, sha256 }: SnapshotHeader,
): Promise<{ readonly kind: 'read'; readonly replica: Replica } | Unavailable> {
  const where = `the snapshot at ${applied.sequence} in the stream ${snapshotStream}`;
  const pieces: Uint8Array[] = [];
  // Several at a time: two more snapshots, and the pieces of this one are dropped.
  for (let start = 0; start < chunks.length; start += window) {
    const seqs = chunks.slice(start, start + window);
    const answers = await Promise.all(seqs.map((seq) => getMessage(connection, snapshotStream, seq)));
    for (const [index, data] of answers.entries()) {
      const seq = seqs[index];
      if (data.kind === 'unavailable') return data;
      if (data.kind === 'refused') {
        const message = `${where} lacks its message ${seq}: ${data.message}`;
        return { kind: 'unavailable', message, isMissing: true };
      }
      pieces.push(decodeFrame(data.value, `message ${seq} of the stream ${snapshotStream}`).body);
    }
  }
  if (digest(pieces) !== sha256) throw storeError('damaged', `${where} is not what was written`);
  const replica = await decodeImage(pieces, where);
  if (replica.applied.sequence === applied.sequence) return { kind: 'read', replica };
  throw storeError('damaged', `${where} is one at ${replica.applied.sequence}`);
}

/** From the leader: followers may lag behind, and one that stands still would be asked for as long as nobody notices. */
export async function getMessage(
  connection: NatsConnection,
  stream: string,
  seq: number,
): Promise<ApiAnswer<Uint8Array>> {
  const answer = await getFromLeader(connection, stream, { seq });
  return answer.kind === 'ok' ? { kind: 'ok', value: answer.value.data } : answer;
}

/** A failure does no harm: the next snapshot's purge drops these too. */
function purgeBelow(connection: NatsConnection, stream: string, seq: number): Promise<unknown> {
  return api(connection, `STREAM.PURGE.${stream}`, { seq });
}

function digest(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
