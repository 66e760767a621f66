/** Durations and sizes as documents write them: a number and its unit, with nothing between. */

export const durationForm = 'a number with its unit: 500ms, 10s, 5m, 1h, 1d';
export const sizeForm = 'a number with its unit: 512MiB, 2GiB, 1TiB';

const millisecondsPer = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const mebibytesPer = { MiB: 1, GiB: 1024, TiB: 1024 * 1024 } as const;

/** Milliseconds of `500ms`, `10s`, `1.5m`, `1h`, `1d`, or plain `0`; undefined for anything else, part milliseconds too. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^(\d{1,12}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  return wholeNumber(Number(match[1]) * millisecondsPer[match[2] as keyof typeof millisecondsPer]);
}

/** Mebibytes of `512MiB`, `1.5GiB`, `1TiB`; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(MiB|GiB|TiB)$/.exec(text);
  if (match === null) return undefined;
  return wholeNumber(Number(match[1]) * mebibytesPer[match[2] as keyof typeof mebibytesPer]);
}

/** The shortest exact form: `90000` is `90s`, `120000` is `2m`. */
export function renderDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (milliseconds % millisecondsPer[unit] === 0) return `${milliseconds / millisecondsPer[unit]}${unit}`;
  }
  return `${milliseconds}ms`;
}

/** The shortest exact form: `2048` is `2GiB`. */
export function renderSize(mebibytes: number): string {
  for (const unit of ['TiB', 'GiB'] as const) {
    if (mebibytes > 0 && mebibytes % mebibytesPer[unit] === 0) return `${mebibytes / mebibytesPer[unit]}${unit}`;
  }
  return `${mebibytes}MiB`;
}

/** Binary fractions are not exact (1.1 x 1000): within a millionth of a whole number is that number. */
function wholeNumber(value: number): number | undefined {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-6 ? whole : undefined;
}
