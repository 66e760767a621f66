const UNITS_MS: readonly (readonly [prefix: string, ms: number])[] = [
  ['ms', 1],
  ['us', 0.001],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
];
const ISO_PERIOD = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const ISO_UNITS_MS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000];

/**
 * An interval as cluster options spell it, in ms: `60`, `60s`, `5min`, `500ms`, `2h`, or an ISO 8601 period of at most
 * weeks (`PT1M30S`). Undefined if it is none. Rule: lib/common/utils.c crm_parse_interval_spec(), where a unit is known
 * by its beginning, a bare number is seconds, and the result is cut to whole ms.
 */
export function parseDurationMs(text: string): number | undefined {
  if (text.startsWith('P')) return parseIsoPeriodMs(text);
  const match = /^\s*(\d+)\s*([a-z]*)/i.exec(text);
  if (match === null) return undefined;
  const [, digits = '', unit = ''] = match;
  if (unit === '') return Number(digits) * 1000;
  const known = UNITS_MS.find(([prefix]) => unit.toLowerCase().startsWith(prefix));
  return known === undefined ? undefined : Math.trunc(Number(digits) * known[1]);
}

function parseIsoPeriodMs(text: string): number | undefined {
  const match = ISO_PERIOD.exec(text);
  if (match === null) return undefined;
  const counts = match.slice(1);
  if (counts.every((count) => count === undefined)) return undefined;
  return counts.reduce((sum, count, i) => sum + Number(count ?? 0) * (ISO_UNITS_MS[i] ?? 0), 0);
}
