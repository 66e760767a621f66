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

/**
 * How a place is cut off from the bus: what is sent is `lost` and nobody is told; or it is `held` back and arrives when
 * the cut heals (TCP); or the connection is `closed`, which its processes notice.
 */
export type Cut = 'lost' | 'held' | 'closed';

export interface ReceivedRequest {
  readonly subject: string;
  readonly request: Envelope;
}

/** All connections of a simulated bus. Messages are real envelopes; they may be lost, doubled, delayed and overtaken. */
export class SimNetwork {
  faults: NetworkFaults = { ...healthyNetwork };
  /** Hears of every request that is received; what it returns hears of the answer, whether that arrives or not. */
  onRequest: (request: ReceivedRequest) => ((answer: NonNullable<Answer>) => void) | undefined = () => undefined;
  /** Hears of every request that is sent. */
  onSend: (draft: MessageDraft) => void = () => undefined;
  readonly #cuts = new Map<string, Cut>();
  readonly #held: { readonly place: string; readonly deliver: () => void }[] = [];
  readonly #endpoints = new Set<SimEndpoint>();
  readonly time: VirtualTime;
  readonly #chance: Chance;
  #messages = 0;

  constructor(time: VirtualTime, chance: Chance) {
    this.time = time;
    this.#chance = chance;
  }

  /** `place`: what can be cut off together. */
  connect(process: SimProcess, sender: Sender, place: string): SimEndpoint {
    const endpoint = new SimEndpoint({ network: this, process, sender, place });
    this.#endpoints.add(endpoint);
    if (this.#cuts.get(place) === 'closed') endpoint.setConnected(false);
    return endpoint;
  }

  cutOf(place: string): Cut | undefined {
    return this.#cuts.get(place);
  }

  cut(place: string, cut: Cut): void {
    this.#cuts.set(place, cut);
    if (cut === 'closed') for (const endpoint of this.#at(place)) endpoint.setConnected(false);
  }

  heal(place: string): void {
    if (!this.#cuts.delete(place)) return;
    for (const endpoint of this.#at(place)) endpoint.setConnected(true);
    for (const held of this.#held.splice(0)) {
      if (held.place === place) held.deliver();
      else this.#held.push(held);
    }
  }

  healAll(): void {
    for (const place of [...this.#cuts.keys()]) this.heal(place);
  }

  #at(place: string): readonly SimEndpoint[] {
    return [...this.#endpoints].filter((endpoint) => endpoint.place === place);
  }

  nextMessage(): string {
    return `m${++this.#messages}`;
  }

  /** Those that listen, and can be reached; connections of dead processes are forgotten. */
  listeners(subject: string): readonly { readonly endpoint: SimEndpoint; readonly handler: MessageHandler }[] {
    const found: { endpoint: SimEndpoint; handler: MessageHandler }[] = [];
    const tokens = subject.split('.');
    for (const endpoint of this.#endpoints) {
      if (!endpoint.process.isAlive) this.#endpoints.delete(endpoint);
      else for (const handler of endpoint.handlersOf(subject, tokens)) found.push({ endpoint, handler });
    }
    return found;
  }

  /** Takes something from one end to another: perhaps never, perhaps late, perhaps twice. */
  transmit(from: SimEndpoint, to: SimEndpoint, receive: () => void): void {
    if (!from.process.isAlive || !from.isConnected()) return;
    for (const { place } of [from, to]) {
      const cut = this.#cuts.get(place);
      if (cut === 'held') this.#held.push({ place, deliver: () => this.transmit(from, to, receive) });
      if (cut !== undefined) return;
    }
    const { drop, double, delay, delayMs } = this.faults;
    // An operator's words are lost at most: one who repeats them later says something else.
    const isOperator = from.sender.role === 'operator' || to.sender.role === 'operator';
    const copies = !isOperator && this.#chance.happens(double) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#chance.happens(drop)) continue;
      const lateMs = !isOperator && this.#chance.happens(delay) ? this.#chance.between(1, delayMs) : 0;
      const arrive = () => {
        const cut = this.#cuts.get(to.place);
        if (cut === 'held') this.#held.push({ place: to.place, deliver: () => this.time.after(1, arrive, to.process) });
        else if (cut === undefined && to.isConnected()) receive();
      };
      this.time.after(this.#chance.between(1, 3) + lateMs, arrive, to.process);
    }
  }
}

interface Sender {
  readonly role: Role;
  readonly id: string;
  readonly incarnation: string;
}

interface Subscription {
  readonly subject: string;
  /** Tokens of a pattern. */
  readonly wanted: readonly string[] | undefined;
  readonly handler: MessageHandler;
}

/** One connection: the bus as a simulated process sees it. */
export class SimEndpoint implements Bus {
  readonly network: SimNetwork;
  readonly process: SimProcess;
  readonly sender: Sender;
  readonly place: string;
  #isConnected = true;
  readonly #handlers: Subscription[] = [];
  readonly #listeners = new Set<(status: BusStatus) => void>();
  readonly #pending = new Set<(outcome: RequestOutcome) => void>();

  constructor(parts: Pick<SimEndpoint, 'network' | 'process' | 'sender' | 'place'>) {
    this.network = parts.network;
    this.process = parts.process;
    this.sender = parts.sender;
    this.place = parts.place;
  }

  handlersOf(subject: string, tokens: readonly string[]): readonly MessageHandler[] {
    if (!this.#isConnected) return [];
    return this.#handlers.filter((each) => isMeant(each, subject, tokens)).map(({ handler }) => handler);
  }

  /** Loses or finds the server; the process notices. */
  setConnected(isConnected: boolean): void {
    if (isConnected === this.#isConnected) return;
    this.#isConnected = isConnected;
    const notice = () => {
      if (!isConnected) for (const settle of [...this.#pending]) settle(failed('disconnected'));
      const status = isConnected
        ? ({ kind: 'connected', server: 'sim', again: true } as const)
        : ({ kind: 'disconnected' } as const);
      for (const listener of [...this.#listeners]) listener(status);
    };
    this.network.time.after(0, notice, this.process);
  }

  publish(subject: Subject, draft: MessageDraft): PublishOutcome {
    if (!this.#isConnected) return { kind: 'error', error: busError('disconnected', 'the bus is not connected') };
    const listeners = this.network.listeners(subject);
    if (listeners.length === 0) return { kind: 'sent' };
    const envelope = read(this.#encode(draft));
    for (const { endpoint, handler } of listeners) {
      this.network.transmit(this, endpoint, () => void handler({ envelope, subject, wantsReply: false }));
    }
    return { kind: 'sent' };
  }

  request(subject: Subject, draft: MessageDraft, { deadlineMs }: RequestOptions): Promise<RequestOutcome> {
    if (!this.#isConnected) return Promise.resolve(failed('disconnected'));
    this.network.onSend(draft);
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
    const onAnswer = this.network.onRequest({ subject, request });
    const answer = (await handler({ envelope: request, subject, wantsReply: true })) as Answer;
    if (answer === undefined) return;
    onAnswer?.(answer);
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
    const entry = { subject, wanted: subject.includes('*') ? subject.split('.') : undefined, handler };
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

function isMeant({ subject: own, wanted }: Subscription, subject: string, tokens: readonly string[]): boolean {
  if (wanted === undefined) return own === subject;
  return wanted.length === tokens.length && wanted.every((token, at) => token === '*' || token === tokens[at]);
}
