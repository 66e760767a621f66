/**
 * Unix times in what is told. A clock that is set (NTP, an operator) steps; what happened before the step was written
 * down in the unix time of then, and is told in that of now.
 */
import type { Moment } from './operation.js';
import { resultOf, withResults } from './report-results.js';
import type { LocalRecoveryReport, Report } from './state.js';

/** Less is the noise of reading two clocks one after the other. */
const stepMs = 100;

/** A unix time that was read when `from` was, as the clock shows it that shows `to`. Both of one boot. */
export function inUnixTimeOf(to: Moment, unixMs: number, from: Moment): number {
  const shiftMs = Math.round(to.unixMs - to.bootMs - (from.unixMs - from.bootMs));
  return Math.abs(shiftMs) < stepMs ? unixMs : unixMs + shiftMs;
}

/**
 * A report with its times in the unix time of now. One of an earlier boot stays as it is: nothing ties the two clocks.
 *
 * @param boot that `now` belongs to.
 */
export function reportedAt(report: Report, now: Moment, boot: string): Report {
  const { base } = resultOf(report);
  if (report.boot !== boot || inUnixTimeOf(now, 0, base) === 0) return report;
  const shift = (unixMs: number): number => (unixMs === 0 ? 0 : inUnixTimeOf(now, unixMs, base));
  const shifted = withResults(report, (result) => {
    const { startedUnixMs, endedUnixMs } = result;
    return { ...result, startedUnixMs: shift(startedUnixMs), endedUnixMs: shift(endedUnixMs) };
  });
  switch (shifted.kind) {
    case 'order-result':
    case 'monitor-changed':
      return shifted;
    case 'local-recovery':
      return { ...shifted, ...recoveryTimes(shifted, shift) };
    case 'condensed': {
      const { firstUnixMs, lastUnixMs, newest } = shifted;
      const times = newest.kind === 'local-recovery' ? recoveryTimes(newest, shift) : {};
      return {
        ...shifted,
        firstUnixMs: shift(firstUnixMs),
        lastUnixMs: shift(lastUnixMs),
        newest: { ...newest, ...times },
      };
    }
  }
}

function recoveryTimes(
  { detectedUnixMs, recoveredUnixMs }: LocalRecoveryReport,
  shift: (unixMs: number) => number,
): Pick<LocalRecoveryReport, 'detectedUnixMs' | 'recoveredUnixMs'> {
  return { detectedUnixMs: shift(detectedUnixMs), recoveredUnixMs: shift(recoveredUnixMs) };
}
