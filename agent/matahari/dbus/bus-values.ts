import { type Done, done, type ObjectProperties } from '../matahari.js';
import { refusalProblem } from './bus-refusal.js';
import type { BusOutcome, RemoteObject } from './remote-object.js';

/** An integer of any width, a boolean or a float; 0 for anything else. */
export function toNumber(value: unknown): number {
  const number = typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : 0;
}

export function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Of `as`; what is no text is left out, and what is there twice is there once. */
export function toNames(value: unknown): readonly string[] {
  return Array.isArray(value) ? [...new Set(value.filter((item): item is string => typeof item === 'string'))] : [];
}

/** Of a{sv}, a{sd}, a{si} and the like. */
export function toNumbers(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toNumber(item)]));
}

/** The first output argument. */
export function firstOf<T>(outcome: BusOutcome, read: (value: unknown) => T, argument?: string): Done<T> {
  return outcome.kind === 'reply' ? done(read(outcome.values[0])) : refusalProblem(outcome, argument);
}

/** A machine-id(5) has 32 digits; in this form it is the same uuid that other backends show. */
export function toUuid(text: string): string {
  const digits = text.trim().toLowerCase().replaceAll('-', '');
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(digits);
  return parts === null ? text : parts.slice(1).join('-');
}

export async function readObjectProperties(remote: RemoteObject): Promise<Done<ObjectProperties>> {
  const all = await remote.properties();
  if (all.kind === 'refused') return refusalProblem(all);
  return done({ uuid: toUuid(toText(all.values.uuid)), hostname: toText(all.values.hostname) });
}
