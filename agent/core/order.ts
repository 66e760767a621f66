import { adoptWindow } from './failure-window.js';
import { lookUp, valuesOf, withoutValue, withValue } from './id-map.js';
import type { Inventory } from './inventory.js';
import { inventory } from './inventory.js';
import { grantFirstLease, renewLease } from './lease.js';
import type { Moment, Operation, OperationResult } from './operation.js';
import { unreachable } from './operation.js';
import type { Draft } from './recording.js';
import { recordResult, withRecord, withReport, withResource } from './recording.js';
import { mayTakeOrders } from './report-queue.js';
import type { AgentState, Delegation, OrderRecord, QueuedOrder, ResourceState } from './state.js';
import { monitorKey, newResource } from './state.js';
import type { StepInput, Stepped } from './step.js';

export interface ReceivedOrder {
  readonly operationId: string;
  readonly deployable: string;
  readonly epoch: number;
  readonly order: Order;
}

export type Order =
  | {
      readonly kind: 'execute';
      readonly operation: Operation;
      readonly startDelayMs: number;
      readonly expectedRc: number;
      readonly userData: string;
    }
  | { readonly kind: 'cancel'; readonly resource: string; readonly operation: string; readonly intervalMs: number }
  | { readonly kind: 'delegate'; readonly delegations: readonly DelegationOrder[] }
  | { readonly kind: 'adopt' }
  | { readonly kind: 'renew'; readonly leaseMs: number };

export interface DelegationOrder extends Delegation {
  readonly resource: string;
  /** Stopped when the lease ends (lease.ts). A budget of 0 failures means nothing else: nothing is repaired, nor counted. */
  readonly isExclusive: boolean;
  /** Failures within the window that the decider knows of. */
  readonly windowUnixMs: readonly number[];
}

export type Answer =
  | { readonly kind: 'accepted'; readonly operationId: string; readonly isRepeated: boolean }
  | { readonly kind: 'delegated' }
  | { readonly kind: 'renewed' }
  | { readonly kind: 'inventory'; readonly inventory: Inventory }
  | {
      readonly kind: 'refused';
      readonly code: 'stale-epoch' | 'invalid-request' | 'unavailable';
      readonly message: string;
      readonly details: Readonly<Record<string, string>>;
    };

/**
 * Accepts or refuses an order. A newer epoch is taken over by any order and makes older deciders' orders void. An
 * operation id that is known is not executed again: its result is reported once more when the first report of it was
 * already acknowledged (otherwise that one is still on its way).
 */
export function receiveOrder(
  state: AgentState,
  { request, received }: { readonly request: number; readonly received: ReceivedOrder },
  { at }: StepInput,
): Stepped {
  const answered = (draft: Draft, answer: Answer): Stepped => ({
    state: draft.state,
    effects: [...draft.effects, { kind: 'answer', request, answer }],
  });
  const refusal = refuse(state, received);
  if (refusal !== undefined) return answered({ state, effects: [] }, refusal);

  const draft: Draft = { state: { ...state, epoch: received.epoch }, effects: [] };
  const { order, operationId } = received;
  switch (order.kind) {
    case 'adopt':
      return answered(draft, { kind: 'inventory', inventory: inventory(draft.state, at) });
    case 'delegate':
      return answered(delegate(draft, order.delegations, at), { kind: 'delegated' });
    case 'renew':
      return answered(renewLease(draft, order.leaseMs, at), { kind: 'renewed' });
    case 'execute':
    case 'cancel': {
      const known = lookUp(draft.state.orders, operationId);
      if (known !== undefined) {
        const repeated = reportAgain(draft, operationId, known);
        return answered(repeated, { kind: 'accepted', operationId, isRepeated: true });
      }
      const accepted =
        order.kind === 'cancel' ? cancel(draft, received, order, at) : enqueue(draft, received, order, at);
      return answered(accepted, { kind: 'accepted', operationId, isRepeated: false });
    }
    default:
      return unreachable(order);
  }
}

function refuse(state: AgentState, received: ReceivedOrder): Answer | undefined {
  const { order, epoch, deployable } = received;
  if (deployable !== state.policy.deployable) {
    const details = { deployable: state.policy.deployable, instance: state.policy.instance };
    const message = `an order for deployable ${JSON.stringify(deployable)} reached an agent of another one`;
    return { kind: 'refused', code: 'invalid-request', message, details };
  }
  if (epoch < state.epoch) {
    const message = `epoch ${epoch} is void: epoch ${state.epoch} decides`;
    return { kind: 'refused', code: 'stale-epoch', message, details: { epoch: String(state.epoch) } };
  }
  const isRepeated = lookUp(state.orders, received.operationId) !== undefined;
  if ((order.kind === 'execute' || order.kind === 'cancel') && !isRepeated && !mayTakeOrders(state)) {
    return busy('the results of too many orders wait for room on disk');
  }
  if (order.kind !== 'execute' || isRepeated) return undefined;
  const { resource } = order.operation;
  const known = lookUp(state.resources, resource);
  if (known === undefined && state.resources.size >= state.policy.maxResources) {
    return busy(`${state.policy.maxResources} resources are known already`);
  }
  if (known !== undefined && known.record.queue.length >= state.policy.maxQueued) {
    return busy(`${known.record.queue.length} orders for ${resource} are waiting already`);
  }
  return undefined;
}

function busy(message: string): Answer {
  return { kind: 'refused', code: 'unavailable', message, details: {} };
}

