import type { Clock } from './clock.js';
import { isManaged } from './core/declared-failure.js';
import { maxTickMs, nextWakeAt } from './core/dispatch.js';
import { durableChanges, durableEntries } from './core/durable-state.js';
import type { Answer, ReceivedOrder } from './core/order.js';
import { reportsHandedOver } from './core/report-queue.js';
import type { AgentState, Report } from './core/state.js';
import type { AgentEffect, AgentEvent, Stepped } from './core/step.js';
import { step } from './core/step.js';
import type { ResourceExecutor } from './executors/resource-executor.js';
import type { Journal } from './journal.js';
import type { Log } from './log.js';

export interface RuntimeOptions {
  readonly journal: Journal;
  readonly bootId: string;
  readonly clock: Clock;
  readonly executor: ResourceExecutor;
  /** Takes each report once per life of this process, in order. */
  readonly spool: (report: Report) => void;
  /** Ends the whole instance, and this agent with it. Default: it cannot be done from here. */
  readonly endInstance?: (reason: string) => void;
  readonly log: Log;
}

const maxLeaseSleepMs = 1_000;
const journalRetryMs = 1000;

/**
 * The core with its surroundings: feeds events to `step`, journals what must survive before anything follows from it,
 * performs the effects, and wakes up when time alone makes something due.
 */
export class AgentRuntime {
  readonly #options: RuntimeOptions;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #state: AgentState;
  /** What the journal says; undefined until all of it has been written once. */
  #journalled: AgentState | undefined;
  #requests = 0;
  /** What happened before `start`. */
  #early: AgentEvent[] | undefined = [];
  /** Reports that may not go on before the journal knows that they do: a new agent would condense or double them. */
  #unwritten: Report[] = [];
  /** What follows from the events of this turn. */
  readonly #effects: AgentEffect[] = [];
  /** Whether events of this turn are not journalled yet. */
  #isTurnOpen = false;
  #timer: NodeJS.Timeout | undefined;
  /** Set for as long as the journal takes nothing. */
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(state: AgentState, options: RuntimeOptions) {
    this.#state = state;
    this.#options = options;
  }

