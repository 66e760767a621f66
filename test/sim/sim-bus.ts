import type {
  Answer,
  Bus,
  BusCounters,
  BusStatus,
  BusSubscription,
  MessageHandler,
  PublishOutcome,
  RequestOptions,
  RequestOutcome,
} from '../../proto/bus.js';
import { type BusErrorCode, busError, isBusError, isBusErrorCode } from '../../proto/bus-error.js';
import { decodeEnvelope, encodeEnvelope } from '../../proto/codec.js';
import type { BodyDraft, Envelope, MessageDraft, Role } from '../../proto/messages.js';
import type { Subject, SubjectPattern } from '../../proto/subjects.js';
import type { Chance } from './chance.js';
import type { SimProcess, VirtualTime } from './virtual-time.js';

export interface NetworkFaults {
  /** Probabilities of one message. */
  drop: number;
  double: number;
  delay: number;
  /** Longest of the delays that `delay` is the probability of. */
  delayMs: number;
}

export const healthyNetwork: NetworkFaults = { drop: 0, double: 0, delay: 0, delayMs: 0 };

/** All connections of a simulated bus. Messages are real envelopes; they may be lost, doubled, delayed and overtaken. */
export class SimNetwork {
  faults: NetworkFaults = { ...healthyNetwork };
  readonly #endpoints = new Set<SimEndpoint>();
  readonly time: VirtualTime;
  readonly #chance: Chance;
  #messages = 0;

  constructor(time: VirtualTime, chance: Chance) {
    this.time = time;
    this.#chance = chance;
  }

  connect(process: SimProcess, sender: { readonly role: Role; readonly id: string; readonly incarnation: string }) {
    const endpoint = new SimEndpoint(this, process, sender);
    this.#endpoints.add(endpoint);
    return endpoint;
  }

  nextMessage(): string {
    return `m${++this.#messages}`;
  }

  /** Those that listen, and can be reached; connections of dead processes are forgotten. */
  listeners(subject: string): readonly { readonly endpoint: SimEndpoint; readonly handler: MessageHandler }[] {
    const found: { endpoint: SimEndpoint; handler: MessageHandler }[] = [];
    for (const endpoint of this.#endpoints) {
      if (!endpoint.process.isAlive) this.#endpoints.delete(endpoint);
      else for (const handler of endpoint.handlersOf(subject)) found.push({ endpoint, handler });
    }
    return found;
  }

  /** Takes something from one end to another: perhaps never, perhaps late, perhaps twice. */
  transmit(from: SimEndpoint, to: SimEndpoint, receive: () => void): void {
    if (!from.isReachable) return;
    const { drop, double, delay, delayMs } = this.faults;
    const copies = this.#chance.happens(double) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#chance.happens(drop)) continue;
      const lateMs = this.#chance.happens(delay) ? this.#chance.between(1, delayMs) : 0;
      const arrive = () => {
        if (to.isReachable) receive();
      };
      this.time.after(this.#chance.between(1, 3) + lateMs, arrive, to.process);
    }
  }
}

/** One connection: the bus as a simulated process sees it. */
export class SimEndpoint implements Bus {
  /** Silent: messages to and from it vanish, and nobody is told. */
  isSilent = false;
  #isConnected = true;
  readonly #handlers: { readonly subject: string; readonly handler: MessageHandler }[] = [];
  readonly #listeners = new Set<(status: BusStatus) => void>();
  readonly #pending = new Set<(outcome: RequestOutcome) => void>();

  constructor(
    readonly network: SimNetwork,
    readonly process: SimProcess,
    readonly sender: { readonly role: Role; readonly id: string; readonly incarnation: string },
  ) {}

  get isReachable(): boolean {
    return this.process.isAlive && this.#isConnected && !this.isSilent;
  }

