/**
 * When recurring monitors run. Every resource has a place of its own within any interval, whenever its monitors were
 * ordered: two hundred that were started in the same instant do not fork in the same instant ten seconds later, nor
 * those of the many agents of one machine.
 */
import { hashOf } from './id-map.js';
import type { Moment } from './operation.js';

/** Its multiples are spread more evenly over [0, 1) than those of any other number, however many there are. */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/**
 * The phase (bootMs, modulo the interval) of a resource's monitors.
 *
 * @param instance what the agents of one machine differ in.
 * @param slot the number of the resource in its instance, counted from 0.
 */
export function phaseOf(instance: string, slot: number, intervalMs: number): number {
  const fraction = (hashOf(instance) / 2 ** 32 + slot * goldenRatio) % 1;
  return Math.floor(fraction * intervalMs);
}

/** A monitor keeps its phase however long a run takes; runs that it missed are left out. */
export function nextDue(phase: number, intervalMs: number, at: Moment): number {
  return phase + (Math.floor((at.bootMs - phase) / intervalMs) + 1) * intervalMs;
}

/** After the first run, which is at once: not within a moment, although the phase may be near. */
export function secondDue(phase: number, intervalMs: number, at: Moment): number {
  return nextDue(phase, intervalMs, { ...at, bootMs: at.bootMs + Math.floor(intervalMs / 10) });
}

/**
 * The next run of a monitor that was due at `dueAt`, after a time in which nothing ran (the machine was suspended, the
 * agent stopped): what is late by half an interval or more is left out. Else all monitors would run at once.
 */
export function dueAfterStandstill(
  dueAt: number,
  { phase, intervalMs }: { readonly phase: number; readonly intervalMs: number },
  at: Moment,
): number {
  return at.bootMs - dueAt < intervalMs / 2 ? dueAt : nextDue(phase, intervalMs, at);
}
