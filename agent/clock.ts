import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Moment } from './core/operation.js';

/** The clocks of the machine, in whole milliseconds. */
export interface Clock {
  now(): Moment;
}

const suspendThresholdMs = 200;
const checkEveryMs = 250;

/**
 * `bootMs` is CLOCK_BOOTTIME: it never jumps and goes on while the machine is suspended. Node has no call for it;
 * libuv's uptime has it with a resolution of 10 ms, so it is CLOCK_MONOTONIC (the high-resolution time) plus the time
 * that the machine was suspended.
 */
export function systemClock(): Clock {
  let offsetMs = uptime() * 1000 - monotonicMs();
  let checkedAt = monotonicMs();
  return {
    now: () => {
      const monotonic = monotonicMs();
      if (monotonic - checkedAt > checkEveryMs) {
        checkedAt = monotonic;
        const offset = uptime() * 1000 - monotonic;
        if (Math.abs(offset - offsetMs) > suspendThresholdMs) offsetMs = offset;
      }
      return { unixMs: Date.now(), bootMs: Math.round(monotonic + offsetMs) };
    },
  };
}

/** New at every boot of the kernel (random(4)). */
export function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
