/** A process of the simulated world. What it left behind (timers, writes, messages) does nothing once it is dead. */
export interface SimProcess {
  readonly name: string;
  isAlive: boolean;
}

interface Job {
  at: number;
  order: number;
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

const real = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate };
const realNow = { date: Date.now, performance: performance.now.bind(performance), random: Math.random };

/**
 * The one clock of a simulation. While it is installed, the clock, timers and chance of this Node process are its own, so
 * that the programs under test run unchanged. Everything happens in jobs. All that follows from a job at once has
 * happened before the next begins, so that whatever a job's code begins belongs to the job's process: processes reach
 * each other only through jobs of the other one.
 */
export class VirtualTime {
  now: number;
  #current: SimProcess | undefined;
  readonly #jobs: Job[] = [];
  readonly #awaited = new Set<Promise<unknown>>();
  /** What falls due in a frozen process, in order. */
  readonly #frozen = new Map<SimProcess, Job[]>();
  #order = 0;

  constructor(startsAt: number) {
    this.now = startsAt;
  }

  install(random: () => number): () => void {
    const later = (run: (...args: unknown[]) => void, delayMs: number | undefined, args: unknown[]) => {
      const timer = new SimTimer();
      timer.job = this.after(delayMs ?? 0, () => run(...args), this.#current);
      return timer;
    };
    const every = (run: (...args: unknown[]) => void, intervalMs: number | undefined, ...args: unknown[]) => {
      const timer = new SimTimer();
      const process = this.#current;
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
      setImmediate: (run: () => void, ...args: unknown[]) => later(run, 0, args),
      setInterval: every,
      clearTimeout: clear,
      clearInterval: clear,
    });
    Date.now = () => this.now;
    performance.now = () => this.now;
    Math.random = random;
    return () => {
      Object.assign(globalThis, real);
      Date.now = realNow.date;
      performance.now = realNow.performance;
      Math.random = realNow.random;
    };
  }

  /** Runs later, as part of `process` and only while it lives; without one as part of the world. */
  after(delayMs: number, run: () => void, process?: SimProcess): Job {
    const at = this.now + Math.max(0, Math.round(delayMs));
    const job = { at, order: this.#order++, process, run, isCancelled: false };
    this.#push(job);
    return job;
  }

  /** Resolves later, for code of `process`. */
  pause(delayMs: number, process?: SimProcess): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve, process));
  }

  /** The process does nothing for a while (SIGSTOP, a long garbage collection): what falls due happens at its end. */
  freeze(process: SimProcess, forMs: number): void {
    if (this.#frozen.has(process)) return;
    this.#frozen.set(process, []);
    this.after(forMs, () => this.thaw(process));
  }

  thaw(process: SimProcess): void {
    const parked = this.#frozen.get(process) ?? [];
    this.#frozen.delete(process);
    // The same jobs, so that cancelling them goes on working.
    for (const job of parked) this.#push(Object.assign(job, { at: this.now, order: this.#order++ }));
  }

  thawAll(): void {
    for (const process of [...this.#frozen.keys()]) this.thaw(process);
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
      const parked = job.process === undefined ? undefined : this.#frozen.get(job.process);
      if (parked !== undefined) {
        parked.push(job);
        continue;
      }
      this.#current = job.process;
      job.run();
      await this.#settle();
      this.#current = undefined;
      if (isOver()) return;
    }
    this.now = Math.max(this.now, end);
  }

  /** Everything that follows at once has happened, real files included. */
  async #settle(): Promise<void> {
    do {
      await Promise.all(this.#awaited);
      await new Promise((resolve) => real.setImmediate(resolve));
    } while (this.#awaited.size > 0 || process.getActiveResourcesInfo().includes('FSReqPromise'));
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
