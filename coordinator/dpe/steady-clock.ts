import { uptime } from 'node:os';

/** Milliseconds of a clock that no one sets. */
export type SteadyClock = () => number;

const suspendThresholdMs = 200;
const checkEveryMs = 250;

/**
 * CLOCK_BOOTTIME (clock_gettime(2)): unlike CLOCK_MONOTONIC it goes on while the machine is suspended, so that a lease
 * does not outlast a machine that stood still. Node has no call for it; libuv's uptime has it to 10 ms, which corrects
 * the high-resolution time whenever the two have come apart.
 */
export function steadyClock(): SteadyClock {
  let offsetMs = uptime() * 1000 - performance.now();
  let checkedAt = performance.now();
  return () => {
    const monotonic = performance.now();
    if (monotonic - checkedAt > checkEveryMs) {
      checkedAt = monotonic;
      const offset = uptime() * 1000 - monotonic;
      if (offset - offsetMs > suspendThresholdMs) offsetMs = offset;
    }
    return monotonic + offsetMs;
  };
}
