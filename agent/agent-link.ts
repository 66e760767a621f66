import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Bus, Answer as BusAnswer, BusSubscription, Received } from '../proto/bus.js';
import { busError } from '../proto/bus-error.js';
import { renderInstanceId } from '../proto/instance-id.js';
import type { DeliveryOutcome, Outbox } from '../proto/outbox.js';
import { agentHeartbeat, agentOrder, agentRegister, agentReport } from '../proto/subjects.js';
import type { AgentRuntime } from './agent-runtime.js';
import { parseOrder } from './bus/order-messages.js';
import { answerMessage, decodeReport, reportMessage } from './bus/report-messages.js';
import type { Clock } from './clock.js';
import { reportedAt } from './core/unix-time.js';
import { usableClasses } from './executors/resource-executors.js';
import type { AgentIdentity } from './identity.js';
import type { Log } from './log.js';
import { findOwnAddress } from './own-address.js';

export interface LinkOptions {
  readonly identity: AgentIdentity;
  readonly bus: Bus;
  readonly runtime: AgentRuntime;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly version: string;
  readonly log: Log;
}

const registerDeadlineMs = 2000;
const reportDeadlineMs = 5000;
const firstRetryMs = 100;
const maxRetryMs = 1000;

/**
 * Ties the agent to its DPE: takes orders, registers after every connect until it is answered, sends heartbeats, and
 * delivers reports until each is acknowledged.
 */
export class AgentLink {
  readonly #options: LinkOptions;
  readonly #instance: string;
  readonly #hostId = readHostId();
  readonly #orders: BusSubscription;
  readonly #stopListening: () => void;
  #heartbeatMs: number;
  #heartbeats = 0;
  #heartbeatTimer: NodeJS.Timeout | undefined;
  #registration: AbortController | undefined;
  /** Ends the delivery under way: whom it was meant for decides no more. */
  #supersede: () => void = () => undefined;
  #isClosed = false;