  handlersOf(subject: string): readonly MessageHandler[] {
    if (!this.#isConnected) return [];
    return this.#handlers.filter((each) => matches(each.subject, subject)).map(({ handler }) => handler);
  }

  /** Loses or finds the server; the process notices. */
  setConnected(isConnected: boolean): void {
    if (!this.process.isAlive || isConnected === this.#isConnected) return;
    this.#isConnected = isConnected;
    this.network.time.runIn(this.process, () => {
      if (!isConnected) for (const settle of [...this.#pending]) settle(failed('disconnected'));
      const status = isConnected
        ? ({ kind: 'connected', server: 'sim', again: true } as const)
        : ({ kind: 'disconnected' } as const);
      for (const listener of [...this.#listeners]) listener(status);
    });
  }

  publish(subject: Subject, draft: MessageDraft): PublishOutcome {
    if (!this.#isConnected) return { kind: 'error', error: busError('disconnected', 'the bus is not connected') };
    const bytes = this.#encode(draft);
    for (const { endpoint, handler } of this.network.listeners(subject)) {
      this.network.transmit(this, endpoint, () => void handler({ envelope: read(bytes), subject, wantsReply: false }));
    }
    return { kind: 'sent' };
  }

  request(subject: Subject, draft: MessageDraft, { deadlineMs }: RequestOptions): Promise<RequestOutcome> {
    if (!this.#isConnected) return Promise.resolve(failed('disconnected'));
    const bytes = this.#encode(draft);
    const listeners = this.network.listeners(subject);
    return new Promise((resolve) => {
      const settle = (outcome: RequestOutcome) => {
        this.#pending.delete(settle);
        resolve(outcome);
      };
      this.#pending.add(settle);
      const { time } = this.network;
      if (listeners.length === 0) time.after(2, () => settle(failed('no-responder')), this.process);
      time.after(deadlineMs, () => settle(failed('deadline')), this.process);
      for (const { endpoint, handler } of listeners) {
        this.network.transmit(this, endpoint, () => void endpoint.#answer(this, handler, { bytes, subject }, settle));
      }
    });
  }

  async #answer(
    asker: SimEndpoint,
    handler: MessageHandler,
    { bytes, subject }: { readonly bytes: Uint8Array; readonly subject: string },
    settle: (outcome: RequestOutcome) => void,
  ): Promise<void> {
    const request = read(bytes);
    const answer = (await handler({ envelope: request, subject, wantsReply: true })) as Answer;
    if (answer === undefined) return;
    const { operationId, deployable } = request;
    const reply = this.#encode({ body: bodyOf(answer), operationId, deployable });
    this.network.transmit(this, asker, () => {
      const envelope = read(reply);
      if (envelope.body.kind !== 'error') settle({ kind: 'reply', envelope });
      else {
        const { code, message } = envelope.body.value;
        settle({ kind: 'error', error: busError(isBusErrorCode(code) ? code : 'internal', message) });
      }
    });
  }

  subscribe(subject: Subject | SubjectPattern, handler: MessageHandler): BusSubscription {
    const entry = { subject, handler };
    this.#handlers.push(entry);
    return {
      unsubscribe: () => {
        const at = this.#handlers.indexOf(entry);
        if (at >= 0) this.#handlers.splice(at, 1);
      },
    };
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  isConnected(): boolean {
    return this.#isConnected;
  }

  counters(): BusCounters {
    return { received: 0, garbage: 0, overflowed: 0, handlerFailures: 0, reconnects: 0 };
  }

  async flush(): Promise<boolean> {
    return this.#isConnected;
  }

  async close(): Promise<void> {
    this.#isConnected = false;
  }

  #encode(draft: MessageDraft): Uint8Array {
    return encodeEnvelope({ ...draft, messageId: this.network.nextMessage(), sender: this.sender });
  }
}

function read(bytes: Uint8Array): Envelope {
  const decoded = decodeEnvelope(bytes);
  if (decoded.kind === 'garbage') throw new Error(decoded.reason.message);
  return decoded.envelope;
}

function bodyOf(answer: NonNullable<Answer>): BodyDraft {
  if (!isBusError(answer)) return answer;
  const { code, message, details, problems } = answer;
  return { kind: 'error', value: { code, message, details, problems } };
}

function failed(code: BusErrorCode): RequestOutcome {
  return { kind: 'error', error: busError(code, 'simulated') };
}

function matches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const tokens = subject.split('.');
  return wanted.length === tokens.length && wanted.every((token, at) => token === '*' || token === tokens[at]);
}
