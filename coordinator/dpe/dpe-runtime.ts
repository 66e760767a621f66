/**
 * One deployable's DPE at work: takes events one after the other through the pure core, commits what changed, and only
 * then performs the effects. Nothing leaves this process before what led to it is durable.
 */
import type { Bus } from '../../proto/bus.js';
import type { BodyDraft } from '../../proto/messages.js';
import { events as eventsSubject } from '../../proto/subjects.js';
import type { Scheduler } from '../scheduler/scheduler.js';
import type { LeaseFence, Store, StoredEvent } from '../store/store.js';
import type { DpeEffect, DpeEventDraft } from './core/dpe-effect.js';
import type { DpeEvent } from './core/dpe-event.js';
import type { DpeOptions, DpeState, DurableState, VolatileState } from './core/dpe-state.js';
import { nothingSilent } from './core/hearing.js';
import type { OperatorVerb, VerbReply } from './core/operator-verb.js';
import { step } from './core/step.js';
import type { DecisionArchive } from './decision-archive.js';
import { EffectPerformer } from './effect-performer.js';
import { endedInstances } from './ended-instances.js';
import { commit, type PersistedState } from './persisted-state.js';
import type { EventDraft, Logger } from './runtime-ports.js';

const tickMs = 200;
const commitRetryMs = 1_000;

export interface DpeRuntimeOptions {
  readonly bus: Bus;
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly archive: DecisionArchive;
  readonly log: Logger;
  readonly fence: LeaseFence;
  readonly persisted: PersistedState;
  readonly dialect: VolatileState['dialect'];
  readonly options: DpeOptions;
  /** Makes the credentials of an instance's agent. */
  readonly mintForAgent: (instance: string) => string;
  /** These are proven dead: their agents' credentials are void. Again at every start of a DPE. */
  readonly onEnded: (ended: ReturnType<typeof endedInstances>) => void;
  /** Another decider has the lease: this one must not do anything any more. Called once. */
  readonly onLost: (reason: string) => void;
  /** The lease on the deployable has been renewed within its term. */
  readonly isLeaseHeld: () => boolean;
}