function enqueue(
  draft: Draft,
  { operationId }: ReceivedOrder,
  order: Extract<Order, { kind: 'execute' }>,
  at: Moment,
): Draft {
  const { operation, expectedRc, userData, startDelayMs } = order;
  const { resources } = draft.state;
  const resource = lookUp(resources, operation.resource) ?? newResource(operation.resource, resources.size);
  const queued: QueuedOrder = {
    operationId,
    operation,
    expectedRc,
    userData,
    acceptedAt: at,
    notBefore: at.bootMs + startDelayMs,
    isCancelled: false,
    run: undefined,
  };
  const record = { ...resource.record, queue: [...resource.record.queue, queued] };
  return withOrder(withResource(draft, { ...resource, record }), operationId, {
    kind: 'accepted',
    resource: operation.resource,
  });
}

/**
 * Ends a recurring operation; idempotent. Its order, where that has not run yet, ends as cancelled as well; a first run
 * under way is its last, and the result of any later run under way is dropped.
 */
function cancel(
  draft: Draft,
  { operationId }: ReceivedOrder,
  order: Extract<Order, { kind: 'cancel' }>,
  at: Moment,
): Draft {
  const key = monitorKey(order.operation, order.intervalMs);
  const resource = lookUp(draft.state.resources, order.resource);
  const isMeant = (queued: QueuedOrder): boolean =>
    monitorKey(queued.operation.name, queued.operation.intervalMs) === key;
  const isWaiting = (queued: QueuedOrder): boolean => isMeant(queued) && queued.run === undefined;

  const cancelled = cancelledOperation(order, resource);
  let next = draft;
  if (resource !== undefined) {
    const { [key]: _ended, ...monitors } = resource.record.monitors;
    next = withRecord(next, {
      ...resource.record,
      monitors,
      queue: resource.record.queue
        .filter((queued) => !isWaiting(queued))
        .map((queued) => (isMeant(queued) ? { ...queued, isCancelled: true } : queued)),
    });
  }
  const ended = [
    ...(resource?.record.queue.filter(isWaiting) ?? []).map((queued) => ({ ...queued, id: queued.operationId })),
    { id: operationId, operation: cancelled, acceptedAt: at, userData: '' },
  ];
  for (const { id, operation, acceptedAt, userData } of ended) {
    const outcome = { rc: 0, status: 'cancelled', exitReason: '', output: '' } as const;
    const run = { id: '', at };
    const recorded = recordResult(next, { operation, run, outcome, queuedAt: acceptedAt, userData }, at);
    next = finishOrder(recorded.draft, id, recorded.result);
  }
  return next;
}

function cancelledOperation(
  { resource, operation: name, intervalMs }: Extract<Order, { kind: 'cancel' }>,
  known: ResourceState | undefined,
): Operation {
  const monitor = known?.record.monitors[monitorKey(name, intervalMs)];
  const definition = monitor?.operation.definition ??
    known?.record.definition ?? { class: '', provider: '', type: '', parameters: {}, meta: {}, exec: undefined };
  return { resource, name, intervalMs, timeoutMs: monitor?.operation.timeoutMs ?? 0, definition };
}

/** Replaces the whole set. A recovery under way is finished also when its resource is no longer delegated. */
function delegate(draft: Draft, delegations: readonly DelegationOrder[], at: Moment): Draft {
  const { deliveredReport } = draft.state.counters;
  const wanted = new Map(delegations.map((delegation) => [delegation.resource, delegation]));
  let { resources } = draft.state;
  for (const resource of valuesOf(resources)) {
    const { resource: id, delegation, exclusive } = resource.record;
    if (wanted.has(id) || (delegation === undefined && exclusive === undefined)) continue;
    const record = { ...resource.record, delegation: undefined, exclusive: undefined };
    resources = withValue(resources, id, { ...resource, record });
  }
  let isNew = false;
  for (const { resource: id, windowUnixMs, isExclusive, ...budget } of delegations) {
    const resource = lookUp(resources, id) ?? newResource(id, resources.size);
    const known = { failuresUnixMs: windowUnixMs, deliveredReport };
    const window = adoptWindow(resource.record.window, known, at);
    const delegation = budget.failures === 0 ? undefined : budget;
    const exclusive = isExclusive ? { stopTimeoutMs: budget.stopTimeoutMs } : undefined;
    isNew ||= isExclusive && resource.record.exclusive === undefined;
    const record = { ...resource.record, delegation, exclusive, window };
    resources = withValue(resources, id, { ...resource, record });
  }
  const delegated = { ...draft, state: { ...draft.state, resources } };
  return isNew ? grantFirstLease(delegated, at) : delegated;
}

function reportAgain(draft: Draft, operationId: string, known: OrderRecord): Draft {
  if (known.kind === 'accepted' || known.reportNumber > draft.state.counters.deliveredReport) return draft;
  const reported = withReport(draft, { kind: 'order-result', operationId, result: known.result });
  return withOrder(reported.draft, operationId, { ...known, reportNumber: reported.number });
}

/** Keeps and reports the result of an order; the oldest results are forgotten when there are too many. */
export function finishOrder(draft: Draft, operationId: string, result: OperationResult): Draft {
  const reported = withReport(draft, { kind: 'order-result', operationId, result });
  const kept = withOrder(reported.draft, operationId, { kind: 'done', result, reportNumber: reported.number });
  const { state } = kept;
  const done = [...state.doneOrders, operationId];
  const surplus = done.slice(0, Math.max(0, done.length - state.policy.maxDoneOrders));
  if (surplus.length === 0) return { ...kept, state: { ...state, doneOrders: done } };
  const orders = surplus.reduce(withoutValue, state.orders);
  return { ...kept, state: { ...state, orders, doneOrders: done.slice(surplus.length) } };
}

function withOrder(draft: Draft, operationId: string, order: OrderRecord): Draft {
  return { ...draft, state: { ...draft.state, orders: withValue(draft.state.orders, operationId, order) } };
}
