import { isRunning, mayBeRunning, type ProcessIdentity } from './process-table.js';

const pollMs = 50;
/** Every so many polls the identity is checked too (a zombie, or a new owner of the pid), and pid files are looked at. */
const thoroughEvery = 10;

/** What is polled for one caller. */
export interface Polled {
  readonly processes: readonly ProcessIdentity[];
  /** Called when one of them has ended; from then on nothing of this caller is polled. */
  readonly onEnd: () => void;
  /** Called half a second apart. */
  readonly onLook?: (() => void) | undefined;
}

/**
 * Sees the end of processes that are not our children, of which the kernel tells nobody else: one timer for all, a
 * microsecond a process. It keeps nothing alive.
 */
export class PidPoll {
  readonly #polled = new Set<Polled>();
  #timer: NodeJS.Timeout | undefined;
  #polls = 0;

  /** Returns what ends it. */
  add(polled: Polled): () => void {
    this.#polled.add(polled);
    this.#timer ??= setInterval(() => this.#poll(), pollMs).unref();
    return () => this.#remove(polled);
  }

  close(): void {
    this.#polled.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #poll(): void {
    this.#polls += 1;
    const isThorough = this.#polls % thoroughEvery === 0;
    for (const polled of [...this.#polled]) {
      const isThere = ({ pid, startTime }: ProcessIdentity): boolean =>
        isThorough ? isRunning({ pid, startTime }) : mayBeRunning(pid);
      if (!polled.processes.every(isThere)) {
        this.#remove(polled);
        polled.onEnd();
      } else if (isThorough) {
        polled.onLook?.();
      }
    }
  }

  #remove(polled: Polled): void {
    this.#polled.delete(polled);
    if (this.#polled.size === 0) this.close();
  }
}
