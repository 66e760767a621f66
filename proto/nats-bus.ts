import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ErrorCode, type Msg, type NatsConnection, type NatsError, type Subscription } from 'nats';
import type {
  Answer,
  Bus,
  BusCounters,
  BusOptions,
  BusStatus,
  BusSubscription,
  MessageHandler,
  PublishOutcome,
  RequestOptions,
  RequestOutcome,
  SubscribeOptions,
} from './bus.js';
import { type BusError, busError, isBusError } from './bus-error.js';
import { type BusReports, createBusReports } from './bus-reports.js';
import { decodeEnvelope, encodeEnvelope, type GarbageReason, MAX_ENVELOPE_BYTES } from './codec.js';
import { createKnownRequests } from './known-requests.js';
import type { BodyDraft, Envelope, MessageDraft, Sender } from './messages.js';
import { keepConnected } from './nats-connection.js';
import { createPendingRequests } from './pending-requests.js';
import { type Inbox, inbox, isInbox, type Subject, type SubjectPattern } from './subjects.js';
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
const DEFAULT_CONCURRENCY = 64;
const DEFAULT_QUEUE_LIMIT = 4_096;

/** One subscription of ours, over every connection that there will be. */
interface Registration {
  readonly number: number;
  readonly subject: string;
  readonly handler: MessageHandler;
  readonly queue: WorkQueue;
  readonly admits: SubscribeOptions['admits'];
  current: Subscription | undefined;
}

class NatsBus implements Bus {
  readonly #sender: Sender;
  readonly #inbox: Inbox;
  readonly #requests = createPendingRequests();
  readonly #known = createKnownRequests();
  readonly #registrations = new Set<Registration>();
  readonly #listeners = new Set<(status: BusStatus) => void>();
  readonly #reports: BusReports;
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  #connection: NatsConnection | undefined;
  #inboxSubscription: Subscription | undefined;
  #connected = false;
  #wasConnected = false;
  #messages = 0;
  #subscribed = 0;

