import type { RequestOutcome } from './bus.js';
import { type BusError, type BusErrorCode, busError, isBusErrorCode } from './bus-error.js';
import { decodeEnvelope } from './codec.js';
import type { ErrorMessage } from './messages.js';

/** A request under way, as its owner (the bus adapter) describes it. */
export interface RequestPlan {
  readonly subject: string;
  readonly deadlineMs: number;
  readonly retry: boolean;
  /** Sends it once more with the given reply token. */
  readonly send: (token: string) => BusError | undefined;
}

/** Requests that wait for their answers. Every one settles exactly once. */
export interface PendingRequests {
  start(plan: RequestPlan): Promise<RequestOutcome>;
  /** A message on our inbox. Late and doubled answers are ignored. */
  onReply(token: string, bytes: Uint8Array): void;
  /** The server says that nobody listens. */
  onNoResponder(token: string): void;
  onConnected(): void;
  onDisconnected(): void;
  /** The server refused the subject to us. */
  onRefused(subject: string): void;
  /** Ends all that wait; further requests end at once. */
  close(): void;
  size(): number;
}

const MAX_PENDING = 16_384;
/** Between two attempts while nobody listens: long enough for a restarted process to subscribe, and not a flood. */
const NO_RESPONDER_PAUSE_MS = 100;
/** Between two copies of a request that is not answered: whoever should may have begun only now. */
const UNANSWERED_PAUSE_MS = 1_000;

/** What setTimeout can wait; more would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Pending {
  readonly plan: RequestPlan;
  readonly settle: (outcome: RequestOutcome) => void;
  readonly deadline: NodeJS.Timeout;
  pause: NodeJS.Timeout | undefined;
  /** Sent, and not known to have reached nobody. */
  unanswered: number;
  unheard: number;
}

export function createPendingRequests(): PendingRequests {
  const pending = new Map<string, Pending>();
  let counter = 0;
  let closed = false;

  function settle(token: string, outcome: RequestOutcome): void {
    const request = pending.get(token);
    if (request === undefined) return;
    pending.delete(token);
    clearTimeout(request.deadline);
    clearTimeout(request.pause);
    request.settle(outcome);
  }

  function fail(token: string, code: BusErrorCode, message: string): void {
    settle(token, { kind: 'error', error: busError(code, message) });
  }

  function attempt(token: string, request: Pending): void {
    clearTimeout(request.pause);
    const error = request.plan.send(token);
    if (error === undefined) {
      request.unanswered += 1;
      if (request.plan.retry) request.pause = setTimeout(() => attempt(token, request), UNANSWERED_PAUSE_MS);
    } else if (error.code !== 'disconnected' || !request.plan.retry) settle(token, { kind: 'error', error });
  }

  function onDeadline(token: string, request: Pending): void {
    const { subject, deadlineMs } = request.plan;
    if (request.unanswered > 0) fail(token, 'deadline', `no answer on ${subject} within ${deadlineMs} ms`);
    else if (request.unheard > 0) fail(token, 'no-responder', `nobody listened on ${subject} for ${deadlineMs} ms`);
    else fail(token, 'disconnected', `the bus was not connected for ${deadlineMs} ms; nothing was sent`);
  }

  return {
    start(plan) {
      if (closed) return failure('closed', 'the connection was closed');
      if (pending.size >= MAX_PENDING) return failure('unavailable', `${MAX_PENDING} requests are waiting already`);
      counter += 1;
      const token = counter.toString(36);
      return new Promise((resolve) => {
        const deadline = setTimeout(() => onDeadline(token, request), Math.min(plan.deadlineMs, MAX_TIMER_MS));
        const request: Pending = {
          plan,
          settle: resolve,
          deadline,
          pause: undefined,
          unanswered: 0,
          unheard: 0,
        };
        pending.set(token, request);
        attempt(token, request);
      });
    },
    onReply(token, bytes) {
      if (pending.has(token)) settle(token, readReply(bytes));
    },
    onNoResponder(token) {
      const request = pending.get(token);
      if (request === undefined) return;
      if (!request.plan.retry) {
        fail(token, 'no-responder', `nobody listens on ${request.plan.subject}`);
        return;
      }
      request.unanswered -= 1;
      request.unheard += 1;
      clearTimeout(request.pause);
      request.pause = setTimeout(() => attempt(token, request), NO_RESPONDER_PAUSE_MS);
    },
    onConnected() {
      for (const [token, request] of pending) attempt(token, request);
    },
    onDisconnected() {
      for (const [token, request] of pending) {
        if (!request.plan.retry) fail(token, 'disconnected', 'the bus was lost while waiting for the answer');
      }
    },
    onRefused(subject) {
      for (const [token, request] of pending) {
        if (request.plan.subject === subject) fail(token, 'refused', `the credentials do not allow ${subject}`);
      }
    },
    close() {
      closed = true;
      for (const token of [...pending.keys()]) fail(token, 'closed', 'the connection was closed');
    },
    size: () => pending.size,
  };
}

function failure(code: BusErrorCode, message: string): Promise<RequestOutcome> {
  return Promise.resolve({ kind: 'error', error: busError(code, message) });
}

function readReply(bytes: Uint8Array): RequestOutcome {
  const decoded = decodeEnvelope(bytes);
  if (decoded.kind === 'garbage') {
    const { code, message } = decoded.reason;
    return { kind: 'error', error: busError('invalid-reply', message, { details: { reason: code } }) };
  }
  const { envelope } = decoded;
  return envelope.body.kind === 'error'
    ? { kind: 'error', error: fromErrorMessage(envelope.body.value) }
    : { kind: 'reply', envelope };
}

/** A code that a newer sender knows and we do not is `internal` here; the original stays in the details. */
function fromErrorMessage(error: ErrorMessage): BusError {
  const { code, message, details, problems } = error;
  return isBusErrorCode(code)
    ? { code, message, details, problems }
    : { code: 'internal', message, details: { ...details, code }, problems };
}
