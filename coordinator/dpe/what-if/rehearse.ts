/**
 * What would happen, without anything happening: the DPE's own core and the real scheduler, in a world in which every
 * operation ends at once and as expected. The state that is given is not changed.
 */

import type { DpeEffect, DpeEventDraft, TransitionSummary } from '../core/dpe-effect.js';
import type { DecisionOutcome } from '../core/dpe-event.js';
import type { DpeState } from '../core/dpe-state.js';
import { step } from '../core/step.js';
import { answersTo, firstNews, type News } from './well-behaved-world.js';

export type DecideEffect = Extract<DpeEffect, { kind: 'decide' }>;

export interface Decided {
  readonly outcome: DecisionOutcome;
  readonly graphXml: string;
}

export interface RehearsalOptions {
  /** Unix ms at which it begins. */
  readonly now: number;
  /** Asks the scheduler. */
  readonly decide: (effect: DecideEffect) => Promise<Decided>;
  /** Graphs after which it is given up; default 20. */
  readonly maxTransitions?: number;
}

export interface RehearsedTransition {
  readonly trigger: string;
  readonly outcome: DecisionOutcome;
  readonly graphXml: string;
  /** Undefined while it was not executed to its end. */
  readonly summary: TransitionSummary | undefined;
}

export interface Rehearsal {
  /** Those with something to do. */
  readonly transitions: readonly RehearsedTransition[];
  /** What the DPE would tell. */
  readonly events: readonly DpeEventDraft[];
  /** `settled`: the scheduler has nothing more to do. */
  readonly end:
    | { readonly kind: 'settled' }
    | { readonly kind: 'given-up'; readonly reason: string }
    | { readonly kind: 'no-decision'; readonly reason: string };
  readonly after: DpeState;
}

/** Steps after which a rehearsal that never comes to rest ends: far above what the largest deployable takes. */
const maxSteps = 200_000;

/** @param news what happens at first */
export async function rehearse(state: DpeState, news: readonly News[], options: RehearsalOptions): Promise<Rehearsal> {
  const run = new Run(options, atRest(state));
  run.queue.push(...firstNews(state), ...news);
  const maxTransitions = options.maxTransitions ?? 20;
  for (let steps = 0; steps < maxSteps; steps++) {
    const news = run.queue.shift() ?? run.nextInTime();
    if (news === undefined) return run.result({ kind: 'settled' });
    const failure = await run.take(news);
    if (failure !== undefined) return run.result({ kind: 'no-decision', reason: failure });
    if (run.transitions.length > maxTransitions) break;
  }
  return run.result({ kind: 'given-up', reason: `it does not come to rest within ${maxTransitions} transitions` });
}

/** What is under way in reality ends before a rehearsal begins, as far as anybody knows. */
function atRest({ durable, volatile }: DpeState): DpeState {
  return {
    durable,
    volatile: {
      ...volatile,
      engine: { kind: 'idle' },
      pendingTrigger: undefined,
      orders: {},
      inherited: {},
      isSettled: true,
      recheckAt: undefined,
      recentDecisions: [],
      nextDecisionAt: 0,
      bus: { isConnected: true, since: volatile.bus.since },
    },
  };
}

/** The state of one rehearsal. */
class Run {
  readonly queue: News[] = [];
  readonly transitions: RehearsedTransition[] = [];
  readonly events: DpeEventDraft[] = [];
  readonly #options: RehearsalOptions;
  #state: DpeState;
  #now: number;

  constructor(options: RehearsalOptions, state: DpeState) {
    this.#options = options;
    this.#state = state;
    this.#now = options.now;
  }

  /** Returns why there is no decision, if there is none. */
  async take(news: News): Promise<string | undefined> {
    const event = news(this.#state, this.#now);
    this.#now = event.now;
    const result = step(this.#state, event);
    this.#state = result.state;
    this.events.push(...result.events);
    for (const effect of result.effects) {
      if (effect.kind === 'archive') this.#noteEnd(effect.summary);
      if (effect.kind !== 'decide') {
        this.queue.push(...answersTo(effect));
        continue;
      }
      const { outcome, graphXml } = await this.#options.decide(effect);
      if (outcome.kind === 'failed') return outcome.reason;
      if (outcome.graph.synapses.length > 0) {
        this.transitions.push({ trigger: effect.trigger, outcome, graphXml, summary: undefined });
      }
      const { number } = effect;
      this.queue.push((_state, now) => ({ kind: 'decided', number, elapsedMs: 0, outcome, now }));
    }
    return undefined;
  }

  /** Time goes on only where somebody waits for it: a back-off that ends, decisions that slow down. */
  nextInTime(): News | undefined {
    const { durable, volatile } = this.#state;
    const waits = Object.values(durable.assemblies).map(({ mayStartAt }) => mayStartAt);
    if (volatile.pendingTrigger !== undefined) waits.push(volatile.nextDecisionAt);
    const ahead = waits.filter((at) => at > this.#now);
    if (ahead.length === 0) return undefined;
    const next = Math.min(...ahead);
    return () => ({ kind: 'tick', now: next, chance: 0.5 });
  }

  result(end: Rehearsal['end']): Rehearsal {
    return { transitions: this.transitions, events: this.events, end, after: this.#state };
  }

  #noteEnd(summary: TransitionSummary): void {
    const last = this.transitions.pop();
    if (last !== undefined) this.transitions.push({ ...last, summary });
  }
}
