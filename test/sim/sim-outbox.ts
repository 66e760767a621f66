import type { AppendOutcome, BatchOutcome, DeliveryOutcome, Outbox, OutboxState } from '../../proto/outbox.js';

/** What of an outbox is on the simulated disk: survives its process. */
export interface OutboxDisk {
  readonly entries: { readonly sequence: number; readonly payload: Uint8Array }[];
  nextSequence: number;
}

export function emptyOutboxDisk(): OutboxDisk {
  return { entries: [], nextSequence: 1 };
}

const firstRetryMs = 100;
const maxRetryMs = 5_000;
/** From an append to its being on disk, and from there to its being known. A process may die before either. */
const writeMs = 2;
const toldMs = 1;

/** The outbox of proto/outbox.ts on a simulated disk, with room for so many entries. */
export function openSimOutbox(disk: OutboxDisk, capacity = Number.POSITIVE_INFINITY): Outbox {
  let send: ((sequence: number, payload: Uint8Array) => Promise<DeliveryOutcome>) | undefined;
  let isSending = false;
  let wake: (() => void) | undefined;
  return {
    async append(payload): Promise<AppendOutcome> {
      return { kind: 'stored', sequence: await store([payload]) };
    },
    async appendAll(payloads): Promise<BatchOutcome> {
      const fitting = payloads.slice(0, Math.max(0, capacity - disk.entries.length));
      if (fitting.length > 0) await store(fitting);
      return { kind: 'stored', count: fitting.length };
    },
    deliver(sender) {
      send = sender;
      void pump();
    },
    kick: () => wake?.(),
    drained: async () => undefined,
    state: (): OutboxState => ({
      waiting: disk.entries.length,
      waitingBytes: 0,
      oldestSequence: disk.entries[0]?.sequence ?? 0,
      nextSequence: disk.nextSequence,
      dropped: 0,
      tornBytes: 0,
    }),
    close: async () => undefined,
  };

  async function store(payloads: readonly Uint8Array[]): Promise<number> {
    await pause(writeMs);
    const first = disk.nextSequence;
    for (const payload of payloads) disk.entries.push({ sequence: disk.nextSequence++, payload });
    await pause(toldMs);
    void pump();
    return first;
  }

  async function pump(): Promise<void> {
    if (isSending || send === undefined) return;
    isSending = true;
    let retryMs = firstRetryMs;
    for (;;) {
      const oldest = disk.entries[0];
      if (oldest === undefined) break;
      if ((await send(oldest.sequence, oldest.payload)) === 'acknowledged') {
        await pause(writeMs);
        disk.entries.shift();
        retryMs = firstRetryMs;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, retryMs);
      });
      retryMs = Math.min(maxRetryMs, retryMs * 2);
    }
    isSending = false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
