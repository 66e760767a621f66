import { defaultAddress, parseBusAddress } from './bus-address.js';
import { type BusLink, openBusLink } from './bus-link.js';
import { busName } from './match-rules.js';
import type { BusMethod, BusReply, BusSignal, BusTarget, MessageBus, SignalMatch } from './message-bus.js';
import { type SignalRoutes, signalRoutes } from './signal-routes.js';
import type { WireMessage } from './wire-message.js';

const defaultTimeoutMs = 25_000;
const helloMs = 10_000;
const maxTimerMs = 2 ** 31 - 1;
const maxPendingCalls = 4096;
/**
 * A bus allows a connection so many unanswered calls (dbus-daemon(1), max_replies_per_connection: 128); further ones wait
 * for their turn here. Those that nobody waits for any more count until they are answered, or the connection is given up.
 */
const maxUnanswered = 96;
const maxAbandoned = 32;
const retry = { firstMs: 50, maxMs: 5000, factor: 2 } as const;
/** A connection that lasted so long was a good one: the next attempt after it comes soon. */
const steadyMs = 10_000;

const bus: BusTarget = { service: busName, path: '/org/freedesktop/DBus', interface: busName };

/**
 * A connection to a D-Bus message bus. It is made at once, and made again whenever it is lost (after 50 ms, later 5 s, at
 * once for a call); matches are put back before anything else then. It holds no process open but for the deadlines of
 * calls under way. Calls wait for an attempt to connect that is under way; without a bus they are answered `disconnected`.
 *
 * @param address of a bus; the system bus when left out (DBUS_SYSTEM_BUS_ADDRESS, or its well-known socket).
 */
export function connectMessageBus(address: string = defaultAddress()): MessageBus {
  return new SystemBus(address);
}

interface PendingCall {
  readonly message: Omit<WireMessage, 'serial'>;
  readonly settle: (reply: BusReply) => void;
  /** Once it was sent. */
  serial?: number;
}

type Phase =
  | { readonly kind: 'connecting'; readonly link: BusLink | undefined }
  | { readonly kind: 'open'; readonly link: BusLink; readonly sinceMs: number }
  | { readonly kind: 'lost'; readonly reason: string; readonly atMs: number; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'closed' };

class SystemBus implements MessageBus {
  readonly #address: string;
  readonly #routes: SignalRoutes;
  readonly #connectionListeners = new Set<(isConnected: boolean) => void>();
  /** Calls that were sent, by serial. */
  readonly #sent = new Map<number, PendingCall>();
  /** Serials of calls that were given up and may still be answered. */
  readonly #abandoned = new Set<number>();
  /** Calls that wait for the connection, or for their turn on it. */
  readonly #waiting = new Set<PendingCall>();
  #phase: Phase = { kind: 'connecting', link: undefined };
  #retryMs: number = retry.firstMs;
  #serial = 0;

