import { entriesOf, valuesOf } from './id-map.js';
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
  const records = valuesOf(state.resources)
    .map((resource) => resource.record)
    .sort((a, b) => a.slot - b.slot);
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
  const untold: { readonly reportNumber: number; readonly order: InFlight }[] = [];
  for (const [operationId, order] of entriesOf(orders)) {
    if (order.kind !== 'done' || order.reportNumber <= counters.deliveredReport) continue;
    const { resource, operation, intervalMs } = order.result;
    const inFlight = { operationId, resource, operation, intervalMs, startedAt: at, timeoutMs: deliveryMs };
    untold.push({ reportNumber: order.reportNumber, order: inFlight });
  }
  return untold.sort((a, b) => a.reportNumber - b.reportNumber).map(({ order }) => order);
}
