import { declareFailed } from './declared-failure.js';
import { dispatch } from './dispatch.js';
import { finishRun } from './finish-run.js';
import { lookUp, withValue } from './id-map.js';
import type { Moment, Operation, OperationOutcome } from './operation.js';
import { unreachable } from './operation.js';
import type { Answer, ReceivedOrder } from './order.js';
import { receiveOrder } from './order.js';
import { forgetSpooled, handOver } from './report-queue.js';
import type { AgentState, Report } from './state.js';

export type AgentEvent =
  | { readonly kind: 'order-received'; readonly request: number; readonly received: ReceivedOrder }
  | {
      readonly kind: 'run-finished';
      readonly resource: string;
      readonly run: string;
      readonly outcome: OperationOutcome;
    }
  /** Something happened to a resource (its process ended, a health check crossed its threshold). */
  | { readonly kind: 'resource-changed'; readonly resource: string }
  /** An operator says that a resource has failed, with the OCF exit code of its monitor (declared-failure.ts). */
  | { readonly kind: 'declared-failed'; readonly resource: string; readonly rc: number }
  /** Every report up to this number is in the outbox. */
  | { readonly kind: 'reports-spooled'; readonly number: number }
  /** The decider has committed every report up to this number. */
  | { readonly kind: 'reports-delivered'; readonly number: number }
  | { readonly kind: 'tick' };

export type AgentEffect =
  | { readonly kind: 'run'; readonly run: string; readonly operation: Operation; readonly isInterrupted: boolean }
  | { readonly kind: 'spool'; readonly report: Report }
  | { readonly kind: 'answer'; readonly request: number; readonly answer: Answer }
  /** What must not be active cannot be stopped: the whole instance has to end. */
  | { readonly kind: 'end-instance'; readonly reason: string };

/** What comes from outside into every step: the time, and chance in [0, 1) for jitter. */
export interface StepInput {
  readonly at: Moment;
  readonly chance: number;
}

export interface Stepped {
  readonly state: AgentState;
  readonly effects: readonly AgentEffect[];
}

/**
 * The agent's one decision function: what is known and what has happened, to what is known then and what is to be
 * done. Pure and total. The new state is to be journalled before any effect is performed.
 */
export function step(state: AgentState, event: AgentEvent, input: StepInput): Stepped {
  const taken = take(state, event, input);
  const dispatched = dispatch(state, taken.state, input);
  const handed = handOver(dispatched.state);
  return { state: handed.state, effects: [...taken.effects, ...dispatched.effects, ...handed.effects] };
}

function take(state: AgentState, event: AgentEvent, input: StepInput): Stepped {
  switch (event.kind) {
    case 'order-received':
      return receiveOrder(state, event, input);
    case 'run-finished':
      return finishRun(state, event, input);
    case 'resource-changed':
      return { state: trigger(state, event.resource), effects: [] };
    case 'declared-failed':
      return declareFailed(state, event, input);
    case 'reports-spooled':
      return { state: forgetSpooled(state, event.number), effects: [] };
    case 'reports-delivered': {
      const deliveredReport = Math.max(state.counters.deliveredReport, event.number);
      return { state: { ...state, counters: { ...state.counters, deliveredReport } }, effects: [] };
    }
    case 'tick':
      return { state, effects: [] };
    default:
      return unreachable(event);
  }
}

function trigger(state: AgentState, resource: string): AgentState {
  const known = lookUp(state.resources, resource);
  if (known === undefined) return state;
  return { ...state, resources: withValue(state.resources, resource, { ...known, isTriggered: true }) };
}
