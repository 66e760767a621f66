/** Reports the first occurrence at once, later ones of the same key at most once per interval with their count. */
export interface RateLimitedReport<T> {
  add(latest: T): void;
  /** Reports what is still counted, and stops. */
  close(): void;
}

/** Keys come from outside: beyond so many within an interval they share one. */
const MAX_KEYS = 16;
const SHARED_KEY = 'shared';

interface Held<T> {
  latest: T;
  count: number;
  readonly timer: NodeJS.Timeout;
}

export function rateLimitedReport<T>(
  intervalMs: number,
  keyOf: (latest: T) => string,
  report: (latest: T, count: number) => void,
): RateLimitedReport<T> {
  /** One per key that was reported within the last interval; `count` is what came since. */
  const held = new Map<string, Held<T>>();

  function open(key: string, latest: T): void {
    const timer = setTimeout(() => {
      const { latest: last, count } = held.get(key) ?? { latest, count: 0 };
      held.delete(key);
      if (count === 0) return;
      open(key, last);
      report(last, count);
    }, intervalMs).unref();
    held.set(key, { latest, count: 0, timer });
  }

  return {
    add(latest) {
      const own = keyOf(latest);
      const key = held.has(own) || held.size < MAX_KEYS ? own : SHARED_KEY;
      const known = held.get(key);
      if (known === undefined) {
        open(key, latest);
        report(latest, 1);
      } else {
        known.latest = latest;
        known.count += 1;
      }
    },
    close() {
      for (const { latest, count, timer } of held.values()) {
        clearTimeout(timer);
        if (count > 0) report(latest, count);
      }
      held.clear();
    },
  };
}
