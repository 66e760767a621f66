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
  /** Of waiting entries; the file may grow to twice of it. Default 16 MiB. */
  readonly maxBytes?: number;
  /** After a failed delivery, doubled each time. Default 100. */
  readonly firstRetryMs?: number;
  /** Default 10000. */
  readonly maxRetryMs?: number;
  /** Told when the disk refuses a note that costs only a second delivery. */
  readonly onDiskTrouble?: (reason: string) => void;
}

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/** Rejects when the directory cannot be made or its file not be read. */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  return new DiskOutbox(await openOutboxLog(options.directory), options);
}

interface QueuedAppend {
  readonly payload: Uint8Array;
  readonly settle: (outcome: AppendOutcome) => void;
}

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

  append(payload: Uint8Array): Promise<AppendOutcome> {
    if (this.#closed) return Promise.resolve({ kind: 'failed', reason: 'the outbox is closed' });
    const size = RECORD_OVERHEAD_BYTES + payload.length;
    if (this.#waitingBytes + size > this.#options.maxBytes) {
      this.#dropped += 1;
      this.#log.countDropped(this.#dropped).catch((error) => this.#options.onDiskTrouble(messageOf(error)));
      return Promise.resolve({ kind: 'full', dropped: this.#dropped });
    }
    this.#waitingBytes += size;
    return new Promise((settle) => {
      this.#queued.push({ payload, settle });
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
        const first = await this.#log.append(batch.map((queued) => queued.payload));
        for (const [index, queued] of batch.entries()) queued.settle({ kind: 'stored', sequence: first + index });
        if (this.#isIdle) this.#wake?.();
      } catch (error) {
        for (const { payload, settle } of batch) {
          this.#waitingBytes -= RECORD_OVERHEAD_BYTES + payload.length;
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
