/** Actions on resources inside an assembly: orders to its agent. */
import type { ResourceAction } from '../../graph/transition-graph.js';
import { decodeParameters } from '../../policy/parameter-text.js';
import type { ResourceDescriptor } from '../../state/record.js';
import { type Execution, orderOf } from './answer.js';
import type { OperationUserData } from './dpe-state.js';
import { cancelledOperation, endMonitor } from './end-monitor.js';
import { settleAction } from './settle.js';
import { addOrder, assemblyState, nextOperationId, type Work } from './work.js';

export function orderAgent(work: Work, action: ResourceAction, execution: Execution): void {
  const assembly = action.node.name;
  const { instance } = assemblyState(work, assembly);
  const { resource } = action;
  const isCancel = action.operation === 'cancel';
  if (instance.kind !== 'running') {
    if (isCancel) endMonitor(work, action);
    else settleAction(work, action.id, { kind: 'failed', reason: `assembly ${assembly} has no running instance` });
    return;
  }
  const descriptor: ResourceDescriptor = {
    id: resource.id,
    class: resource.class,
    provider: resource.provider,
    type: resource.type,
  };
  const cancelled = isCancel ? cancelledOperation(action) : undefined;
  const operation = cancelled?.operation ?? action.operation;
  const intervalMs = cancelled?.intervalMs ?? action.intervalMs;
  const order = orderOf(action, execution.number);
  const userData: OperationUserData = {
    transition: execution.number,
    action: action.id,
    expectedRc: action.expectedRc,
    digest: order.digest,
    class: resource.class,
    provider: resource.provider,
    type: resource.type,
  };
  const operationId = nextOperationId(work);
  addOrder(work, operationId, {
    kind: 'agent',
    action: action.id,
    issuedAt: work.now,
    expiresAt: execution.expiresAt,
    assembly,
    instance: instance.id,
    resource: descriptor,
    operation,
    intervalMs,
    timeoutMs: action.timeoutMs,
    isCancel,
    userData,
    parameters: action.parameters,
  });
  const common = { resource: resource.id, operation, intervalMs, userData };
  work.effects.push({
    kind: 'order-agent',
    operationId,
    instance: instance.id,
    order: isCancel
      ? { kind: 'cancel', ...common }
      : {
          kind: 'execute',
          ...common,
          class: resource.class,
          provider: resource.provider,
          type: resource.type,
          timeoutMs: action.timeoutMs,
          startDelayMs: action.startDelayMs,
          expectedRc: action.expectedRc,
          parameters: decodeParameters(action.parameters),
          meta: Object.fromEntries(action.meta),
        },
    expiresAt: execution.expiresAt,
  });
}
