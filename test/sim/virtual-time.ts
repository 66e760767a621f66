import { AsyncLocalStorage } from 'node:async_hooks';

/** A process of the simulated world. What it left behind (timers, writes, messages) does nothing once it is dead. */
export interface SimProcess {
  readonly name: string;
  isAlive: boolean;
}

interface Job {
  readonly at: number;
  readonly order: number;
  readonly process: SimProcess | undefined;
  readonly run: () => void;
  isCancelled: boolean;
}

/** What stands in for a NodeJS.Timeout. */
class SimTimer {
  job: Job | undefined;

  unref(): this {
    return this;
  }

  ref(): this {
    return this;
  }
}

const real = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, now: Date.now, random: Math.random };

/**
 * The one clock of a simulation. While it is installed, the clock, timers and chance of this Node process are its own, so
 * that the programs under test run unchanged; they run in the context of the simulated process that began them.
 */
export class VirtualTime {
  now: number;
  readonly #context = new AsyncLocalStorage<SimProcess | undefined>();
  readonly #jobs: Job[] = [];
  readonly #awaited = new Set<Promise<unknown>>();
  #order = 0;

  constructor(startsAt: number) {
    this.now = startsAt;
  }

  install(random: () => number): () => void {
    const later = (run: (...args: unknown[]) => void, delayMs: number | undefined, args: unknown[]) => {
      const timer = new SimTimer();
      timer.job = this.after(delayMs ?? 0, () => run(...args), this.#context.getStore());
      return timer;
    };
    const every = (run: (...args: unknown[]) => void, intervalMs: number | undefined, ...args: unknown[]) => {
      const timer = new SimTimer();
      const process = this.#context.getStore();
      const again = () => {
        timer.job = this.after(Math.max(1, intervalMs ?? 1), again, process);
        run(...args);
      };
      timer.job = this.after(Math.max(1, intervalMs ?? 1), again, process);
      return timer;
    };
    const clear = (timer: unknown) => {
      if (timer instanceof SimTimer) {
        if (timer.job !== undefined) timer.job.isCancelled = true;
      } else real.clearTimeout(timer as NodeJS.Timeout);
    };
    Object.assign(globalThis, {
      setTimeout: (run: () => void, delayMs?: number, ...args: unknown[]) => later(run, delayMs, args),
      setInterval: every,
      clearTimeout: clear,
      clearInterval: clear,
    });
    Date.now = () => this.now;
    Math.random = random;
    return () => {
      const { setTimeout, clearTimeout, setInterval, clearInterval } = real;
      Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
      Date.now = real.now;
      Math.random = real.random;
    };
  }

  /** Runs later, in the context of `process` and only while it lives; without one in that of the world. */
  after(delayMs: number, run: () => void, process?: SimProcess): Job {
    const at = this.now + Math.max(0, Math.round(delayMs));
    const job = { at, order: this.#order++, process, run, isCancelled: false };
    this.#push(job);
    return job;
  }

  /** Runs now in the context of a process. */
  runIn<T>(process: SimProcess | undefined, run: () => T): T {
    return this.#context.run(process, run);
  }

  /** Time stands still until this is settled: the world outside takes part, but does not count. */
  hold(promise: Promise<unknown>): void {
    const held = promise.catch(() => undefined).finally(() => this.#awaited.delete(held));
    this.#awaited.add(held);
  }

  /** Lets time pass up to `end`, or until `isOver`, which is asked after everything that happens. */
  async run(end: number, isOver: () => boolean): Promise<void> {
    await this.#settle();
    for (;;) {
      const job = this.#jobs[0];
      if (job === undefined || job.at > end) break;
      this.#pop();
      if (job.isCancelled || job.process?.isAlive === false) continue;
      this.now = job.at;
      this.#context.run(job.process, job.run);
      await this.#settle();
      if (isOver()) return;
    }
    this.now = Math.max(this.now, end);
  }

  /** Everything that follows at once has happened. */
  async #settle(): Promise<void> {
    await new Promise((resolve) => real.setImmediate(resolve));
    while (this.#awaited.size > 0) {
      await Promise.all(this.#awaited);
      await new Promise((resolve) => real.setImmediate(resolve));
    }
  }

  #push(job: Job): void {
    const heap = this.#jobs;
    let at = heap.push(job) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(job, heap[parent])) break;
      heap[at] = heap[parent] as Job;
      at = parent;
    }
    heap[at] = job;
  }

  #pop(): void {
    const heap = this.#jobs;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Job, heap[child])) child += 1;
      if (!isBefore(heap[child] as Job, last)) break;
      heap[at] = heap[child] as Job;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Job, b: Job | undefined): boolean {
  return b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
}
