/** Operations that the DPE performs or knows by itself: their results go into the history like any other. */
import { judgeResult } from '../../graph/judge-result.js';
import type { ResourceAction } from '../../graph/transition-graph.js';
import { operationDigest } from '../../policy/digest.js';
import { connectionResource, vmResource } from '../../state/instance-record.js';
import { executionStatus, type OperationOrder, recordResult } from '../../state/record.js';
import { settleAction } from './settle.js';
import { nextCallId, type Work } from './work.js';

/** Context of one action: its graph's number and the time its result is waited for. */
export interface Execution {
  readonly number: number;
  readonly expiresAt: number;
}

/** Records a result of the DPE's own and confirms the action. */
export function answer(work: Work, action: ResourceAction, execution: Execution, rc: number, exitReason = ''): void {
  recordOwn(work, { node: action.node.name, resource: action.resource.id }, orderOf(action, execution.number), {
    rc,
    exitReason,
  });
  settleAction(work, action.id, judgeResult(action, rc));
}

/** Records the result of an operation on a VM or connection resource. */
export function recordOwn(
  work: Work,
  subject: { readonly node: string; readonly resource: string },
  order: OperationOrder,
  result: { readonly rc: number; readonly exitReason: string; readonly status?: number; readonly execMs?: number },
): void {
  const [assembly = '', name] = subject.resource.split('.');
  const descriptor = name === undefined ? connectionResource(assembly) : vmResource(assembly);
  const history = recordResult(work.durable.history, subject.node, descriptor, {
    ...order,
    callId: nextCallId(work),
    rc: result.rc,
    status: result.status ?? executionStatus.done,
    changedAt: work.now,
    execMs: result.execMs ?? 0,
    queueMs: 0,
    exitReason: result.exitReason,
  });
  work.durable = { ...work.durable, history };
}

export function orderOf(action: ResourceAction, number: number): OperationOrder {
  const parameters = Object.fromEntries(action.parameters);
  return {
    operation: action.operation,
    intervalMs: action.intervalMs,
    expectedRc: action.expectedRc,
    transition: number,
    action: action.id,
    digest: operationDigest(parameters, action.operation, action.intervalMs, action.timeoutMs),
  };
}
