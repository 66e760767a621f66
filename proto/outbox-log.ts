import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/**
 * The file of an outbox: records one after the other, the only writer appending at its end.
 *
 *   record  = length of body (u32), CRC-32 of body (u32), body; little endian
 *   body    = kind (u8), number (f64: exact up to 2^53), payload
 *   entry        number: its sequence
 *   acknowledged number: the last sequence that is done with
 *   dropped      number: how many entries were refused so far because the outbox was full
 *   next         number: the sequence of the next entry; first record of a rewritten file
 *
 * A process that is killed leaves at most a torn tail, which the checksum finds. The file is rewritten, under another
 * name and then renamed, when acknowledged entries make up most of it.
 */
const KIND = { entry: 1, acknowledged: 2, dropped: 3, next: 4 } as const;
type Kind = (typeof KIND)[keyof typeof KIND];

const HEAD_BYTES = 8;
const BODY_HEAD_BYTES = 9;
/** Smallest record: what a tail that was dropped may have held is bounded by it. */
export const RECORD_OVERHEAD_BYTES = HEAD_BYTES + BODY_HEAD_BYTES;
const REWRITE_AT_BYTES = 64 * 1024;

export interface LogEntry {
  readonly sequence: number;
  /** Where the payload lies in the file. */
  readonly offset: number;
  readonly length: number;
}

export interface OutboxLog {
  /** Not acknowledged, oldest first. */
  readonly waiting: readonly LogEntry[];
  readonly nextSequence: number;
  readonly dropped: number;
  /** Bytes at the end of the file that were no record and are gone. */
  readonly tornBytes: number;
  /** Durable when it resolves. Rejects when the disk fails; the file is then as before. */
  append(payloads: readonly Uint8Array[]): Promise<number>;
  /** Written, not forced to disk: what power loss takes back is delivered again. */
  acknowledge(sequence: number): Promise<void>;
  countDropped(total: number): Promise<void>;
  read(entry: LogEntry): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens the log of a directory, which is created when it is missing. Rejects when the disk fails. */
export async function openOutboxLog(directory: string): Promise<OutboxLog> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'outbox.log');
  await rm(`${file}.new`, { force: true });
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const found = bytes === undefined ? EMPTY : recover(bytes);
  const log = new LogFile(directory, file, found);
  await log.open(found.end === 0 || found.tornBytes > 0);
  return log;
}

interface Recovered {
  readonly waiting: LogEntry[];
  readonly nextSequence: number;
  readonly dropped: number;
  readonly end: number;
  readonly tornBytes: number;
}

const MAGIC = Buffer.from('CPEOUT1\n', 'latin1');
const EMPTY: Recovered = { waiting: [], nextSequence: 1, dropped: 0, end: 0, tornBytes: 0 };

function recover(bytes: Buffer): Recovered {
  let waiting: LogEntry[] = [];
  let nextSequence = 1;
  let dropped = 0;
  let end = 0;
  if (bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    end = MAGIC.length;
    for (let record = recordAt(bytes, end); record !== undefined; record = recordAt(bytes, end)) {
      const { kind, number } = record;
      if (kind === KIND.entry) {
        const offset = end + RECORD_OVERHEAD_BYTES;
        waiting.push({ sequence: number, offset, length: record.end - offset });
        nextSequence = Math.max(nextSequence, number + 1);
      } else if (kind === KIND.acknowledged) {
        waiting = waiting.filter((entry) => entry.sequence > number);
      } else if (kind === KIND.dropped) dropped = number;
      else if (kind === KIND.next) nextSequence = Math.max(nextSequence, number);
      end = record.end;
    }
  }
  const tornBytes = bytes.length - end;
  // A number that a lost record may have had is never given to another entry: the receiver would take it for a double.
  nextSequence += Math.ceil(tornBytes / RECORD_OVERHEAD_BYTES);
  return { waiting, nextSequence, dropped, end, tornBytes };
}

function recordAt(bytes: Buffer, at: number): { kind: number; number: number; end: number } | undefined {
  if (bytes.length - at < RECORD_OVERHEAD_BYTES) return undefined;
  const length = bytes.readUInt32LE(at);
  const end = at + HEAD_BYTES + length;
  if (length < BODY_HEAD_BYTES || end > bytes.length) return undefined;
  const body = bytes.subarray(at + HEAD_BYTES, end);
  if (crc32(body) !== bytes.readUInt32LE(at + 4)) return undefined;
  return { kind: body.readUInt8(0), number: body.readDoubleLE(1), end };
}

function record(kind: Kind, number: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const bytes = Buffer.allocUnsafe(RECORD_OVERHEAD_BYTES + payload.length);
  bytes.writeUInt32LE(BODY_HEAD_BYTES + payload.length, 0);
  bytes.writeUInt8(kind, HEAD_BYTES);
  bytes.writeDoubleLE(number, HEAD_BYTES + 1);
  bytes.set(payload, RECORD_OVERHEAD_BYTES);
  bytes.writeUInt32LE(crc32(bytes.subarray(HEAD_BYTES)), 4);
  return bytes;
}

