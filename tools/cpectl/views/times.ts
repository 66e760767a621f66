/** A moment as `--json` prints it, under two keys: ISO 8601 (UTC) and Unix milliseconds; both null for "never" (0). */
export function isoTime(unixMs: number): string | null {
  return unixMs > 0 ? new Date(unixMs).toISOString() : null;
}

export function unixTime(unixMs: number): number | null {
  return unixMs > 0 ? unixMs : null;
}

/** A message of the bus for `--json`: every moment in it (`startedUnixMs`) is there twice, as `started` too. */
export function momentsTwice(message: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(message).flatMap(([key, value]: [string, unknown]) => {
      if (!key.endsWith('UnixMs') || typeof value !== 'number') return [[key, inside(value)]];
      return [
        [key.slice(0, -'UnixMs'.length), isoTime(value)],
        [key, unixTime(value)],
      ];
    }),
  );
}

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside);
  return typeof value === 'object' && value !== null ? momentsTwice(value) : value;
}

/** `2026-11-22 12:03:04.123` in the local time zone. */
export function localDateTime(unixMs: number): string {
  const time = new Date(unixMs);
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${date} ${localTime(unixMs)}`;
}

/** `12:03:04.123` in the local time zone. */
export function localTime(unixMs: number): string {
  const time = new Date(unixMs);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** A span as people say it: `850ms`, `3.4s`, `2m05s`, `3h10m`, `2d4h`. Below 0 (clocks differ) it is `0ms`. */
export function renderElapsed(elapsedMs: number): string {
  const ms = Math.max(0, Math.round(elapsedMs));
  if (ms < 1000) return `${ms}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)}d${hours % 24}h`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
