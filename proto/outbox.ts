import { type LogEntry, type OutboxLog, openOutboxLog, RECORD_OVERHEAD_BYTES } from './outbox-log.js';

/**
 * Messages that must arrive although the bus, the receiver or this process fails: kept on disk, in order, until the
 * receiver says that it has committed them. A crash can make one arrive twice, never not at all; the receiver drops
 * doubles by their sequence.
 */
export interface Outbox {
  /**
   * Resolves when the payload is on disk, with its sequence: the one before plus one or more, never used before, also
   * after a crash and after everything was acknowledged. When there is no room the entry is refused and counted: what
   * is already waiting, the beginning of the story, is worth more than its end. Never rejects.
   */
  append(payload: Uint8Array): Promise<AppendOutcome>;

  /**
   * Appends as many of the payloads, from the first on, as there is room for, with one write. The others stay with the
   * caller, and are not counted as refused. Never rejects.
   */
  appendAll(payloads: readonly Uint8Array[]): Promise<BatchOutcome>;

  /**
   * Starts to send, for as long as the outbox is open: the oldest entry until it is acknowledged, then the next one.
   * `send` sets its own deadline; when it rejects that is a `retry`. To be called once.
   */
  deliver(send: (sequence: number, payload: Uint8Array) => Promise<DeliveryOutcome>): void;

  /** Ends the back-off: the receiver may be there again. */
  kick(): void;

  /** Resolves when nothing is waiting any more (or the outbox is closed). */
  drained(): Promise<void>;
  state(): OutboxState;

  /** Waits for what is being written and sent. What is waiting stays on disk. */
  close(): Promise<void>;
}

export type DeliveryOutcome = 'acknowledged' | 'retry';

export type AppendOutcome =
  | { readonly kind: 'stored'; readonly sequence: number }
  /** `dropped`: all refused so far, also before a restart. */
  | { readonly kind: 'full'; readonly dropped: number }
  | { readonly kind: 'failed'; readonly reason: string };

export type BatchOutcome =
  /** So many from the first on; 0: there is no room now. */
  | { readonly kind: 'stored'; readonly count: number }
  /** None of them. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface OutboxState {
  readonly waiting: number;
  readonly waitingBytes: number;
  /** 0 when nothing is waiting. */
  readonly oldestSequence: number;
  readonly nextSequence: number;
  readonly dropped: number;
  /** Bytes that a crash left behind as an incomplete record, found at open. */
  readonly tornBytes: number;
}

export interface OutboxOptions {
  /** Belongs to this outbox alone; created when it is missing. */
  readonly directory: string;
  /** Of waiting entries; the file may grow to twice of it. An empty outbox takes any entry. Default 16 MiB. */
  readonly maxBytes?: number;
  /** After a failed delivery, doubled each time. Default 100. */
  readonly firstRetryMs?: number;
  /** Default 10000. */
  readonly maxRetryMs?: number;
  /** Told when the disk refuses a note that costs only a second delivery. */
  readonly onDiskTrouble?: (reason: string) => void;
}

const closedOutcome = { kind: 'failed', reason: 'the outbox is closed' } as const;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/** Rejects when the directory cannot be made or its file not be read. */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  return new DiskOutbox(await openOutboxLog(options.directory), options);
}

/** Payloads that are written together or not at all. */
interface QueuedAppend {
  readonly payloads: readonly Uint8Array[];
  readonly bytes: number;
  readonly settle: (outcome: WriteOutcome) => void;
}

type WriteOutcome = { readonly kind: 'written'; readonly first: number } | Extract<AppendOutcome, { kind: 'failed' }>;

class DiskOutbox implements Outbox {
  readonly #log: OutboxLog;
  readonly #options: Required<Omit<OutboxOptions, 'directory'>>;
  #queued: QueuedAppend[] = [];
  #writing: Promise<void> | undefined;
  #delivering: Promise<void> | undefined;
  #waitingBytes: number;
  #dropped: number;
  #closed = false;
  #wake: (() => void) | undefined;
  #isIdle = false;
  #isKicked = false;
  #drainers: (() => void)[] = [];

