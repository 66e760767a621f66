import type { MemoryDisk } from '../../coordinator/store/memory-store.js';
import type { StoredEvent } from '../../coordinator/store/store.js';
import { afterLastKey, numberKey, numberOf } from '../../coordinator/store/tables.js';

/** Reads what is durable in the event log, at this very moment: what a power failure now would leave. */
export class EventTail {
  readonly #disk: MemoryDisk;
  readonly #events: StoredEvent[] = [];
  readonly #onEvent: (event: StoredEvent) => void;
  #last = 0;

  constructor(disk: MemoryDisk, onEvent: (event: StoredEvent) => void) {
    this.#disk = disk;
    this.#onEvent = onEvent;
  }

  /** Every event so far. */
  read(): readonly StoredEvent[] {
    for (const key of this.#disk.events.keys(numberKey(this.#last + 1), afterLastKey, Number.MAX_SAFE_INTEGER)) {
      this.#last = numberOf(key);
      const text = this.#disk.events.get(key) ?? '{}';
      const event = { ...(JSON.parse(text) as Omit<StoredEvent, 'seq'>), seq: this.#last };
      this.#events.push(event);
      this.#onEvent(event);
    }
    return this.#events;
  }
}