  constructor(address: string) {
    this.#address = address;
    this.#routes = signalRoutes({
      changeMatch: (member, rule) => this.#changeMatch(member, rule),
      askOwner: (service, tell) => this.#askOwner(service, tell),
    });
    this.#connect();
  }

  call(target: BusTarget, method: BusMethod, timeoutMs = defaultTimeoutMs): Promise<BusReply> {
    return new Promise((resolve) => {
      const message = callMessage(target, method);
      const timer = setTimeout(
        () => {
          const text = `no reply to ${target.interface}.${method.member} within ${timeoutMs / 1000} s`;
          pending.settle({ kind: 'error', name: 'timeout', message: text });
          if (pending.serial !== undefined) this.#abandon(pending.serial);
        },
        Math.min(timeoutMs, maxTimerMs),
      );
      const pending: PendingCall = {
        message,
        settle: (reply) => {
          clearTimeout(timer);
          this.#waiting.delete(pending);
          if (pending.serial !== undefined) this.#sent.delete(pending.serial);
          resolve(reply);
        },
      };
      this.#begin(pending);
    });
  }

  onSignal(match: SignalMatch, listener: (signal: BusSignal) => void): () => void {
    return this.#routes.add(match, listener);
  }

  onConnection(listener: (isConnected: boolean) => void): () => void {
    const own = (isConnected: boolean): void => listener(isConnected);
    this.#connectionListeners.add(own);
    return () => this.#connectionListeners.delete(own);
  }

  close(): void {
    const phase = this.#phase;
    if (phase.kind === 'closed') return;
    this.#phase = { kind: 'closed' };
    if (phase.kind === 'lost') clearTimeout(phase.timer);
    else phase.link?.close();
    this.#routes.clear();
    this.#connectionListeners.clear();
    this.#answerAll('closed');
  }

  #begin(pending: PendingCall): void {
    const phase = this.#phase;
    if (this.#sent.size + this.#waiting.size >= maxPendingCalls) {
      const message = `${maxPendingCalls} calls are waiting for an answer`;
      pending.settle({ kind: 'error', name: 'org.freedesktop.DBus.Error.LimitsExceeded', message });
      return;
    }
    switch (phase.kind) {
      case 'open':
      case 'connecting':
        this.#waiting.add(pending);
        this.#sendWaiting();
        return;
      case 'lost':
        if (performance.now() - phase.atMs < retry.firstMs) {
          pending.settle(disconnected(phase.reason));
          return;
        }
        this.#waiting.add(pending);
        this.#connectNow();
        return;
      case 'closed':
        pending.settle(disconnected('closed'));
    }
  }

  #sendWaiting(): void {
    for (const pending of this.#waiting) {
      if (this.#phase.kind !== 'open' || this.#sent.size + this.#abandoned.size >= maxUnanswered) return;
      this.#waiting.delete(pending);
      this.#send(this.#phase.link, pending);
    }
  }

  /** A connection on which too much is owed is exchanged for another. */
  #abandon(serial: number): void {
    this.#abandoned.add(serial);
    if (this.#phase.kind !== 'open' || this.#abandoned.size <= maxAbandoned) return;
    this.#phase.link.close();
    this.#connectNow();
  }

  #connectNow(): void {
    if (this.#phase.kind !== 'lost') return;
    clearTimeout(this.#phase.timer);
    this.#connect();
  }

  #send(link: BusLink, pending: PendingCall): void {
    const serial = this.#nextSerial();
    try {
      link.send({ ...pending.message, serial });
      pending.serial = serial;
      this.#sent.set(serial, pending);
    } catch (error) {
      const message = (error as Error).message;
      pending.settle({ kind: 'error', name: 'org.freedesktop.DBus.Error.InvalidArgs', message });
    }
  }

  #connect(): void {
    this.#phase = { kind: 'connecting', link: undefined };
    const endpoints = [...parseBusAddress(this.#address)];
    const attempt = (reason: string): void => {
      const endpoint = endpoints.shift();
      if (endpoint === undefined) {
        this.#lost(reason);
        return;
      }
      const link = openBusLink(endpoint, {
        onOpen: () => this.#sayHello(link),
        onMessage: (message) => this.#receive(message),
        onClosed: (closedBecause) => {
          if (this.#phase.kind === 'connecting') attempt(closedBecause);
          else this.#lost(closedBecause);
        },
      });
      this.#phase = { kind: 'connecting', link };
    };
    attempt(`${JSON.stringify(this.#address)} names no socket`);
  }

  #sayHello(link: BusLink): void {
    const timer = setTimeout(() => link.close(), helloMs);
    timer.unref();
    this.#send(link, {
      message: callMessage(bus, { member: 'Hello' }),
      settle: (reply) => {
        clearTimeout(timer);
        if (reply.kind === 'error') link.close();
        else this.#opened(link);
      },
    });
  }

  #opened(link: BusLink): void {
    this.#phase = { kind: 'open', link, sinceMs: performance.now() };
    this.#routes.connected();
    this.#sendWaiting();
    for (const listener of [...this.#connectionListeners]) listener(true);
  }

  #lost(reason: string): void {
    const { kind } = this.#phase;
    if (kind === 'closed' || kind === 'lost') return;
    const wasOpen = this.#phase.kind === 'open';
    if (this.#phase.kind === 'open' && performance.now() - this.#phase.sinceMs > steadyMs)
      this.#retryMs = retry.firstMs;
    const timer = setTimeout(() => this.#connect(), this.#retryMs);
    timer.unref();
    this.#retryMs = Math.min(this.#retryMs * retry.factor, retry.maxMs);
    this.#phase = { kind: 'lost', reason, atMs: performance.now(), timer };
    this.#routes.disconnected();
    this.#abandoned.clear();
    this.#answerAll(reason);
    if (!wasOpen) return;
    for (const listener of [...this.#connectionListeners]) listener(false);
  }

  #answerAll(reason: string): void {
    const pendings = [...this.#sent.values(), ...this.#waiting];
    this.#sent.clear();
    this.#waiting.clear();
    for (const pending of pendings) pending.settle(disconnected(reason));
  }

  #receive(message: WireMessage): void {
    switch (message.type) {
      case 'return':
      case 'error':
        this.#settle(message);
        return;
      case 'signal':
        this.#routes.dispatch(message);
        return;
      case 'call':
        this.#refuse(message);
    }
  }

  /** What comes after its call's deadline belongs to nobody. */
  #settle(reply: WireMessage): void {
    const serial = reply.replySerial ?? 0;
    const pending = this.#sent.get(serial);
    this.#sent.delete(serial);
    this.#abandoned.delete(serial);
    pending?.settle(replyOf(reply));
    this.#sendWaiting();
  }

  /** This client has no objects; whoever calls one is told so. */
  #refuse(call: WireMessage): void {
    if (!call.expectsReply || this.#phase.kind !== 'open' || call.sender === undefined) return;
    const { sender: destination, serial: replySerial } = call;
    const errorName = 'org.freedesktop.DBus.Error.UnknownObject';
    const serial = this.#nextSerial();
    this.#phase.link.send({
      type: 'error',
      serial,
      expectsReply: false,
      destination,
      replySerial,
      errorName,
      values: [],
    });
  }

  #askOwner(service: string, tell: (owner: string) => void): void {
    if (this.#phase.kind !== 'open') return;
    this.#send(this.#phase.link, {
      message: callMessage(bus, { member: 'GetNameOwner', signature: 's', arguments: [service] }),
      settle: (reply) => {
        const owner = reply.kind === 'reply' ? reply.values[0] : undefined;
        if (typeof owner === 'string') tell(owner);
      },
    });
  }

  #changeMatch(member: 'AddMatch' | 'RemoveMatch', rule: string): void {
    if (this.#phase.kind !== 'open') return;
    const message = callMessage(bus, { member, signature: 's', arguments: [rule] });
    this.#phase.link.send({ ...message, expectsReply: false, serial: this.#nextSerial() });
  }

  #nextSerial(): number {
    this.#serial = this.#serial >= 0xffff_ffff ? 1 : this.#serial + 1;
    return this.#serial;
  }
}

function callMessage(target: BusTarget, method: BusMethod): Omit<WireMessage, 'serial'> {
  return {
    type: 'call',
    expectsReply: true,
    destination: target.service,
    path: target.path,
    interface: target.interface,
    member: method.member,
    signature: method.signature ?? '',
    values: method.arguments ?? [],
  };
}

function replyOf(message: WireMessage): BusReply {
  if (message.type === 'return') return { kind: 'reply', values: message.values };
  const [text] = message.values;
  const name = message.errorName ?? 'org.freedesktop.DBus.Error.Failed';
  return { kind: 'error', name, message: typeof text === 'string' ? text : name };
}

function disconnected(reason: string): BusReply {
  return { kind: 'error', name: 'disconnected', message: `no message bus: ${reason}` };
}
