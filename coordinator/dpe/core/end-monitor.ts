/** Cancels that nobody has to be asked for: of a VM, of a connection, and in an instance that does not run. */
import type { ResourceAction } from '../../graph/transition-graph.js';
import { cancelRecurring } from '../../state/record.js';
import { settleAction } from './settle.js';
import type { Work } from './work.js';

/** Confirmed at once, and its record goes: while that is there, it is ordered again by one graph after the other. */
export function endMonitor(work: Work, action: ResourceAction): void {
  const { history } = work.durable;
  const ended = cancelRecurring(history, action.node.name, action.resource.id, cancelledOperation(action));
  work.durable = { ...work.durable, history: ended };
  settleAction(work, action.id, { kind: 'succeeded' });
}

/** A cancel action names what it ends in its meta attributes (`CRM_meta_operation`, `CRM_meta_interval`). */
export function cancelledOperation(action: ResourceAction): { operation: string; intervalMs: number } {
  return {
    operation: action.meta.get('operation') ?? 'monitor',
    intervalMs: Number(action.meta.get('interval') ?? action.intervalMs),
  };
}
