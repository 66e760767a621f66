import type { OperationResult } from './operation.js';
import type { AgentState, QueuedOrder } from './state.js';

/** What a new decider is told: the resources' histories, and the orders that are not done. */
export interface Inventory {
  readonly resources: readonly {
    readonly resource: string;
    readonly operations: readonly OperationResult[];
    readonly isDelegated: boolean;
  }[];
  readonly inFlight: readonly QueuedOrder[];
}

/** Operations of a resource come in the order of their call-ids: what changed its state last, and its monitors. */
export function inventory(state: AgentState): Inventory {
  const records = Object.values(state.resources).map((resource) => resource.record);
  return {
    resources: records.map((record) => ({
      resource: record.resource,
      operations: [
        ...(record.lastOperation === undefined ? [] : [record.lastOperation]),
        ...Object.values(record.monitors).map((monitor) => monitor.last),
      ].sort((a, b) => a.callId - b.callId),
      isDelegated: record.delegation !== undefined,
    })),
    inFlight: records.flatMap((record) => record.queue),
  };
}
