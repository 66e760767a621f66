import { nextWakeAt } from './dispatch.js';
import { restoreState } from './durable-state.js';
import { phaseOf } from './monitor-phase.js';
import type { Moment, Operation, OperationOutcome } from './operation.js';
import type { Answer, DelegationOrder, Order } from './order.js';
import type { AgentPolicy, AgentState, Report } from './state.js';
import type { AgentEffect, AgentEvent } from './step.js';
import { step } from './step.js';

export const scenarioPolicy: AgentPolicy = {
  deployable: 'shop',
  instance: 'shop.web.local.1-1',
  boot: 'boot',
  process: 'first',
  maxParallel: 2,
  maxQueued: 3,
  maxResources: 4,
  maxDoneOrders: 3,
  maxHandedOver: 100,
  maxUnspooled: 100,
};

const startUnixMs = 1_700_000_000_000;
/** Monitors with 10 s of the first resource are due at this moment, and then every 10 s. */
const startBootMs = 50_000 + phaseOf(scenarioPolicy.instance, 0, 10_000);

export const good: OperationOutcome = { rc: 0, status: 'done', exitReason: '', output: '' };
export const notRunning: OperationOutcome = { rc: 7, status: 'done', exitReason: 'it is gone', output: '' };
export const failed: OperationOutcome = { rc: 1, status: 'done', exitReason: 'it broke', output: '' };

type RunEffect = Extract<AgentEffect, { kind: 'run' }>;

/** Drives the core in virtual time, for tests: what it does is collected, and runs end when the test says so. */
export class AgentScenario {
  state: AgentState;
  bootMs = startBootMs;
  chance = 1 - Number.EPSILON;
  /** Runs that have not ended, oldest first. */
  running: RunEffect[] = [];
  readonly reports: Report[] = [];
  readonly answers: Answer[] = [];
  /** Why the whole instance was to end. */
  readonly ends: string[] = [];
  #requests = 0;

  constructor(policy: Partial<AgentPolicy> = {}, state?: AgentState) {
    const clock = { bootId: 'boot', at: this.now() };
    this.state = state ?? restoreState(new Map(), { ...scenarioPolicy, ...policy }, { clock, epoch: 1 });
  }

  now(): Moment {
    return { unixMs: startUnixMs + this.bootMs - startBootMs, bootMs: this.bootMs };
  }

  send(event: AgentEvent): void {
    const { state, effects } = step(this.state, event, { at: this.now(), chance: this.chance });
    this.state = state;
    for (const effect of effects) {
      if (effect.kind === 'run') this.running.push(effect);
      else if (effect.kind === 'spool') this.reports.push(effect.report);
      else if (effect.kind === 'end-instance') this.ends.push(effect.reason);
      else this.answers.push(effect.answer);
    }
  }

  /** Lets time pass, waking the core whenever it wants to be woken. */
  pass(ms: number): void {
    const end = this.bootMs + ms;
    for (;;) {
      const wakeAt = nextWakeAt(this.state);
      if (wakeAt === undefined || wakeAt > end) break;
      this.bootMs = wakeAt;
      this.send({ kind: 'tick' });
    }
    this.bootMs = end;
    this.send({ kind: 'tick' });
  }

  order(operationId: string, order: Order, epoch = 1): Answer | undefined {
    this.#requests += 1;
    const received = { operationId, deployable: 'shop', epoch, order };
    this.send({ kind: 'order-received', request: this.#requests, received });
    return this.answers.at(-1);
  }

  execute(operationId: string, resource: string, name: string, intervalMs = 0, startDelayMs = 0): Answer | undefined {
    const operation = operationOf(resource, name, intervalMs);
    const userData = `data of ${operationId}`;
    return this.order(operationId, { kind: 'execute', operation, startDelayMs, expectedRc: 0, userData });
  }

  delegate(resource: string, budget: Partial<DelegationOrder> = {}): void {
    const timeouts = { startTimeoutMs: 1000, stopTimeoutMs: 2000, monitorTimeoutMs: 3000 };
    const plain = { failures: 3, periodMs: 60_000, isExclusive: false, windowUnixMs: [] };
    const delegation = { resource, ...plain, ...timeouts, ...budget };
    this.order('', { kind: 'delegate', delegations: [delegation] });
  }

  /** Ends the oldest run, and says what it was: "web.db start". */
  finish(outcome: OperationOutcome = good): string {
    const run = this.running.shift();
    if (run === undefined) throw new Error('nothing runs');
    const { resource, name, intervalMs } = run.operation;
    this.send({ kind: 'run-finished', resource, run: run.run, outcome });
    return intervalMs > 0 ? `${resource} ${name}/${intervalMs}` : `${resource} ${name}`;
  }

  /** What runs now: "web.db start". */
  active(): string[] {
    return this.running.map(({ operation }) => `${operation.resource} ${operation.name}`);
  }

  /** A resource that was started and is monitored every 10 s, with nothing under way. */
  startMonitored(resource: string): void {
    this.execute(`start ${resource}`, resource, 'start');
    this.finish();
    this.execute(`monitor ${resource}`, resource, 'monitor', 10_000);
    this.finish();
    this.reports.length = 0;
  }

  /** Tells the core that something happened, and lets the monitor that follows from it end like this. */
  fail(resource: string, outcome: OperationOutcome = notRunning): void {
    this.send({ kind: 'resource-changed', resource });
    this.finish(outcome);
  }
}

export function operationOf(resource: string, name: string, intervalMs = 0): Operation {
  const definition = { class: 'ocf', provider: 'heartbeat', type: 'Dummy', parameters: {}, meta: {}, exec: undefined };
  return { resource, name, intervalMs, timeoutMs: 20_000, definition };
}
