import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { DurableChange } from './core/durable-state.js';

/** The journal could not be written; nothing of the change is in it. */
export class JournalError extends Error {
  constructor(path: string, cause: unknown) {
    super(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'JournalError';
  }
}

type Line = readonly (readonly [key: string, value?: unknown])[];

const compactAboveBytes = 1024 * 1024;
/** How often what has come while the disk was waited for is waited for in its turn, before everything has to stand still. */
const maxCatchUps = 8;

/**
 * A small keyed store in one file: a line per change, CRC-32 and JSON, all keys of a change or none; the last value of a
 * key counts. Rewritten, beside everything else, when it has grown to several times what it holds.
 *
 * A change is in the kernel's hands when `append` returns, which is enough to survive the agent: an instance does not
 * outlive its machine, or the VM that it is. `flushed` waits for the disk too, for what is promised to others.
 */
export class Journal {
  readonly #path: string;
  readonly #entries: Map<string, unknown>;
  #file: number;
  #size: number;
  #compactAt = compactAboveBytes;
  /** What has been written since the copy of the compaction under way was made. */
  #tail: Uint8Array[] | undefined;
  /** The last rename is on disk. */
  #renamed: Promise<void> = Promise.resolve();
  #isClosed = false;
  #flushing: Promise<void> | undefined;
  #queuedFlush: Promise<void> | undefined;

  private constructor(path: string, file: number, size: number, entries: Map<string, unknown>) {
    this.#path = path;
    this.#file = file;
    this.#size = size;
    this.#entries = entries;
  }

  /**
   * Opens or creates the journal. A torn last line (the agent died while it wrote) counts as not written; other lines
   * that cannot be read are counted in `damaged`. Throws JournalError when the file cannot be opened.
   */
  static open(path: string): { readonly journal: Journal; readonly damaged: number } {
    try {
      const file = openSync(path, 'a+', 0o600);
      const text = readFileSync(path, 'utf8');
      const { entries, damaged, length } = readLines(text);
      if (length < Buffer.byteLength(text)) ftruncateSync(file, length);
      return { journal: new Journal(path, file, length, entries), damaged };
    } catch (error) {
      throw new JournalError(path, error);
    }
  }

  entries(): ReadonlyMap<string, unknown> {
    return this.#entries;
  }

  /** Writes one change, whole. Throws JournalError (disk full ...); then the journal is as it was before. */
  append(changes: readonly DurableChange[]): void {
    if (changes.length === 0) return;
    const line: Line = changes.map(({ key, value }) => (value === undefined ? [key] : [key, value]));
    const bytes = encodeLine(line);
    this.#write(bytes);
    apply(this.#entries, line);
    this.#tail?.push(bytes);
    if (this.#size > this.#compactAt && this.#tail === undefined) void this.#compact();
  }

  /** Resolves when everything appended so far is on disk. Callers at the same time share one write. */
  flushed(): Promise<void> {
    if (this.#flushing === undefined) {
      this.#flushing = this.#sync().finally(() => {
        this.#flushing = undefined;
      });
      return this.#flushing;
    }
    // A sync under way may have begun before the last append.
    this.#queuedFlush ??= this.#flushing
      .catch(() => undefined)
      .then(() => {
        this.#queuedFlush = undefined;
        return this.flushed();
      });
    return this.#queuedFlush;
  }

  close(): void {
    this.#isClosed = true;
    closeSync(this.#file);
  }

  #write(bytes: Uint8Array): void {
    try {
      writeAll(this.#file, bytes);
      this.#size += bytes.length;
    } catch (error) {
      ftruncateSync(this.#file, this.#size);
      throw new JournalError(this.#path, error);
    }
  }

  async #sync(): Promise<void> {
    await this.#renamed;
    const file = this.#file;
    await syncFile(file).catch((error) => {
      // Compacted meanwhile: the new file was synced as a whole.
      if (file === this.#file) throw new JournalError(this.#path, error);
    });
  }

  /**
   * Writes a copy of what counts, and what comes meanwhile, and puts it in the journal's place when it is on disk: a disk
   * may take a second for that. When there is no room for a second copy, the journal goes on growing until there is.
   */
  async #compact(): Promise<void> {
    const fresh = `${this.#path}.new`;
    const line: Line = [...this.#entries];
    this.#tail = [encodeLine(line)];
    let file: number | undefined;
    try {
      file = openSync(fresh, 'w', 0o600);
      for (let round = 0; this.#tail.length > 0; round += 1) {
        const bytes = Buffer.concat(this.#tail.splice(0));
        writeAll(file, bytes);
        if (round < maxCatchUps) await syncFile(file);
        else fdatasyncSync(file);
        if (this.#isClosed) break;
      }
      if (!this.#isClosed) this.#replaceBy(fresh);
    } catch {
      this.#compactAt = this.#size + compactAboveBytes;
    } finally {
      this.#tail = undefined;
      if (file !== undefined) closeSync(file);
    }
  }

  #replaceBy(fresh: string): void {
    const file = openSync(fresh, 'a+', 0o600);
    try {
      renameSync(fresh, this.#path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    const previous = this.#file;
    this.#file = file;
    this.#size = fstatSync(file).size;
    this.#compactAt = Math.max(compactAboveBytes, this.#size * 4);
    closeSync(previous);
    this.#renamed = syncDirectory(dirname(this.#path)).catch(() => undefined);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function syncFile(file: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(file, (error) => (error === null ? resolve() : reject(error)));
  });
}

function readLines(text: string): { entries: Map<string, unknown>; damaged: number; length: number } {
  const entries = new Map<string, unknown>();
  const end = text.lastIndexOf('\n') + 1;
  let damaged = 0;
  for (const line of text.slice(0, end).split('\n')) {
    if (line === '') continue;
    try {
      apply(entries, decodeLine(line));
    } catch {
      damaged += 1;
    }
  }
  return { entries, damaged, length: Buffer.byteLength(text.slice(0, end)) };
}

function encodeLine(line: Line): Buffer {
  const json = JSON.stringify(line);
  return Buffer.from(`${prefixOf(json)}${json}\n`);
}

/**
 * Throws on a damaged line. A change of one bit may leave JSON that is well-formed and says something else: only the
 * checksum tells. A line of an agent of the version before has none.
 */
function decodeLine(text: string): Line {
  if (text.startsWith('[')) return JSON.parse(text) as Line;
  const json = text.slice(PREFIX_LENGTH);
  if (text.slice(0, PREFIX_LENGTH) !== prefixOf(json)) throw new Error('the checksum is of something else');
  return JSON.parse(json) as Line;
}

/** Eight digits and a blank. */
const PREFIX_LENGTH = 9;

function prefixOf(json: string): string {
  return `${crc32(json)
    .toString(16)
    .padStart(PREFIX_LENGTH - 1, '0')} `;
}

function apply(entries: Map<string, unknown>, line: Line): void {
  for (const [key, value] of line) {
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await openFile(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
