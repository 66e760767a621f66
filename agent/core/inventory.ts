import type { Moment, OperationResult } from './operation.js';
import type { AgentState } from './state.js';

/** What a new decider is told: the resources' histories, and the orders whose results it has to wait for. */
export interface Inventory {
  readonly resources: readonly {
    readonly resource: string;
    readonly operations: readonly OperationResult[];
    readonly isDelegated: boolean;
  }[];
  readonly inFlight: readonly InFlight[];
}

/** An order that is not done, or whose result no decider is known to have. */
export interface InFlight {
  readonly operationId: string;
  readonly resource: string;
  readonly operation: string;
  readonly intervalMs: number;
  readonly startedAt: Moment;
  readonly timeoutMs: number;
}

/** Longer than the delivery of a report takes that was not answered once (agent-link.ts). */
const deliveryMs = 2_000;

/** Operations of a resource come in the order of their call-ids: what changed its state last, and its monitors. */
export function inventory(state: AgentState, at: Moment): Inventory {
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
    inFlight: [
      ...records.flatMap(({ queue }) =>
        queue.map(({ operationId, operation: { resource, name, intervalMs, timeoutMs }, run, acceptedAt }) => {
          return { operationId, resource, operation: name, intervalMs, timeoutMs, startedAt: run?.at ?? acceptedAt };
        }),
      ),
      ...undelivered(state, at),
    ],
  };
}

/** What is done and not known to be told: a decider that decides before it hears of it decides on yesterday's state. */
function undelivered({ orders, counters }: AgentState, at: Moment): readonly InFlight[] {
  return Object.entries(orders).flatMap(([operationId, order]) => {
    if (order.kind !== 'done' || order.reportNumber <= counters.deliveredReport) return [];
    const { resource, operation, intervalMs } = order.result;
    return [{ operationId, resource, operation, intervalMs, startedAt: at, timeoutMs: deliveryMs }];
  });
}