  constructor(log: OutboxLog, options: OutboxOptions) {
    this.#log = log;
    this.#options = {
      maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
      firstRetryMs: options.firstRetryMs ?? 100,
      maxRetryMs: options.maxRetryMs ?? 10_000,
      onDiskTrouble: options.onDiskTrouble ?? (() => undefined),
    };
    this.#dropped = log.dropped;
    this.#waitingBytes = log.waiting.reduce((sum, entry) => sum + RECORD_OVERHEAD_BYTES + entry.length, 0);
  }

  async append(payload: Uint8Array): Promise<AppendOutcome> {
    if (this.#closed) return closedOutcome;
    if (this.#fitting([payload]).length === 0) {
      this.#dropped += 1;
      this.#log.countDropped(this.#dropped).catch((error) => this.#options.onDiskTrouble(messageOf(error)));
      return { kind: 'full', dropped: this.#dropped };
    }
    const outcome = await this.#enqueue([payload]);
    return outcome.kind === 'written' ? { kind: 'stored', sequence: outcome.first } : outcome;
  }

  async appendAll(payloads: readonly Uint8Array[]): Promise<BatchOutcome> {
    if (this.#closed) return closedOutcome;
    const fitting = this.#fitting(payloads);
    if (fitting.length === 0) return { kind: 'stored', count: 0 };
    const outcome = await this.#enqueue(fitting);
    return outcome.kind === 'written' ? { kind: 'stored', count: fitting.length } : outcome;
  }

  /** Those from the first on for which there is room. */
  #fitting(payloads: readonly Uint8Array[]): readonly Uint8Array[] {
    let bytes = this.#waitingBytes;
    const surplus = payloads.findIndex((payload) => {
      const isEmpty = bytes === 0;
      bytes += RECORD_OVERHEAD_BYTES + payload.length;
      return bytes > this.#options.maxBytes && !isEmpty;
    });
    return surplus < 0 ? payloads : payloads.slice(0, surplus);
  }

  #enqueue(payloads: readonly Uint8Array[]): Promise<WriteOutcome> {
    const bytes = payloads.reduce((sum, payload) => sum + RECORD_OVERHEAD_BYTES + payload.length, 0);
    this.#waitingBytes += bytes;
    return new Promise((settle) => {
      this.#queued.push({ payloads, bytes, settle });
      this.#writing ??= this.#write();
    });
  }

  deliver(send: (sequence: number, payload: Uint8Array) => Promise<DeliveryOutcome>): void {
    if (this.#delivering !== undefined) throw new Error('the outbox delivers already');
    this.#delivering = this.#deliver(send);
  }

  kick(): void {
    this.#isKicked = true;
    this.#wake?.();
  }

  drained(): Promise<void> {
    if (this.#isDrained()) return Promise.resolve();
    return new Promise((resolve) => this.#drainers.push(resolve));
  }

  state(): OutboxState {
    const { waiting, nextSequence, tornBytes } = this.#log;
    return {
      waiting: waiting.length,
      waitingBytes: this.#waitingBytes,
      oldestSequence: waiting[0]?.sequence ?? 0,
      nextSequence,
      dropped: this.#dropped,
      tornBytes,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.kick();
    await this.#writing;
    await this.#delivering;
    await this.#log.close();
    this.#tellDrainers();
  }

  /** All that is queued goes to disk with one force: many appends at once cost little more than one. */
  async #write(): Promise<void> {
    while (this.#queued.length > 0) {
      const batch = this.#queued;
      this.#queued = [];
      try {
        let first = await this.#log.append(batch.flatMap(({ payloads }) => payloads));
        for (const { payloads, settle } of batch) {
          settle({ kind: 'written', first });
          first += payloads.length;
        }
        if (this.#isIdle) this.#wake?.();
      } catch (error) {
        for (const { bytes, settle } of batch) {
          this.#waitingBytes -= bytes;
          settle({ kind: 'failed', reason: messageOf(error) });
        }
      }
    }
    this.#writing = undefined;
  }

  async #deliver(send: (sequence: number, payload: Uint8Array) => Promise<DeliveryOutcome>): Promise<void> {
    let retryMs = this.#options.firstRetryMs;
    while (!this.#closed) {
      const entry = this.#log.waiting[0];
      if (entry === undefined) {
        this.#tellDrainers();
        await this.#pause(undefined);
        continue;
      }
      this.#isKicked = false;
      if ((await this.#attempt(entry, send)) === 'acknowledged') {
        retryMs = this.#options.firstRetryMs;
        this.#waitingBytes -= RECORD_OVERHEAD_BYTES + entry.length;
        await this.#log.acknowledge(entry.sequence).catch((error) => this.#options.onDiskTrouble(messageOf(error)));
      } else {
        // The jitter keeps a thousand agents, whose DPE came back, from asking at the same instants.
        if (!this.#isKicked) await this.#pause(retryMs * (0.5 + Math.random() / 2));
        retryMs = this.#isKicked ? this.#options.firstRetryMs : Math.min(retryMs * 2, this.#options.maxRetryMs);
      }
    }
  }

  async #attempt(
    entry: LogEntry,
    send: (sequence: number, payload: Uint8Array) => Promise<DeliveryOutcome>,
  ): Promise<DeliveryOutcome> {
    let payload: Uint8Array;
    try {
      payload = await this.#log.read(entry);
    } catch (error) {
      this.#options.onDiskTrouble(messageOf(error));
      return 'retry';
    }
    return send(entry.sequence, payload).catch(() => 'retry');
  }

  /** Until woken, or for so long. */
  async #pause(ms: number | undefined): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#isIdle = ms === undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#isIdle = false;
    this.#wake = undefined;
  }

  #isDrained(): boolean {
    return this.#log.waiting.length === 0 && this.#queued.length === 0 && this.#writing === undefined;
  }

  #tellDrainers(): void {
    if (!this.#closed && !this.#isDrained()) return;
    for (const resolve of this.#drainers.splice(0)) resolve();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
