import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ErrorCode, type Msg, type NatsConnection, type NatsError, type Subscription } from 'nats';
import type {
  Answer,
  Bus,
  BusCounters,
  BusOptions,
  BusProblem,
  BusStatus,
  BusSubscription,
  MessageHandler,
  PublishOutcome,
  RequestOptions,
  RequestOutcome,
  SubscribeOptions,
} from './bus.js';
import { type BusError, busError, isBusError } from './bus-error.js';
import { decodeEnvelope, encodeEnvelope, type GarbageReason, MAX_ENVELOPE_BYTES } from './codec.js';
import type { BodyDraft, Envelope, MessageDraft, Sender } from './messages.js';
import { keepConnected } from './nats-connection.js';
import { createPendingRequests } from './pending-requests.js';
import { type RateLimitedReport, rateLimitedReport } from './rate-limited-report.js';
import { type Inbox, inbox, type Subject, type SubjectPattern } from './subjects.js';
import { createWorkQueue, type WorkQueue } from './work-queue.js';

/**
 * The bus over core NATS. Resolves when connected, at the latest after `firstConnectMs`, and never rejects: what is
 * wrong with the connection is told to `onProblem`, and it is tried again for ever.
 */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const bus = new NatsBus(options);
  await bus.firstConnection(options.firstConnectMs ?? 5_000);
  return bus;
}

const CLOSE_FLUSH_MS = 1_000;
const REPORT_INTERVAL_MS = 10_000;
const DEFAULT_CONCURRENCY = 64;
const DEFAULT_QUEUE_LIMIT = 4_096;

/** One subscription of ours, over every connection that there will be. */
interface Registration {
  readonly subject: string;
  readonly handler: MessageHandler;
  readonly queue: WorkQueue;
  current: Subscription | undefined;
}

class NatsBus implements Bus {
  readonly #options: BusOptions;
  readonly #sender: Sender;
  readonly #inbox: Inbox;
  readonly #requests = createPendingRequests();
  readonly #registrations = new Set<Registration>();
  readonly #listeners = new Set<(status: BusStatus) => void>();
  readonly #garbage: RateLimitedReport<{ subject: string; reason: string }>;
  readonly #overflow: RateLimitedReport<{ subject: string }>;
  readonly #trouble: RateLimitedReport<{ reason: string }>;
  readonly #counters = { received: 0, garbage: 0, overflowed: 0, handlerFailures: 0, reconnects: 0 };
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  #connection: NatsConnection | undefined;
  #connected = false;
  #wasConnected = false;
  #messages = 0;

