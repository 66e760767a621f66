import type { MemoryDisk } from '../../coordinator/store/memory-store.js';
import type { StoredEvent } from '../../coordinator/store/store.js';
import { afterLastKey, numberKey, numberOf } from '../../coordinator/store/tables.js';

/** Reads what is durable in the event log, at this very moment: what a power failure now would leave. */
export class DurableEvents {
  readonly #disk: MemoryDisk;
  readonly #onEvent: (event: StoredEvent) => void;
  readonly #events: StoredEvent[] = [];
  readonly #byDeployable = new Map<string, StoredEvent[]>();

  /** `onEvent` hears of each event once. */
  constructor(disk: MemoryDisk, onEvent: (event: StoredEvent) => void) {
    this.#disk = disk;
    this.#onEvent = onEvent;
  }

  /** Sequence of the newest; 0 before the first. */
  latest(): number {
    return this.all().at(-1)?.seq ?? 0;
  }

  all(): readonly StoredEvent[] {
    const last = this.#events.at(-1)?.seq ?? 0;
    for (const key of this.#disk.events.keys(numberKey(last + 1), afterLastKey, Number.MAX_SAFE_INTEGER)) {
      const text = this.#disk.events.get(key) ?? '{}';
      const event = { ...(JSON.parse(text) as Omit<StoredEvent, 'seq'>), seq: numberOf(key) };
      this.#events.push(event);
      const others = this.#byDeployable.get(event.deployable) ?? [];
      others.push(event);
      this.#byDeployable.set(event.deployable, others);
      this.#onEvent(event);
    }
    return this.#events;
  }

  of(deployable: string): readonly StoredEvent[] {
    this.all();
    return this.#byDeployable.get(deployable) ?? [];
  }
}
