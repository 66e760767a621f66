import { AgentRuntime } from '../../agent/agent-runtime.js';
import { decodeReport } from '../../agent/bus/report-messages.js';
import { type DurableChange, restoreState } from '../../agent/core/durable-state.js';
import { lookUp } from '../../agent/core/id-map.js';
import type { Operation, OperationOutcome } from '../../agent/core/operation.js';
import type { DelegationOrder, Order } from '../../agent/core/order.js';
import type { Report, ResourceState } from '../../agent/core/state.js';
import { reportedAt } from '../../agent/core/unix-time.js';
import type { Journal } from '../../agent/journal.js';
import { ReportSpool } from '../../agent/report-spool.js';
import { Chance } from './chance.js';
import { emptyOutboxDisk, openSimOutbox } from './sim-outbox.js';
import { VirtualTime } from './virtual-time.js';

const startUnixMs = 1_800_000_000_000;
const startBootMs = 777_000.25;
const operationMs = { start: 120, stop: 40, monitor: 8 } as const;

/** One operation that really ran, in the right time. */
export interface Ran {
  readonly what: string;
  readonly at: number;
}

/**
 * The real agent without a bus, in virtual time: its core, runtime and spool over a disk in memory, with resources that
 * run or do not, and two clocks that suspends and NTP move.
 */
export class AgentAlone {
  readonly time = new VirtualTime(startUnixMs);
  readonly ran: Ran[] = [];
  readonly ends: string[] = [];
  /** What runs; a start adds, a stop removes, a crash too. */
  readonly running = new Set<string>();
  /** Ends by itself so long after each start. */
  readonly diesAfterMs = new Map<string, number>();
  readonly #outbox = emptyOutboxDisk();
  readonly #disk = new Map<string, string>();
  readonly #restore: () => void;
  readonly #delegations: DelegationOrder[] = [];
  #process = { name: 'agent', isAlive: true };
  #runtime: AgentRuntime;
  #suspendedMs = 0;
  #errorMs = 0;
  #orders = 0;
  #incarnation = 0;

  constructor() {
    const chance = new Chance(7);
    this.#restore = this.time.install(() => chance.next());
    this.#runtime = this.#launch();
  }

  end(): void {
    this.#restore();
  }