  constructor(options: LinkOptions) {
    const { bus, identity, outbox } = options;
    this.#options = options;
    this.#instance = renderInstanceId(identity.instance);
    this.#heartbeatMs = identity.heartbeatIntervalMs;
    this.#orders = bus.subscribe(agentOrder(identity.instance), (message) => this.#onOrder(message));
    this.#stopListening = bus.onStatus((status) => {
      this.#registration?.abort();
      if (status.kind === 'connected') void this.#register();
    });
    outbox.deliver((sequence, payload) => this.#deliver(sequence, payload));
    this.#beatEvery(this.#heartbeatMs);
    if (bus.isConnected()) void this.#register();
  }

  close(): void {
    this.#isClosed = true;
    this.#registration?.abort();
    this.#stopListening();
    this.#orders.unsubscribe();
    clearInterval(this.#heartbeatTimer);
  }

  async #onOrder({ envelope }: Received): Promise<BusAnswer> {
    const parsed = parseOrder(envelope);
    if (parsed.kind === 'invalid') {
      this.#options.log('warn', 'an order that cannot be understood', { reason: parsed.message });
      return busError('invalid-request', parsed.message);
    }
    const { epoch } = this.#options.runtime.state();
    const answer = await this.#options.runtime.order(parsed.received);
    if (this.#options.runtime.state().epoch > epoch) this.#supersede();
    if (answer.kind === 'refused') this.#options.log('warn', 'order refused', { ...answer });
    return answerMessage(answer, {
      instance: this.#instance,
      incarnation: this.#incarnation(),
      lastReportSequence: this.#options.outbox.state().nextSequence - 1,
    });
  }

  /** Asks until somebody answers; a connection that is lost meanwhile ends it, and the next one begins it again. */
  async #register(): Promise<void> {
    const abort = new AbortController();
    this.#registration = abort;
    const { bus, identity, outbox, log } = this.#options;
    // The answer leads to orders at once: they must meet our subscription.
    if (!(await bus.flush())) return;
    for (let retryMs = firstRetryMs; !abort.signal.aborted; retryMs = Math.min(maxRetryMs, retryMs * 2)) {
      const message = await this.#registerMessage();
      const outcome = await bus.request(agentRegister(identity.instance), message, {
        deadlineMs: registerDeadlineMs,
      });
      if (outcome.kind === 'reply' && outcome.envelope.body.kind === 'registered') {
        const { heartbeatIntervalMs } = outcome.envelope.body.value;
        if (heartbeatIntervalMs > 0) this.#beatEvery(heartbeatIntervalMs);
        log('info', 'registered', { uptimeMs: Math.round(process.uptime() * 1000) });
        outbox.kick();
        return;
      }
      const reason = outcome.kind === 'error' ? `${outcome.error.code}: ${outcome.error.message}` : 'no registration';
      log('warn', 'not registered yet', { reason });
      await pause(retryMs, abort.signal);
    }
  }

  async #registerMessage() {
    const { identity, outbox, clock, version } = this.#options;
    // Asked each time: where nobody has given it one, it may be another after a while.
    const address = identity.address || (await findOwnAddress(identity.busServers));
    const { unixMs, bootMs } = clock.now();
    const value = {
      instance: this.#instance,
      hostname: this.#hostname(),
      address,
      agentVersion: version,
      classes: [...usableClasses()],
      agentTimeUnixMs: unixMs,
      bootTimeMs: bootMs,
      pid: process.pid,
      oldestUnacknowledged: outbox.state().oldestSequence,
    };
    return { ...this.#about(), body: { kind: 'register', value } } as const;
  }

  #beatEvery(intervalMs: number): void {
    if (this.#isClosed || (this.#heartbeatTimer !== undefined && intervalMs === this.#heartbeatMs)) return;
    clearInterval(this.#heartbeatTimer);
    this.#heartbeatMs = intervalMs;
    this.#heartbeatTimer = setInterval(() => this.#beat(), intervalMs);
  }

  #beat(): void {
    const { identity, bus, clock } = this.#options;
    const { unixMs, bootMs } = clock.now();
    this.#heartbeats += 1;
    const value = {
      sequence: this.#heartbeats,
      timestampUnixMs: unixMs,
      bootTimeMs: bootMs,
      hostname: this.#hostname(),
      uuid: this.#hostId,
    };
    bus.publish(agentHeartbeat(identity.instance), { ...this.#about(), body: { kind: 'heartbeat', value } });
  }

  async #deliver(sequence: number, payload: Uint8Array): Promise<DeliveryOutcome> {
    const { bus, runtime, identity, outbox, clock, log } = this.#options;
    const report = decodeReport(payload);
    if (report === undefined) {
      log('error', 'a report in the outbox cannot be read; it is left out', { sequence });
      return 'acknowledged';
    }
    // An agent that was killed between the outbox and its journal has put the report in twice.
    if (report.number <= runtime.state().counters.deliveredReport) return 'acknowledged';
    const at = clock.now();
    const told = reportedAt(report, at, runtime.state().policy.boot);
    const draft = { ...reportMessage(sequence, told, at), ...this.#about() };
    const superseded = new Promise<'superseded'>((resolve) => {
      this.#supersede = () => {
        resolve('superseded');
        outbox.kick();
      };
    });
    const request = bus.request(agentReport(identity.instance), draft, { deadlineMs: reportDeadlineMs });
    const outcome = await Promise.race([request, superseded]);
    if (outcome === 'superseded') return 'retry';
    if (outcome.kind === 'error') {
      log('warn', 'a report was not taken', { sequence, reason: `${outcome.error.code}: ${outcome.error.message}` });
      return 'retry';
    }
    const { body } = outcome.envelope;
    if (body.kind !== 'reportAck' || body.value.sequence !== sequence) return 'retry';
    runtime.post({ kind: 'reports-delivered', number: report.number });
    return 'acknowledged';
  }

  #about(): { readonly deployable: string; readonly epoch: number } {
    return { deployable: this.#options.identity.deployable, epoch: this.#options.runtime.state().epoch };
  }

  #hostname(): string {
    return this.#options.identity.hostname || hostname();
  }

  #incarnation(): string {
    return String(this.#options.runtime.state().counters.incarnation);
  }
}

/** Matahari's Filesystem uuid: set at installation (machine-id(5)); empty where there is none. */
function readHostId(): string {
  try {
    return readFileSync('/etc/machine-id', 'latin1').trim();
  } catch {
    return '';
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
