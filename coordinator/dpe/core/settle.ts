import { type ActionOutcome, confirm } from '../../graph/transition.js';
import type { ExecutedAction } from './dpe-effect.js';
import type { Order } from './dpe-state.js';
import { dropOrder, setVolatile, type Work } from './work.js';

/** An order is over: the action that waited for it, if any, is confirmed. */
export function settleOrder(work: Work, operationId: string, order: Order, outcome: ActionOutcome): void {
  dropOrder(work, operationId);
  if (order.action !== undefined) settleAction(work, order.action, outcome);
}

export function settleAction(work: Work, action: number, outcome: ActionOutcome): void {
  const { engine } = work.volatile;
  if (engine.kind !== 'executing') return;
  if (confirm(engine.transition, action, outcome).kind !== 'confirmed') return;
  noteEnd(work, engine.executed, action, outcome);
  const failed = outcome.kind === 'failed' || outcome.kind === 'timed-out' ? 1 : 0;
  setVolatile(work, { engine: { ...engine, done: engine.done + 1, failed: engine.failed + failed } });
}

function noteEnd(work: Work, executed: Map<number, ExecutedAction>, action: number, outcome: ActionOutcome): void {
  const begun = executed.get(action);
  if (begun === undefined) return;
  const reason = outcome.kind === 'failed' ? outcome.reason : '';
  executed.set(action, { ...begun, endedAt: work.now, outcome: outcome.kind, reason });
}