export class DpeRuntime {
  readonly #deps: DpeRuntimeOptions;
  readonly #performer: EffectPerformer;
  readonly #queue: DpeEvent[] = [];
  readonly #waiting = new Map<number, (body: BodyDraft) => void>();
  readonly #asking = new Map<number, (reply: VerbReply) => void>();
  #state: DpeState;
  #committed: PersistedState;
  #tokens = 0;
  #isPumping = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: DpeRuntimeOptions) {
    this.#deps = deps;
    this.#committed = deps.persisted;
    this.#state = { durable: deps.persisted.state, volatile: freshVolatile(deps, Date.now()) };
    this.#performer = new EffectPerformer({
      ...deps,
      deployable: deps.persisted.state.name,
      epoch: deps.fence.epoch,
      post: (event) => this.post(event),
      acknowledge: (token, sequence) => this.#acknowledge(token, sequence),
      reply: (token, reply) => this.#reply(token, reply),
    });
  }

  get state(): DpeState {
    return this.#state;
  }

  /** Begins: asks the known launcher hosts what runs, and lets time pass. */
  start(): void {
    const hosts = new Set([...Object.keys(this.#state.durable.hosts), ...this.#deps.options.expectedHosts]);
    for (const host of hosts) this.#performer.perform({ kind: 'adopt-launcher', host });
    this.#tellEnded(undefined, this.#committed.state);
    this.#timer = setInterval(() => this.post({ kind: 'tick' }), tickMs);
  }

  post(draft: EventDraft): void {
    if (this.#isStopped) return;
    const timed = { ...draft, now: Date.now(), chance: Math.random() };
    this.#queue.push(timed as DpeEvent);
    void this.#pump();
  }

  /** Posts an event with a token, and resolves with the reply once the event is committed. */
  postForReply(draft: (token: number) => EventDraft): Promise<BodyDraft> {
    const token = ++this.#tokens;
    return new Promise((resolve) => {
      this.#waiting.set(token, resolve);
      this.post(draft(token));
    });
  }

  /** Posts an operator's verb, and resolves with what became of it once that is committed. */
  perform(verb: OperatorVerb, by: string): Promise<VerbReply> {
    if (this.#isStopped) return Promise.resolve(noLongerHere);
    const token = ++this.#tokens;
    return new Promise((resolve) => {
      this.#asking.set(token, resolve);
      this.post({ kind: 'operator-verb', verb, by, token });
    });
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#performer.close();
    // It may have been committed all the same: asked again it changes nothing.
    for (const resolve of this.#asking.values()) resolve(noLongerHere);
    this.#asking.clear();
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#queue.length > 0 && !this.#isStopped) {
        const effects: DpeEffect[] = [];
        const events: DpeEventDraft[] = [];
        for (const event of this.#queue.splice(0, 256)) {
          const result = step(this.#state, event);
          this.#state = result.state;
          effects.push(...result.effects);
          events.push(...result.events);
        }
        const stored = await this.#commit(events);
        if (stored === undefined) return;
        if (stored.length > 0) this.#publish(stored);
        for (const effect of effects) this.#performer.perform(effect);
      }
    } catch (error) {
      // A broken invariant: better a new process from the committed state than one that goes on wrongly.
      this.#deps.log.error({ err: error }, 'the engine failed; starting over from the store');
      this.stop();
      this.#deps.onLost('internal error');
    } finally {
      this.#isPumping = false;
    }
  }

  /** Resolves once the present state and the events are durable; undefined when they never will be. */
  async #commit(events: readonly DpeEventDraft[]): Promise<readonly StoredEvent[] | undefined> {
    const { store, fence, log } = this.#deps;
    const state = this.#state.durable;
    for (let attempt = 0; ; attempt++) {
      const outcome = await commit(store, fence, this.#committed, state, events);
      if (outcome.kind === 'committed') {
        const before = this.#committed.state;
        this.#committed = { state, sequence: outcome.sequence };
        this.#tellEnded(before, state);
        if (attempt > 0) log.info({ attempt }, 'the store takes writes again');
        return outcome.events;
      }
      if (outcome.kind === 'lost' || this.#isStopped) {
        this.stop();
        this.#deps.onLost(outcome.reason);
        return undefined;
      }
      if (attempt === 0)
        log.error({ reason: outcome.reason }, 'the store refuses writes; nothing new is begun until it takes them');
      await new Promise((resolve) => setTimeout(resolve, commitRetryMs));
    }
  }

  #tellEnded(before: DurableState | undefined, after: DurableState): void {
    const ended = endedInstances(before, after);
    if (ended.length > 0) this.#deps.onEnded(ended);
  }

  #publish(stored: readonly StoredEvent[]): void {
    const events = stored.map((event) => ({
      ...event,
      timeUnixMs: Math.round(event.time),
      evidenceJson: event.evidence === undefined ? '' : JSON.stringify(event.evidence),
    }));
    const value = {
      lastSeq: stored[stored.length - 1]?.seq ?? 0,
      events: events.map(
        ({ seq, timeUnixMs, deployable, assembly, resource, instance, kind, reason, evidenceJson }) => ({
          seq,
          timeUnixMs,
          deployable,
          assembly,
          resource,
          instance,
          kind,
          reason,
          evidenceJson,
        }),
      ),
    };
    const { name } = this.#state.durable;
    this.#deps.bus.publish(eventsSubject(name), { body: { kind: 'eventsCommitted', value }, deployable: name });
  }

  #acknowledge(token: number, sequence: number): void {
    this.#waiting.get(token)?.({ kind: 'reportAck', value: { sequence } });
    this.#waiting.delete(token);
  }

  #reply(token: number, reply: VerbReply): void {
    this.#asking.get(token)?.(reply);
    this.#asking.delete(token);
  }
}

const noLongerHere: VerbReply = {
  kind: 'refused',
  code: 'unavailable',
  message: 'this process no longer decides for the deployable; ask again',
};

function freshVolatile(deps: DpeRuntimeOptions, now: number): VolatileState {
  return {
    epoch: deps.fence.epoch,
    incarnation: deps.fence.holder,
    options: deps.options,
    dialect: deps.dialect,
    startedAt: now,
    bus: { isConnected: deps.bus.isConnected(), since: now },
    silence: nothingSilent(now),
    launchers: {},
    hostFacts: undefined,
    suspicions: {},
    agents: {},
    engine: { kind: 'idle' },
    pendingTrigger: 'the DPE has started',
    orders: {},
    inherited: {},
    operationCount: 0,
    isSettled: false,
    recheckAt: undefined,
    lastDecisionFailure: undefined,
    recentDecisions: [],
    nextDecisionAt: 0,
  };
}
