import type { IncomingHttpHeaders } from 'node:http';
import type { HttpOutcome } from './http-exchange.js';

export interface Attempt {
  /** Of the request that has just come back, from 1. */
  readonly number: number;
  /** Doing it twice is doing it once. */
  readonly isRepeatable: boolean;
  readonly outcome: HttpOutcome;
  /** Unix ms. */
  readonly now: number;
  /** How long the caller is willing to wait from now. */
  readonly patienceMs: number;
  /** Drawn by chance from [0, 1). */
  readonly chance: number;
}

export type RetryDecision =
  | { readonly kind: 'retry'; readonly afterMs: number; readonly reason: string }
  | { readonly kind: 'final' };

const ATTEMPTS = 5;
const FIRST_BACK_OFF_MS = 250;
const LONGEST_BACK_OFF_MS = 8_000;
const TRANSIENT: readonly number[] = [500, 502, 503, 504];

/**
 * Whether a request is sent again. What a server has certainly not carried out may always be: it never got there, or it
 * was turned away by a rate limit (429; 413 with Retry-After in older services). What it may have carried out is repeated
 * only where that is harmless: GET, PUT and DELETE (RFC 9110, 9.2.2), not POST.
 */
export function decideRetry(attempt: Attempt): RetryDecision {
  const { number, outcome, now, patienceMs, chance } = attempt;
  const reason = whyAgain(attempt);
  if (reason === undefined || number >= ATTEMPTS) return { kind: 'final' };
  const asked = outcome.kind === 'answer' ? retryAfterMs(outcome.headers, now) : undefined;
  const backOff = Math.min(FIRST_BACK_OFF_MS * 2 ** (number - 1), LONGEST_BACK_OFF_MS);
  // Never sooner than asked for; a little later, so that those who were turned away together do not come back together.
  const afterMs = Math.round(asked === undefined ? backOff * (0.5 + chance / 2) : asked + backOff * chance);
  return afterMs > patienceMs ? { kind: 'final' } : { kind: 'retry', afterMs, reason };
}

function whyAgain({ isRepeatable, outcome }: Attempt): string | undefined {
  if (outcome.kind === 'no-answer') return isRepeatable || !outcome.wasSent ? outcome.reason : undefined;
  const { status, headers } = outcome;
  if (status === 429 || (status === 413 && headers['retry-after'] !== undefined)) return `${status}, too many requests`;
  return isRepeatable && TRANSIENT.includes(status) ? `status ${status}` : undefined;
}

/** Retry-After in either of its forms: seconds, or a date (RFC 9110, 10.2.3). Undefined when it is neither. */
export function retryAfterMs(headers: IncomingHttpHeaders, now: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
