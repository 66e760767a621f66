import type { Bus } from '../../proto/bus.js';
import { allEvents } from '../../proto/subjects.js';

/** Wakes whoever waits for events. Nothing relies on it: a wake-up that was lost costs a waiter its patience only. */
export class EventWatch {
  readonly #waiters = new Set<() => void>();

  constructor(bus: Bus) {
    bus.subscribe(allEvents, () => this.wake());
  }

  wake(): void {
    for (const waiter of this.#waiters) waiter();
  }

  /** Resolves at the next event, or after `ms`. */
  next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiters.add(done);
    });
  }
}
