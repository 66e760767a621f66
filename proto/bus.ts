import type { BusError } from './bus-error.js';
import type { BodyDraft, Envelope, MessageDraft, Role } from './messages.js';
import type { Subject, SubjectPattern } from './subjects.js';

/**
 * The bus as everyone sees it: a pipe that may lose, delay and double messages, with typed failures. What must not be
 * lost is kept by the sender (an outbox) until a reply says that it was committed. What goes wrong outside is a value;
 * only a draft whose number does not fit its field throws (RangeError, a mistake of the caller).
 */
export interface Bus {
  /** Fire and forget. Says so when the message certainly went nowhere; `sent` promises no delivery. */
  publish(subject: Subject, draft: MessageDraft): PublishOutcome;

  /** One question, one answer. Settles at the deadline at the latest, at once when the bus is lost. */
  request(subject: Subject, draft: MessageDraft, options: RequestOptions): Promise<RequestOutcome>;

  /** May be called while disconnected; lasts over every reconnect until `unsubscribe`. */
  subscribe(subject: Subject | SubjectPattern, handler: MessageHandler, options?: SubscribeOptions): BusSubscription;

  /** Called at every change from now on; returns its own removal. */
  onStatus(listener: (status: BusStatus) => void): () => void;
  isConnected(): boolean;
  counters(): BusCounters;

  /**
   * True when the server has processed everything published and subscribed so far: from then on a request of anyone
   * meets our subscriptions. False when the connection is missing or lost meanwhile.
   */
  flush(): Promise<boolean>;

  /** Sends what is written, then closes for good. Pending requests end with `closed`. Idempotent. */
  close(): Promise<void>;
}

export interface RequestOptions {
  /** Milliseconds from now; the absolute deadline travels in the envelope. */
  readonly deadlineMs: number;
  /**
   * Ask again, with the same message id, when nobody listens or answers or the connection is lost, until the deadline. Only for
   * requests that two processes may answer one after the other (reads, and orders with an operation id): the same one
   * answers a copy as it did the first. Default false.
   */
  readonly retry?: boolean;
}

export type PublishOutcome = { readonly kind: 'sent' } | { readonly kind: 'error'; readonly error: BusError };

/** `reply` never carries an `error` body: that is the `error` outcome. */
export type RequestOutcome =
  | { readonly kind: 'reply'; readonly envelope: Envelope }
  | { readonly kind: 'error'; readonly error: BusError };

export interface Received {
  readonly envelope: Envelope;
  /** The subject that it came on: see parseSubject. */
  readonly subject: string;
  /** Whether the sender waits for an answer. */
  readonly wantsReply: boolean;
}

/**
 * What a handler answers: a body, a typed error, or nothing. It is sent if the sender waits for an answer, with the
 * operation id and deployable of the request, and also to a copy of it that the network delivers within half a minute,
 * which no handler sees. A handler that throws is answered with `internal` and reported.
 */
export type Answer = BodyDraft | BusError | undefined;
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that only listens returns nothing
export type MessageHandler = (message: Received) => Answer | void | Promise<Answer | void>;

export interface SubscribeOptions {
  /** Handlers at work at a time, started in the order of arrival. 1 keeps messages strictly in order. Default 64. */
  readonly concurrency?: number;
  /** Messages waiting for a free handler; further ones are dropped, and answered with `unavailable`. Default 4096. */
  readonly queueLimit?: number;
  /** Asked for every message before it is looked at; what it does not admit is dropped, counted, and not answered. */
  readonly admits?: (subject: string) => boolean;
}

export interface BusSubscription {
  unsubscribe(): void;
}

export type BusStatus =
  | { readonly kind: 'connected'; readonly server: string; readonly again: boolean }
  | { readonly kind: 'disconnected' };

/** Since the connection was made. */
export interface BusCounters {
  readonly received: number;
  readonly garbage: number;
  readonly overflowed: number;
  readonly handlerFailures: number;
  readonly reconnects: number;
}

/** Something a log should hold. Garbage and overflow are reported at a bounded rate, with the count since the last. */
export type BusProblem =
  | { readonly kind: 'garbage'; readonly subject: string; readonly reason: string; readonly count: number }
  | { readonly kind: 'overflow'; readonly subject: string; readonly count: number }
  | { readonly kind: 'handler-failed'; readonly subject: string; readonly error: unknown }
  | { readonly kind: 'refused'; readonly subject: string; readonly reason: string }
  | { readonly kind: 'connection'; readonly reason: string };

export interface BusOptions {
  /** `nats://127.0.0.1:4222`, ... */
  readonly servers: readonly string[];
  /** NATS .creds file, read again at every reconnect. */
  readonly credentialsFile: string;
  /** Who we are: the sender of every envelope, and our inbox. */
  readonly identity: { readonly role: Role; readonly id: string };
  /** Shown by the server's monitoring. */
  readonly name: string;
  readonly onProblem: (problem: BusProblem) => void;
  /**
   * How long connectBus waits for the first connection. Afterwards it returns a bus that is not connected yet and goes
   * on trying for ever. Default 5000.
   */
  readonly firstConnectMs?: number;
}
