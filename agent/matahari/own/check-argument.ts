import { type Done, problem } from '../matahari.js';

/** A problem that names the argument, or undefined when the value is allowed. */
export type Objection = Done<never> | undefined;

/** A whole number from `least` to `most`. */
export function checkWhole(argument: string, value: number, least: number, most: number): Objection {
  if (Number.isInteger(value) && value >= least && value <= most) return undefined;
  return problem('invalid-argument', `${argument} has to be a whole number from ${least} to ${most}`, argument);
}

/** One of a few words. */
export function checkWord(argument: string, value: string, allowed: readonly string[]): Objection {
  if (allowed.includes(value)) return undefined;
  const message = `${argument} ${quoted(value)} is none of ${allowed.join(', ')}`;
  return problem('invalid-argument', message, argument);
}

/** What of a text from outside stands in a message. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}...` : value);
}
