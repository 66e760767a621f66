import type { HealthCheck } from '../core/operation.js';
import { type CheckContext, type CheckResult, describeCheck, runCheck } from './health-check.js';

const firstRetryMs = 25;

interface Watched {
  readonly check: HealthCheck;
  hasPassed: boolean;
  isFailing: boolean;
  failuresInARow: number;
  successesInARow: number;
  lastFailure: string;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Runs the health checks of one running resource, each at its own interval. Until a check has passed for the first
 * time it is repeated faster and its failures do not count: the resource is still starting.
 */
export class HealthWatch {
  readonly #watched: readonly Watched[];
  readonly #context: CheckContext;
  readonly #onChange: () => void;
  #hasEnded = false;
  #onPassed: (() => void) | undefined;

  /**
   * @param onChange called when a check crosses its threshold, in either direction.
   * @param isStarted whether the resource was already found healthy once: it is taken over from an earlier agent.
   */
  constructor(
    checks: readonly HealthCheck[],
    context: CheckContext,
    { onChange, isStarted }: { readonly onChange: () => void; readonly isStarted: boolean },
  ) {
    this.#context = context;
    this.#onChange = onChange;
    this.#watched = checks.map((check) => ({
      check,
      hasPassed: isStarted,
      isFailing: false,
      failuresInARow: 0,
      successesInARow: 0,
      lastFailure: '',
      timer: undefined,
    }));
    for (const watched of this.#watched) {
      this.#schedule(watched, isStarted ? watched.check.intervalMs : watched.check.initialDelayMs, firstRetryMs);
    }
  }

  /** Resolves when each check has passed at least once, or when the watch is ended. */
  passedOnce(): Promise<void> {
    if (this.#hasEnded || this.#watched.every(({ hasPassed }) => hasPassed)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onPassed = resolve;
    });
  }

  /** Why the resource is not healthy: the first check over its threshold; undefined when there is none. */
  failure(): string | undefined {
    const failing = this.#watched.find(({ isFailing }) => isFailing);
    if (failing === undefined) return undefined;
    const { check, failuresInARow, lastFailure } = failing;
    const times = failuresInARow === 0 ? 'has failed and is not good again yet' : `failed ${failuresInARow} times`;
    return `health check ${describeCheck(check)} ${times}: ${lastFailure}`;
  }

  /** The checks that have never passed, with their last failures. */
  pending(): string {
    const pending = this.#watched.filter(({ hasPassed }) => !hasPassed);
    return pending
      .map(({ check, lastFailure }) => `health check ${describeCheck(check)}: ${lastFailure || 'not run yet'}`)
      .join('; ');
  }

  end(): void {
    this.#hasEnded = true;
    for (const watched of this.#watched) clearTimeout(watched.timer);
    this.#onPassed?.();
  }

  #schedule(watched: Watched, delayMs: number, retryMs: number): void {
    watched.timer = setTimeout(() => void this.#run(watched, retryMs), delayMs);
    watched.timer.unref();
  }

  async #run(watched: Watched, retryMs: number): Promise<void> {
    const startedAt = performance.now();
    const result = await runCheck(watched.check, this.#context);
    if (this.#hasEnded) return;
    this.#take(watched, result);
    const { intervalMs } = watched.check;
    const wanted = watched.hasPassed ? intervalMs : Math.min(intervalMs, retryMs);
    this.#schedule(watched, Math.max(0, wanted - (performance.now() - startedAt)), retryMs * 1.5);
  }

  #take(watched: Watched, result: CheckResult): void {
    const { failures, successes = 1 } = watched.check;
    const wasFailing = watched.isFailing;
    if (result === undefined) {
      watched.hasPassed = true;
      watched.failuresInARow = 0;
      watched.successesInARow += 1;
      if (watched.successesInARow >= successes) watched.isFailing = false;
      if (this.#watched.every(({ hasPassed }) => hasPassed)) this.#onPassed?.();
    } else {
      watched.successesInARow = 0;
      watched.failuresInARow += 1;
      watched.lastFailure = result;
      if (watched.hasPassed && watched.failuresInARow >= Math.max(1, failures)) watched.isFailing = true;
    }
    if (watched.isFailing !== wasFailing) this.#onChange();
  }
}
