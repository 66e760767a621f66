const firstMs = 1_000;
const capMs = 60_000;
/** A process that stayed up so long has earned a fresh start. */
const forgetAfterMs = 5 * capMs;

/** When a process that pm2 gave up may be started again: at once, then after 1 s, 2 s, 4 s ... up to a minute. */
export class RestartBackOff {
  readonly #tries = new Map<string, { readonly count: number; readonly at: number }>();

  /** True when it is time; counts as a start. */
  mayStart(name: string, now: number): boolean {
    const last = this.#tries.get(name);
    const isForgotten = last === undefined || now - last.at > forgetAfterMs;
    const count = isForgotten ? 0 : last.count;
    const delayMs = count === 0 ? 0 : Math.min(capMs, firstMs * 2 ** (count - 1));
    if (!isForgotten && now - last.at < delayMs) return false;
    this.#tries.set(name, { count: count + 1, at: now });
    return true;
  }
}
