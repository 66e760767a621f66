/** Reports the first occurrence at once, later ones at most once per interval with their count. */
export interface RateLimitedReport<T> {
  add(latest: T): void;
  /** Reports what is still counted, and stops. */
  close(): void;
}

export function rateLimitedReport<T>(
  intervalMs: number,
  report: (latest: T, count: number) => void,
): RateLimitedReport<T> {
  let held: { latest: T; count: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    if (held === undefined) return;
    const { latest, count } = held;
    held = undefined;
    timer = setTimeout(flush, intervalMs).unref();
    report(latest, count);
  }

  return {
    add(latest) {
      held = { latest, count: (held?.count ?? 0) + 1 };
      if (timer === undefined) flush();
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
      if (held !== undefined) report(held.latest, held.count);
      held = undefined;
    },
  };
}
