import { type Done, done, type ObjectProperties, problem } from '../matahari.js';
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

/** An integer of any width; undefined for anything else. */
export function asInteger(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Of `as`; what is there twice is there once. */
export function asNames(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? [...new Set(value)] : undefined;
}

/** Of a{sv}, a{sd}, a{si} and the like. */
export function toNumbers(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toNumber(item)]));
}

/** The first output argument; `failed` when it is not what it has to be: an answer of a wrong type is not 0. */
export function firstOf<T>(outcome: BusOutcome, read: (value: unknown) => T | undefined, argument?: string): Done<T> {
  if (outcome.kind === 'refused') return refusalProblem(outcome, argument);
  const value = read(outcome.values[0]);
  return value === undefined ? problem('failed', "Matahari's service has answered with another type") : done(value);
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
