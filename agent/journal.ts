import {
  closeSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
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

/**
 * A small keyed store in one file: a line of JSON per change, all keys of a change or none; the last value of a key
 * counts. Rewritten when it has grown to several times what it holds.
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
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    this.#write(bytes);
    apply(this.#entries, line);
    if (this.#size > this.#compactAt) this.#compact();
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
    closeSync(this.#file);
  }

  #write(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
      this.#size += bytes.length;
    } catch (error) {
      ftruncateSync(this.#file, this.#size);
      throw new JournalError(this.#path, error);
    }
  }

  #sync(): Promise<void> {
    const file = this.#file;
    return new Promise((resolve, reject) => {
      fdatasync(file, (error) => {
        // Compacted meanwhile: the new file was synced as a whole.
        if (error === null || file !== this.#file) resolve();
        else reject(new JournalError(this.#path, error));
      });
    });
  }

  /** When there is no room for a second copy, the journal goes on growing until there is. */
  #compact(): void {
    const fresh = `${this.#path}.new`;
    const line: Line = [...this.#entries];
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      const file = openSync(fresh, 'w', 0o600);
      try {
        for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(fresh, this.#path);
      syncDirectory(dirname(this.#path));
      const previous = this.#file;
      this.#file = openSync(this.#path, 'a+', 0o600);
      this.#size = statSync(this.#path).size;
      closeSync(previous);
    } catch {
      this.#compactAt = this.#size + compactAboveBytes;
      return;
    }
    this.#compactAt = Math.max(compactAboveBytes, this.#size * 4);
  }
}

function readLines(text: string): { entries: Map<string, unknown>; damaged: number; length: number } {
  const entries = new Map<string, unknown>();
  const end = text.lastIndexOf('\n') + 1;
  let damaged = 0;
  for (const line of text.slice(0, end).split('\n')) {
    if (line === '') continue;
    try {
      apply(entries, JSON.parse(line) as Line);
    } catch {
      damaged += 1;
    }
  }
  return { entries, damaged, length: Buffer.byteLength(text.slice(0, end)) };
}

function apply(entries: Map<string, unknown>, line: Line): void {
  for (const [key, value] of line) {
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
  }
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