  constructor(options: BusOptions) {
    const { role, id } = options.identity;
    this.#sender = { role, id, incarnation: randomBytes(12).toString('hex') };
    this.#inbox = inbox(role, id, this.#sender.incarnation);
    this.#reports = createBusReports(options.onProblem);
    this.#running = keepConnected({
      servers: options.servers,
      credentialsFile: options.credentialsFile,
      name: options.name,
      onOpen: (connection) => this.#open(connection),
      onConnected: () => this.#onConnected(),
      onDisconnected: () => this.#onDisconnected(),
      onRefused: (subject, operation) => this.#onRefused(subject, operation),
      onTrouble: (reason) => this.#reports.connectionTrouble(reason),
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
    return this.#requests.start({
      subject,
      deadlineMs,
      retry,
      send: (token) => this.#send(subject, bytes, this.#inbox.reply(token)),
    });
  }

  subscribe(
    subject: Subject | SubjectPattern,
    handler: MessageHandler,
    options: SubscribeOptions = {},
  ): BusSubscription {
    const { concurrency = DEFAULT_CONCURRENCY, queueLimit = DEFAULT_QUEUE_LIMIT, admits } = options;
    const queue = createWorkQueue({ concurrency, limit: queueLimit });
    this.#subscribed += 1;
    const registration: Registration = {
      number: this.#subscribed,
      subject,
      handler,
      queue,
      admits,
      current: undefined,
    };
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
    return this.#reports.counters();
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
      this.#reports.close();
    }
    await this.#running;
  }

  #open(connection: NatsConnection): void {
    this.#connection = connection;
    this.#inboxSubscription = undefined;
    for (const registration of this.#registrations) registration.current = undefined;
    this.#resume(connection);
  }

  /** Subscribes to what this connection does not have yet. */
  #resume(connection: NatsConnection): void {
    if (this.#inboxSubscription?.isClosed() !== false) {
      const callback = (error: NatsError | null, message: Msg) => this.#onReply(error, message);
      this.#inboxSubscription = connection.subscribe(this.#inbox.pattern, { callback });
    }
    for (const registration of this.#registrations) {
      if (registration.current?.isClosed() !== false) this.#listen(connection, registration);
    }
  }

  #onRefused(subject: string, operation: string): void {
    this.#requests.onRefused(subject);
    this.#reports.refused(subject, `${operation} is not allowed`);
  }

  #onConnected(): void {
    if (this.#connected || this.#abort.signal.aborted) return;
    this.#connected = true;
    const again = this.#wasConnected;
    this.#wasConnected = true;
    if (again) this.#reports.reconnected();
    if (this.#connection !== undefined) this.#resume(this.#connection);
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

  #listen(connection: NatsConnection, registration: Registration): void {
    // The next connection will find the registration.
    if (connection.isClosed()) return;
    registration.current = connection.subscribe(registration.subject, {
      callback: (error, message) => this.#onMessage(registration, error, message),
    });
  }

  #onReply(error: NatsError | null, message: Msg): void {
    // A refused inbox: told by #onRefused.
    if (error !== null) return;
    const token = message.subject.slice(message.subject.lastIndexOf('.') + 1);
    // ADR-4 of NATS: status 503 and no payload come from the server when a request met no subscriber.
    if (message.data.length === 0 && message.headers?.code === 503) this.#requests.onNoResponder(token);
    else this.#requests.onReply(token, message.data);
  }

  #onMessage(registration: Registration, error: NatsError | null, message: Msg): void {
    // A refused subscription: told by #onRefused.
    if (error !== null) return;
    this.#reports.received();
    if (registration.admits?.(message.subject) === false) {
      this.#reports.overflow(message.subject);
      return;
    }
    const decoded = decodeEnvelope(message.data);
    if (decoded.kind === 'garbage') {
      this.#onGarbage(message, decoded.reason);
      return;
    }
    const { envelope } = decoded;
    const key = requestKey(registration, message, envelope);
    const known = key === undefined ? 'new' : this.#known.meet(key);
    if (known === 'pending') return;
    if (known !== 'new') {
      this.#send(message.reply ?? '', known, undefined);
      return;
    }
    if (registration.queue.push(() => this.#handle(registration, message, envelope))) return;
    if (key !== undefined) this.#known.forget(key);
    this.#reports.overflow(message.subject);
    this.#answer(message, envelope, busError('unavailable', 'too many messages are waiting'));
  }

  #onGarbage(message: Msg, reason: GarbageReason): void {
    this.#reports.garbage(message.subject, reason);
    const isVersion = reason.code === 'unsupported-version' || reason.code === 'unknown-body';
    const code = isVersion ? 'unsupported-version' : reason.code === 'too-large' ? 'too-large' : 'invalid-request';
    this.#answer(message, undefined, busError(code, reason.message));
  }

  async #handle(registration: Registration, message: Msg, envelope: Envelope): Promise<void> {
    try {
      const received = { envelope, subject: message.subject, wantsReply: Boolean(message.reply) };
      const answer = await registration.handler(received);
      this.#answerFirst(registration, message, envelope, answer ?? undefined);
    } catch (error) {
      this.#reports.handlerFailed(message.subject, error);
      this.#answerFirst(registration, message, envelope, busError('internal', messageOf(error)));
    }
  }

  /** Copies of the request that are still to come get the same; where it was not for us, they are asked again. */
  #answerFirst(registration: Registration, message: Msg, request: Envelope, answer: Answer): void {
    const bytes = answer && this.#answer(message, request, answer);
    const key = requestKey(registration, message, request);
    if (key === undefined) return;
    if (bytes === undefined) this.#known.forget(key);
    else this.#known.answered(key, bytes);
  }

  /** What was said, if there was anybody to say it to. */
  #answer(message: Msg, request: Envelope | undefined, answer: NonNullable<Answer>): Uint8Array | undefined {
    // We may say more than whoever asks: only to an inbox.
    if (!wantsReply(message)) return undefined;
    const about = {
      inReplyTo: request?.messageId,
      operationId: request?.operationId,
      deployable: request?.deployable,
    };
    const bytes = this.#encode({ body: bodyOf(answer), ...about }, about);
    const fits = bytes.length <= MAX_ENVELOPE_BYTES;
    const sent = fits ? bytes : this.#encode({ body: bodyOf(tooLarge(bytes.length)), ...about }, about);
    this.#send(message.reply, sent, undefined);
    return sent;
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

/** An empty reply subject is how the client library renders "none". */
function wantsReply(message: Msg): message is Msg & { readonly reply: string } {
  return Boolean(message.reply) && isInbox(message.reply ?? '');
}

/** The same for every copy of a request; undefined for what is none, or does not say which one it is. */
function requestKey({ number }: Registration, message: Msg, { messageId }: Envelope): string | undefined {
  return wantsReply(message) && messageId !== '' ? `${number} ${message.reply} ${messageId}` : undefined;
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
