import type { RequestOutcome } from '../../proto/bus.js';
import { type BusError, busError } from '../../proto/bus-error.js';
import type { Envelope } from '../../proto/messages.js';

export type Delivered =
  | { readonly kind: 'reply'; readonly envelope: Envelope }
  /** The receiver will not do it: asking again would not help. */
  | { readonly kind: 'refused'; readonly error: BusError }
  /** Withdrawn, or its time is over. */
  | { readonly kind: 'given-up' };

/** Codes after which the same order may be delivered later, under the same operation id. */
const passing: readonly string[] = ['deadline', 'no-responder', 'disconnected', 'unavailable', 'not-adopted'];

/**
 * Delivers orders until their receiver answers: an order is the same order however often it is sent (its operation id),
 * so silence is answered by sending it again, until it is withdrawn or its time is over.
 */
export class OrderDelivery {
  readonly #active = new Map<string, AbortController>();

  async deliver(
    operationId: string,
    options: { readonly expiresAt: number; readonly retryMs: number },
    attempt: () => Promise<RequestOutcome>,
  ): Promise<Delivered> {
    const abort = new AbortController();
    this.#active.set(operationId, abort);
    try {
      for (;;) {
        const outcome = await attempt();
        if (outcome.kind === 'reply') return outcome;
        if (!passing.includes(outcome.error.code)) return { kind: 'refused', error: outcome.error };
        if (abort.signal.aborted || Date.now() >= options.expiresAt) return { kind: 'given-up' };
        await pause(options.retryMs, abort.signal);
        if (abort.signal.aborted) return { kind: 'given-up' };
      }
    } catch (error) {
      return { kind: 'refused', error: busError('internal', error instanceof Error ? error.message : String(error)) };
    } finally {
      if (this.#active.get(operationId) === abort) this.#active.delete(operationId);
    }
  }

  withdraw(operationId: string): void {
    this.#active.get(operationId)?.abort();
  }

  close(): void {
    for (const abort of this.#active.values()) abort.abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