class LogFile implements OutboxLog {
  readonly #directory: string;
  readonly #file: string;
  readonly tornBytes: number;
  waiting: LogEntry[];
  nextSequence: number;
  dropped: number;
  #handle: FileHandle | undefined;
  /** Where the last whole record ends. */
  #end: number;
  /** Bytes of waiting entries. */
  #live: number;
  #hasDirtyTail = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(directory: string, file: string, found: Recovered) {
    this.#directory = directory;
    this.#file = file;
    this.waiting = found.waiting;
    this.nextSequence = found.nextSequence;
    this.dropped = found.dropped;
    this.tornBytes = found.tornBytes;
    this.#end = found.end;
    this.#live = found.waiting.reduce((sum, entry) => sum + RECORD_OVERHEAD_BYTES + entry.length, 0);
  }

  async open(isToBeRewritten: boolean): Promise<void> {
    if (this.#end > 0) this.#handle = await open(this.#file, 'r+');
    if (isToBeRewritten) await this.#rewrite();
  }

  append(payloads: readonly Uint8Array[]): Promise<number> {
    return this.#inTurn(async () => {
      const first = this.nextSequence;
      const records = payloads.map((payload, index) => record(KIND.entry, first + index, payload));
      let offset = this.#end;
      await this.#write(Buffer.concat(records), true);
      for (const [index, payload] of payloads.entries()) {
        this.waiting.push({
          sequence: first + index,
          offset: offset + RECORD_OVERHEAD_BYTES,
          length: payload.length,
        });
        offset += RECORD_OVERHEAD_BYTES + payload.length;
        this.#live += RECORD_OVERHEAD_BYTES + payload.length;
      }
      this.nextSequence = first + payloads.length;
      return first;
    });
  }

  acknowledge(sequence: number): Promise<void> {
    return this.#inTurn(async () => {
      const done = this.waiting.findIndex((entry) => entry.sequence > sequence);
      const gone = this.waiting.splice(0, done === -1 ? this.waiting.length : done);
      for (const entry of gone) this.#live -= RECORD_OVERHEAD_BYTES + entry.length;
      await this.#write(record(KIND.acknowledged, sequence), false);
      await this.#rewriteIfMostlyDone();
    });
  }

  countDropped(total: number): Promise<void> {
    return this.#inTurn(async () => {
      this.dropped = total;
      await this.#write(record(KIND.dropped, total), false);
      await this.#rewriteIfMostlyDone();
    });
  }

  read(entry: LogEntry): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      // A rewrite may have moved it since the caller saw it.
      const current = this.waiting.find((candidate) => candidate.sequence === entry.sequence) ?? entry;
      const bytes = Buffer.alloc(current.length);
      await readFully(this.#opened(), bytes, current.offset);
      return bytes;
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      const handle = this.#handle;
      this.#handle = undefined;
      await handle?.close();
    });
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #opened(): FileHandle {
    if (this.#handle === undefined) throw new Error(`${this.#file} is closed`);
    return this.#handle;
  }

  async #write(bytes: Buffer, isForced: boolean): Promise<void> {
    const handle = this.#opened();
    if (this.#hasDirtyTail) await handle.truncate(this.#end);
    this.#hasDirtyTail = true;
    try {
      await writeFully(handle, bytes, this.#end);
      if (isForced) await handle.datasync();
    } catch (error) {
      // A whole record left behind would come back to life; if this fails too, it is done before the next write.
      await handle.truncate(this.#end).catch(() => undefined);
      throw error;
    }
    this.#hasDirtyTail = false;
    this.#end += bytes.length;
  }

  async #rewriteIfMostlyDone(): Promise<void> {
    if (this.#end - this.#live > Math.max(REWRITE_AT_BYTES, this.#live)) await this.#rewrite();
  }

  async #rewrite(): Promise<void> {
    const from = this.waiting[0]?.offset ?? this.#end;
    const old = Buffer.alloc(this.#end - from);
    if (old.length > 0) await readFully(this.#opened(), old, from);
    const parts: Buffer[] = [MAGIC, record(KIND.next, this.nextSequence), record(KIND.dropped, this.dropped)];
    let offset = parts.reduce((sum, part) => sum + part.length, 0);
    const moved: LogEntry[] = [];
    for (const { sequence, offset: was, length } of this.waiting) {
      parts.push(record(KIND.entry, sequence, old.subarray(was - from, was - from + length)));
      moved.push({ sequence, offset: offset + RECORD_OVERHEAD_BYTES, length });
      offset += RECORD_OVERHEAD_BYTES + length;
    }
    const fresh = await open(`${this.#file}.new`, 'w+', 0o600);
    try {
      await writeFully(fresh, Buffer.concat(parts), 0);
      await fresh.sync();
      await rename(`${this.#file}.new`, this.#file);
    } catch (error) {
      await fresh.close();
      throw error;
    }
    await this.#handle?.close();
    this.#handle = fresh;
    this.waiting = moved;
    this.#end = offset;
    this.#hasDirtyTail = false;
    await syncDirectory(this.#directory);
  }
}

async function writeFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new Error(`the file ends at ${position + done}`);
    done += bytesRead;
  }
}

/** A new name is on disk only when its directory is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