  /** To be called once, when the executors know what runs: reports and operations that were under way go on. */
  start(): void {
    for (const report of reportsHandedOver(this.#state)) this.#options.spool(report);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const event of early) this.post(event);
    this.post({ kind: 'tick' });
  }

  state(): AgentState {
    return this.#state;
  }

  /** Resolves when the order's acceptance, and the epoch that it came with, are on disk. */
  async order(received: ReceivedOrder): Promise<Answer> {
    this.#requests += 1;
    const request = this.#requests;
    const answered = new Promise<Answer>((resolve) => this.#answers.set(request, resolve));
    this.post({ kind: 'order-received', request, received });
    const answer = await answered;
    if (answer.kind === 'refused') return answer;
    try {
      await this.#options.journal.flushed();
      return answer;
    } catch (error) {
      return unavailable(error);
    }
  }

  /**
   * An operator declares that a resource has failed, with the OCF exit code that its monitor would have returned: it is
   * recovered, or reported, as if a monitor had found it. False when the agent does not expect it to run.
   */
  declareFailed(resource: string, rc: number): boolean {
    if (!isManaged(this.#state, resource)) return false;
    this.post({ kind: 'declared-failed', resource, rc });
    return true;
  }

  /**
   * Decides at once what the event leads to. It is written, and then done, at the end of this turn of the event loop:
   * for a hundred processes that end at once the journal is written once.
   */
  post(event: AgentEvent): void {
    if (this.#isClosed) return;
    if (this.#early !== undefined) {
      // Nothing may run while the executors are still looking for what runs already.
      this.#early.push(event);
      return;
    }
    if (event.kind === 'order-received') {
      this.#takeOrder(event);
      return;
    }
    const { state, effects } = this.#step(event);
    this.#state = state;
    this.#effects.push(...effects);
    if (this.#isTurnOpen) return;
    this.#isTurnOpen = true;
    setImmediate(() => this.#settle(event.kind));
  }

  #step(event: AgentEvent): Stepped {
    return step(this.#state, event, { at: this.#options.clock.now(), chance: Math.random() });
  }

  /** An order that cannot be kept has not been taken; so what came before it is written first, without it. */
  #takeOrder(event: Extract<AgentEvent, { kind: 'order-received' }>): void {
    this.#settle(event.kind);
    const { state, effects } = this.#step(event);
    const failure = this.#write(state);
    if (failure !== undefined) {
      this.#tellFailure(failure, event.kind);
      this.#answer(event.request, unavailable(failure.error));
      return;
    }
    this.#state = state;
    this.#perform(effects);
  }

  /** Journals what the events of this turn have come to, and does what follows from it. */
  #settle(last: AgentEvent['kind']): void {
    if (!this.#isTurnOpen || this.#isClosed) return;
    this.#isTurnOpen = false;
    const failure = this.#write(this.#state);
    // What has happened has happened.
    if (failure !== undefined) this.#tellFailure(failure, last);
    this.#perform(this.#effects.splice(0), failure === undefined);
  }

  #perform(effects: readonly AgentEffect[], isWritten = true): void {
    for (const effect of effects) this.#performOne(effect);
    if (isWritten) this.#goOn();
    this.#sleep();
  }

  /** The journal knows everything up to now. */
  #goOn(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    for (const report of this.#unwritten.splice(0)) this.#options.spool(report);
  }

  /** What has happened has happened: it is journalled together with the next change, or by then. */
  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.post({ kind: 'tick' }), journalRetryMs).unref();
  }

  close(): void {
    this.#settle('tick');
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
  }

  /** Says why it could not be done; nothing of it is in the journal then. */
  #write(state: AgentState): { readonly error: unknown } | undefined {
    const { journal, bootId, clock } = this.#options;
    const changes =
      this.#journalled === undefined
        ? durableEntries(state, { bootId, at: clock.now() })
        : durableChanges(this.#journalled, state);
    try {
      journal.append(changes);
    } catch (error) {
      return { error };
    }
    this.#journalled = state;
    return undefined;
  }

  #tellFailure({ error }: { readonly error: unknown }, event: AgentEvent['kind']): void {
    if (this.#retry === undefined) {
      this.#options.log('error', 'the journal cannot be written', { reason: String(error), event });
    }
    this.#retryLater();
  }

  #performOne(effect: AgentEffect): void {
    switch (effect.kind) {
      case 'run': {
        const { run, operation, isInterrupted } = effect;
        const { resource } = operation;
        void this.#options.executor
          .run({ id: run, operation, isInterrupted })
          .then((outcome) => this.post({ kind: 'run-finished', resource, run, outcome }));
        return;
      }
      case 'spool':
        this.#unwritten.push(effect.report);
        return;
      case 'answer':
        this.#answer(effect.request, effect.answer);
        return;
      case 'end-instance':
        this.#options.log('error', 'the instance has to end', { reason: effect.reason });
        this.#options.endInstance?.(effect.reason);
        return;
    }
  }

  #answer(request: number, answer: Answer): void {
    this.#answers.get(request)?.(answer);
    this.#answers.delete(request);
  }

  /**
   * Never for long: while the machine is suspended, timers stand still and bootMs does not; a lease may be over then.
   */
  #sleep(): void {
    clearTimeout(this.#timer);
    const wakeAt = nextWakeAt(this.#state);
    if (wakeAt === undefined) return;
    const delayMs = Math.max(0, wakeAt - this.#options.clock.now().bootMs);
    const hasLease = this.#state.lease !== undefined;
    const sleepMs = Math.min(hasLease ? maxLeaseSleepMs : maxTickMs, delayMs);
    this.#timer = setTimeout(() => this.post({ kind: 'tick' }), sleepMs);
  }
}

function unavailable(error: unknown): Answer {
  const message = `the order cannot be kept: ${error instanceof Error ? error.message : String(error)}`;
  return { kind: 'refused', code: 'unavailable', message, details: {} };
}
