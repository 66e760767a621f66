/** The core of a DPE: one event in, the next state, what is to be done, and what is to be told. Pure and total. */
import { onAgentAdopted, onAgentHeard, onAgentRegistered, onAgentReport } from './agent-facts.js';
import { tellCondition } from './condition.js';
import type { DpeEffect, DpeEventDraft } from './dpe-effect.js';
import type { DpeEvent } from './dpe-event.js';
import type { DpeState } from './dpe-state.js';
import { advance, onDecided } from './engine.js';
import { onHostFenced, retryFencing } from './fencing.js';
import { destroyRisen, onHostFacts, onHostHeard } from './host-facts.js';
import { onInstanceDied, onLauncherAdopted, onLauncherBeat } from './launcher-facts.js';
import { onOperatorVerb } from './operator-verbs.js';
import { failOrder, onLauncherResult } from './order-results.js';
import { expireLocations } from './overrides.js';
import { onSilenceCount } from './storm.js';
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
      onDefinitionChanged(work, event);
      return;
    case 'desired-changed':
      onDesiredChanged(work, event);
      return;
    case 'bus-changed':
      setVolatile(work, { bus: { isConnected: event.isConnected, since: event.now } });
      return;
    case 'tick':
      onTick(work);
      expireLocations(work);
      retryFencing(work);
      return;
    case 'launcher-beat':
      onLauncherBeat(work, event);
      onHostHeard(work, event.host);
      return;
    case 'launcher-adopted':
      destroyRisen(work, event.host, event.instances);
      onLauncherAdopted(work, event);
      onHostHeard(work, event.host);
      return;
    case 'launcher-result':
      onLauncherResult(work, event.operationId, event.outcome);
      return;
    case 'instance-died':
      onInstanceDied(work, event);
      return;
    case 'agent-registered':
      onAgentRegistered(work, event);
      return;
    case 'agent-heard':
      onAgentHeard(work, event);
      return;
    case 'agent-adopted':
      onAgentAdopted(work, event);
      return;
    case 'agent-report':
      onAgentReport(work, event);
      return;
    case 'order-refused': {
      const order = work.volatile.orders[event.operationId];
      if (order === undefined) return;
      failOrder(work, event.operationId, order, { isTimeout: false, reason: `${event.code}: ${event.message}` });
      return;
    }
    case 'operator-verb':
      onOperatorVerb(work, event);
      return;
    case 'host-facts':
      onHostFacts(work, event);
      return;
    case 'host-fenced':
      onHostFenced(work, event);
      return;
    case 'silence-count':
      onSilenceCount(work, event);
      return;
    case 'decided':
      onDecided(work, event);
      return;
    default:
      unreachable(event);
  }
}

function unreachable(value: never): never {
  throw new Error(`unknown event ${JSON.stringify(value)}`);
}