  constructor(options: BusOptions) {
    const { role, id } = options.identity;
    this.#options = options;
    this.#sender = { role, id, incarnation: randomBytes(12).toString('hex') };
    const identity = createHash('sha256').update(id).digest('hex').slice(0, 24);
    this.#inbox = inbox(role, identity, this.#sender.incarnation);
    const report = (problem: BusProblem) => this.#problem(problem);
    this.#garbage = rateLimitedReport(REPORT_INTERVAL_MS, (latest, count) =>
      report({ kind: 'garbage', ...latest, count }),
    );
    this.#overflow = rateLimitedReport(REPORT_INTERVAL_MS, (latest, count) =>
      report({ kind: 'overflow', ...latest, count }),
    );
    this.#trouble = rateLimitedReport(REPORT_INTERVAL_MS, (latest) => report({ kind: 'connection', ...latest }));
    this.#running = keepConnected({
      servers: options.servers,
      credentialsFile: options.credentialsFile,
      name: options.name,
      onOpen: (connection) => this.#open(connection),
      onConnected: () => this.#onConnected(),
      onDisconnected: () => this.#onDisconnected(),
      onRefused: (subject, operation) => this.#onRefused(subject, operation),
      onTrouble: (reason) => this.#trouble.add({ reason }),
      signal: this.#abort.signal,
    });
  }

  /** Settles with the first connection, the end of the wait, or close. */
  async firstConnection(waitMs: number): Promise<void> {
    if (this.#connected || this.#abort.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, waitMs);
      const forget = this.onStatus(done);
      this.#abort.signal.addEventListener('abort', done, { once: true });
      function done(): void {
        clearTimeout(timer);
        forget();
        resolve();
      }
    });
  }

  publish(subject: Subject, draft: MessageDraft): PublishOutcome {
    const error = this.#send(subject, this.#encode(draft, { deadlineUnixMs: 0 }), undefined);
    return error === undefined ? { kind: 'sent' } : { kind: 'error', error };
  }

  async request(subject: Subject, draft: MessageDraft, options: RequestOptions): Promise<RequestOutcome> {
    const { deadlineMs, retry = false } = options;
    const bytes = this.#encode(draft, { deadlineUnixMs: Date.now() + deadlineMs });
    if (bytes.length > MAX_ENVELOPE_BYTES) return { kind: 'error', error: tooLarge(bytes.length) };
    return this.#requests.start({
      subject,
      deadlineMs,
      retry,
      send: (token) => this.#send(subject, bytes, this.#inbox.reply(token)) === undefined,
    });
  }

  subscribe(
    subject: Subject | SubjectPattern,
    handler: MessageHandler,
    options: SubscribeOptions = {},
  ): BusSubscription {
    const { concurrency = DEFAULT_CONCURRENCY, queueLimit = DEFAULT_QUEUE_LIMIT } = options;
    const queue = createWorkQueue({ concurrency, limit: queueLimit });
    const registration: Registration = { subject, handler, queue, current: undefined };
    this.#registrations.add(registration);
    if (this.#connection !== undefined) this.#listen(this.#connection, registration);
    return {
      unsubscribe: () => {
        if (!this.#registrations.delete(registration)) return;
        queue.clear();
        if (this.#connection?.isClosed() === false) registration.current?.unsubscribe();
      },
    };
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  isConnected(): boolean {
    return this.#connected;
  }

  counters(): BusCounters {
    return { ...this.#counters };
  }

  async flush(): Promise<boolean> {
    const connection = this.#connection;
    if (connection === undefined || !this.#connected) return false;
    return connection.flush().then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    if (!this.#abort.signal.aborted) {
      this.#abort.abort();
      this.#requests.close();
      for (const registration of this.#registrations) registration.queue.clear();
      await Promise.race([this.flush(), delay(CLOSE_FLUSH_MS, undefined, { ref: false })]);
      await this.#connection?.close();
      for (const report of [this.#garbage, this.#overflow, this.#trouble]) report.close();
    }
    await this.#running;
  }

  #open(connection: NatsConnection): void {
    this.#connection = connection;
    connection.subscribe(this.#inbox.pattern, { callback: (error, message) => this.#onReply(error, message) });
    for (const registration of this.#registrations) this.#listen(connection, registration);
  }

  #onRefused(subject: string, operation: string): void {
    this.#requests.onRefused(subject);
    this.#problem({ kind: 'refused', subject, reason: `${operation} is not allowed` });
  }

  #onConnected(): void {
    if (this.#connected || this.#abort.signal.aborted) return;
    this.#connected = true;
    const again = this.#wasConnected;
    this.#wasConnected = true;
    if (again) this.#counters.reconnects += 1;
    this.#requests.onConnected();
    this.#tell({ kind: 'connected', server: this.#connection?.getServer() ?? '', again });
  }

  #onDisconnected(): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#requests.onDisconnected();
    this.#tell({ kind: 'disconnected' });
  }

  #tell(status: BusStatus): void {
    for (const listener of [...this.#listeners]) listener(status);
  }

  /** Not from within the client library's parser: it would swallow what a listener throws, and stop reading. */
  #problem(problem: BusProblem): void {
    queueMicrotask(() => this.#options.onProblem(problem));
  }

  #listen(connection: NatsConnection, registration: Registration): void {
    registration.current = connection.subscribe(registration.subject, {
      callback: (error, message) => this.#onMessage(registration, error, message),
    });
  }

  #onReply(error: NatsError | null, message: Msg): void {
    if (error !== null) {
      this.#problem({ kind: 'refused', subject: this.#inbox.pattern, reason: error.message });
      return;
    }
    const token = message.subject.slice(message.subject.lastIndexOf('.') + 1);
    // ADR-4 of NATS: status 503 and no payload come from the server when a request met no subscriber.
    if (message.data.length === 0 && message.headers?.code === 503) this.#requests.onNoResponder(token);
    else this.#requests.onReply(token, message.data);
  }

  #onMessage(registration: Registration, error: NatsError | null, message: Msg): void {
    // A refused subscription: told by #onServerError as well, and there is no message.
    if (error !== null) return;
    this.#counters.received += 1;
    const decoded = decodeEnvelope(message.data);
    if (decoded.kind === 'garbage') {
      this.#onGarbage(message, decoded.reason);
      return;
    }
    if (registration.queue.push(() => this.#handle(registration, message, decoded.envelope))) return;
    this.#counters.overflowed += 1;
    this.#overflow.add({ subject: message.subject });
    this.#answer(message, decoded.envelope, busError('unavailable', 'too many messages are waiting'));
  }

  #onGarbage(message: Msg, reason: GarbageReason): void {
    this.#counters.garbage += 1;
    this.#garbage.add({ subject: message.subject, reason: `${reason.code}: ${reason.message}` });
    const isVersion = reason.code === 'unsupported-version' || reason.code === 'unknown-body';
    const code = isVersion ? 'unsupported-version' : reason.code === 'too-large' ? 'too-large' : 'invalid-request';
    this.#answer(message, undefined, busError(code, reason.message));
  }

  async #handle(registration: Registration, message: Msg, envelope: Envelope): Promise<void> {
    try {
      const received = { envelope, subject: message.subject, wantsReply: Boolean(message.reply) };
      const answer = await registration.handler(received);
      if (answer !== undefined) this.#answer(message, envelope, answer);
    } catch (error) {
      this.#counters.handlerFailures += 1;
      this.#problem({ kind: 'handler-failed', subject: message.subject, error });
      this.#answer(message, envelope, busError('internal', messageOf(error)));
    }
  }

  #answer(message: Msg, request: Envelope | undefined, answer: NonNullable<Answer>): void {
    // An empty reply subject is how the client library renders "none".
    if (!message.reply) return;
    const about = {
      inReplyTo: request?.messageId,
      operationId: request?.operationId,
      deployable: request?.deployable,
    };
    const bytes = this.#encode({ body: bodyOf(answer), ...about }, about);
    const fits = bytes.length <= MAX_ENVELOPE_BYTES;
    const sent = fits ? bytes : this.#encode({ body: bodyOf(tooLarge(bytes.length)), ...about }, about);
    this.#send(message.reply, sent, undefined);
  }

  #encode(draft: MessageDraft, more: { inReplyTo?: string | undefined; deadlineUnixMs?: number }): Uint8Array {
    this.#messages += 1;
    const messageId = `${this.#sender.incarnation}-${this.#messages}`;
    return encodeEnvelope({ ...draft, ...more, messageId, sender: this.#sender });
  }

  /** Core NATS drops silently what is published while disconnected: we say so instead. */
  #send(subject: string, bytes: Uint8Array, reply: string | undefined): BusError | undefined {
    if (this.#abort.signal.aborted) return busError('closed', 'the connection was closed');
    if (bytes.length > MAX_ENVELOPE_BYTES) return tooLarge(bytes.length);
    if (this.#connection === undefined || !this.#connected) return busError('disconnected', 'the bus is not connected');
    try {
      this.#connection.publish(subject, bytes, reply === undefined ? undefined : { reply });
      return undefined;
    } catch (error) {
      const isSize = (error as Partial<NatsError>).code === ErrorCode.MaxPayloadExceeded;
      return isSize ? tooLarge(bytes.length) : busError('disconnected', messageOf(error));
    }
  }
}

function bodyOf(answer: NonNullable<Answer>): BodyDraft {
  if (!isBusError(answer)) return answer;
  const { code, message, details, problems } = answer;
  return { kind: 'error', value: { code, message, details, problems } };
}

function tooLarge(bytes: number): BusError {
  return busError('too-large', `${bytes} bytes; at most ${MAX_ENVELOPE_BYTES} are sent`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