  /** Right, but for what NTP does to `unixMs`; `bootMs` with a fraction, as a clock may have it. */
  now() {
    const elapsedMs = this.time.now - startUnixMs + this.#suspendedMs;
    return { unixMs: startUnixMs + elapsedMs + this.#errorMs, bootMs: startBootMs + elapsedMs };
  }

  pass(ms: number): Promise<void> {
    return this.time.run(this.time.now + ms, () => false);
  }

  /** Both clocks go on, timers and processes do not. */
  suspend(ms: number): void {
    this.#suspendedMs += ms;
  }

  stepClock(ms: number): void {
    this.#errorMs += ms;
  }

  crash(resource: string): void {
    this.running.delete(resource);
    this.#runtime.post({ kind: 'resource-changed', resource });
  }

  restartAgent(): void {
    this.#process.isAlive = false;
    this.#runtime.close();
    this.#process = { name: `agent ${this.#incarnation}`, isAlive: true };
    this.#runtime = this.#launch();
  }

  state(resource: string): ResourceState | undefined {
    return lookUp(this.#runtime.state().resources, resource);
  }

  async order(order: Order, epoch = 1) {
    this.#orders += 1;
    const answer = this.#runtime.order({ operationId: `o${this.#orders}`, deployable: 'shop', epoch, order });
    await this.pass(500);
    return answer;
  }

  /** Started, delegated and monitored every 10 s. */
  async start(resource: string, delegation: Partial<DelegationOrder> = {}): Promise<void> {
    await this.#execute(resource, 'start', 0);
    const timeouts = { startTimeoutMs: 20_000, stopTimeoutMs: 20_000, monitorTimeoutMs: 20_000 };
    const budget = { failures: 3, periodMs: 900_000, isExclusive: false, windowUnixMs: [] };
    this.#delegations.push({ resource, ...timeouts, ...budget, ...delegation });
    await this.order({ kind: 'delegate', delegations: this.#delegations });
    await this.#execute(resource, 'monitor', 10_000);
  }

  async #execute(resource: string, name: string, intervalMs: number): Promise<void> {
    const definition = { class: 'ocf', provider: 'sim', type: 'Sim', parameters: {}, meta: {}, exec: undefined };
    const operation = { resource, name, intervalMs, timeoutMs: 20_000, definition };
    await this.order({ kind: 'execute', operation, startDelayMs: 0, expectedRc: 0, userData: '' });
  }

  /** What waits on disk, in order, as it would be told now; `kind` leaves out others. */
  spooled<K extends Report['kind']>(kind: K): readonly Extract<Report, { kind: K }>[] {
    const told = this.#outbox.entries.map(({ payload }) => {
      const report = decodeReport(payload);
      if (report === undefined) throw new Error('a report that cannot be read');
      return reportedAt(report, this.now(), 'boot');
    });
    return told.filter((report) => report.kind === kind) as never;
  }

  #launch(): AgentRuntime {
    this.#incarnation += 1;
    const process = this.#process;
    const policy = {
      deployable: 'shop',
      instance: 'shop.web.local.1-1',
      boot: 'boot',
      process: `p${this.#incarnation}`,
      maxParallel: 8,
      maxQueued: 8,
      maxResources: 1000,
      maxDoneOrders: 100,
      maxHandedOver: 64,
      maxUnspooled: 256,
    };
    const entries = new Map([...this.#disk].map(([key, text]) => [key, JSON.parse(text) as unknown]));
    const state = restoreState(entries, policy, { clock: { bootId: 'boot', at: this.now() }, epoch: 1 });
    const log = () => undefined;
    const outbox = openSimOutbox(this.#outbox);
    const spool = new ReportSpool(outbox, (number) => runtime.post({ kind: 'reports-spooled', number }), log);
    const runtime: AgentRuntime = new AgentRuntime(state, {
      journal: {
        append: (changes: readonly DurableChange[]) => this.#write(changes),
        flushed: async () => {},
      } as unknown as Journal,
      bootId: 'boot',
      clock: { now: () => this.now() },
      executor: { run: ({ operation }) => this.#run(operation) },
      spool: (report) => spool.add(report),
      endInstance: (reason) => this.ends.push(reason),
      log,
    });
    // As part of the process, so that its timers end with it.
    this.time.after(0, () => runtime.start(), process);
    return runtime;
  }

  #write(changes: readonly DurableChange[]): void {
    for (const { key, value } of changes) {
      if (value === undefined) this.#disk.delete(key);
      else this.#disk.set(key, JSON.stringify(value));
    }
  }

  async #run({ resource, name, timeoutMs }: Operation): Promise<OperationOutcome> {
    this.ran.push({ what: `${resource} ${name}`, at: this.time.now });
    const takesMs = operationMs[name as keyof typeof operationMs] ?? 5;
    let isTimedOut = false;
    const timer = setTimeout(() => {
      isTimedOut = true;
    }, timeoutMs);
    await this.time.pause(takesMs);
    clearTimeout(timer);
    if (isTimedOut) return { rc: 1, status: 'timeout', exitReason: '', output: '' };
    if (name === 'start') this.#begin(resource);
    if (name === 'stop') this.running.delete(resource);
    const rc = name === 'monitor' && !this.running.has(resource) ? 7 : 0;
    return { rc, status: 'done', exitReason: '', output: '' };
  }

  #begin(resource: string): void {
    this.running.add(resource);
    const diesAfterMs = this.diesAfterMs.get(resource);
    if (diesAfterMs !== undefined) this.time.after(diesAfterMs, () => this.crash(resource));
  }
}
