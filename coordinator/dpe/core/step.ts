/** The core of a DPE: one event in, the next state, what is to be done, and what is to be told. Pure and total. */
import { onAgentAdopted, onAgentHeard, onAgentRegistered, onAgentReport } from './agent-facts.js';
import { tellCondition } from './condition.js';
import type { DpeEffect, DpeEventDraft } from './dpe-effect.js';
import type { DpeEvent } from './dpe-event.js';
import type { DpeState } from './dpe-state.js';
import { advance, onDecided } from './engine.js';
import { onInstanceDied, onLauncherAdopted, onLauncherBeat } from './launcher-facts.js';
import { failOrder, onLauncherResult } from './order-results.js';
import { onTick } from './tick.js';
import { onDefinitionChanged, onDesiredChanged } from './wishes.js';
import { setVolatile, type Work } from './work.js';

export interface StepResult {
  readonly state: DpeState;
  /** In the order in which they are to be performed, once the state is committed. */
  readonly effects: readonly DpeEffect[];
  readonly events: readonly DpeEventDraft[];
}

/**
 * The transition in flight inside `state` is changed in place (see graph/transition.ts): use the state that is
 * returned, and each state once.
 */
export function step(state: DpeState, event: DpeEvent): StepResult {
  const work: Work = {
    durable: state.durable,
    volatile: state.volatile,
    now: event.now,
    chance: 'chance' in event ? event.chance : 0,
    effects: [],
    events: [],
  };
  apply(work, event);
  advance(work);
  tellCondition(work);
  return { state: { durable: work.durable, volatile: work.volatile }, effects: work.effects, events: work.events };
}

function apply(work: Work, event: DpeEvent): void {
  switch (event.kind) {
    case 'definition-changed':
      return onDefinitionChanged(work, event);
    case 'desired-changed':
      return onDesiredChanged(work, event);
    case 'bus-changed':
      return setVolatile(work, { bus: { isConnected: event.isConnected, since: event.now } });
    case 'tick':
      return onTick(work);
    case 'launcher-beat':
      return onLauncherBeat(work, event);
    case 'launcher-adopted':
      return onLauncherAdopted(work, event);
    case 'launcher-result':
      return onLauncherResult(work, event.operationId, event.outcome);
    case 'instance-died':
      return onInstanceDied(work, event);
    case 'agent-registered':
      return onAgentRegistered(work, event);
    case 'agent-heard':
      return onAgentHeard(work, event.instance);
    case 'agent-adopted':
      return onAgentAdopted(work, event);
    case 'agent-report':
      return onAgentReport(work, event);
    case 'order-refused': {
      const order = work.volatile.orders[event.operationId];
      if (order === undefined) return;
      return failOrder(work, event.operationId, order, { isTimeout: false, reason: `${event.code}: ${event.message}` });
    }
    case 'decided':
      return onDecided(work, event);
    default:
      return unreachable(event);
  }
}

function unreachable(value: never): never {
  throw new Error(`unknown event ${JSON.stringify(value)}`);
}
