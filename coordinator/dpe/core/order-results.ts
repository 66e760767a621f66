/** How orders to launchers end: by their answer, by a refusal, or by nobody answering in time. */

import { vmId } from '../../model/deployable.js';
import type { Classified } from '../../policy/classify-failure.js';
import { connectionResource, vmResource } from '../../state/instance-record.js';
import { executionStatus, type ResourceDescriptor, recordResult } from '../../state/record.js';
import { recordOwn } from './answer.js';
import type { LauncherOutcome } from './dpe-event.js';
import type { Order } from './dpe-state.js';
import { grantLease, isLeaseEnd, leaseEnded } from './exclusive.js';
import { countResourceFailure, failAssembly } from './failures.js';
import { leftAlone } from './findings.js';
import { agentSilentMs, classifySilence, silentAfterMs } from './hearing.js';
import { instanceEnded } from './instance-end.js';
import { hold, instanceStarted } from './launcher-facts.js';
import { noteNoRoom } from './room.js';
import { settleOrder } from './settle.js';
import { conditionWords } from './vm-condition.js';
import { assemblyState, emit, moveInstance, setAssembly, type Work, wantDecision } from './work.js';

type LauncherOrderState = Extract<Order, { kind: 'launcher' }>;

export function onLauncherResult(work: Work, operationId: string, outcome: LauncherOutcome): void {
  const order = work.volatile.orders[operationId];
  if (order?.kind !== 'launcher') return;
  const { instance } = assemblyState(work, order.assembly);
  if (instance.kind === 'none' || instance.id !== order.instance) {
    settleOrder(work, operationId, order, { kind: 'failed', reason: 'its instance is no longer the current one' });
    return;
  }
  if (order.what === 'start') onStartResult(work, operationId, order, outcome);
  else onStopResult(work, operationId, order, outcome);
}

function onStartResult(work: Work, operationId: string, order: LauncherOrderState, outcome: LauncherOutcome): void {
  if (assemblyState(work, order.assembly).instance.kind !== 'starting') {
    // It died before its start was answered, or the answer is that of long ago: its end is what counts.
    record(work, order, 1, 'the instance did not last');
    settleOrder(work, operationId, order, { kind: 'failed', reason: 'the instance did not last' });
    return;
  }
  if (outcome.kind === 'state' && outcome.state.state === 'running') {
    instanceStarted(work, order.assembly, outcome.state);
    record(work, order, 0, '');
    settleOrder(work, operationId, order, { kind: 'succeeded' });
    return;
  }
  const reason = outcome.kind === 'refused' ? outcome.message : outcome.state.evidence;
  if (outcome.kind === 'state' && outcome.state.hasNoRoom === true) {
    // It was never begun: a record of a failure would count against its host, and a fail count against its budget.
    settleOrder(work, operationId, order, { kind: 'failed', reason });
    moveInstance(work, order.assembly, 'dead', `launcher host ${order.host}: ${reason}`);
    noteNoRoom(work, order, reason);
    return;
  }
  record(work, order, 1, reason);
  settleOrder(work, operationId, order, { kind: 'failed', reason });
  if (outcome.kind === 'state' && outcome.state.state === 'unknown') {
    hold(work, order.assembly, `whether the instance started is unknown: ${reason}`, { mayReturn: true });
    return;
  }
  moveInstance(work, order.assembly, 'dead', `start failed: ${reason}`);
  failAssembly(work, order.assembly, {
    at: work.now,
    reason: `start failed: ${reason}`,
    as: 'recorded',
    evidence: { verdict: 'vm', evidence: [`launcher host ${order.host} could not start the instance: ${reason}`] },
  });
}

function onStopResult(work: Work, operationId: string, order: LauncherOrderState, outcome: LauncherOutcome): void {
  if (outcome.kind === 'state' && (outcome.state.state === 'dead' || outcome.state.state === 'failed')) {
    instanceEnded(work, order.assembly, outcome.state.evidence, outcome.state.at);
    record(work, order, 0, '');
    settleOrder(work, operationId, order, { kind: 'succeeded' });
    return;
  }
  const reason = outcome.kind === 'refused' ? outcome.message : outcome.state.evidence;
  // Never recorded as a failed stop: that would fence the launcher host with everything on it (design section 3).
  settleOrder(work, operationId, order, { kind: 'failed', reason });
  const isBegun = outcome.kind !== 'refused' || !unbegun.has(outcome.code);
  if (order.isFirstEnd === true && !isBegun) runOn(work, order.assembly);
  hold(work, order.assembly, `its end is not proven: ${reason}`, {
    mayReturn: order.what === 'destroy',
    isEnding: isBegun,
  });
  wantDecision(work, `assembly ${order.assembly} is held`);
}

/** Codes with which a launcher says that it has not even begun (proto/bus-error.ts). */
const unbegun: ReadonlySet<string> = new Set(['invalid-request', 'unsupported-version', 'stale-epoch', 'refused']);

/** The one order to end a held instance was refused: nothing is on its way that could end it. */
function runOn(work: Work, assembly: string): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind === 'held') setAssembly(work, assembly, { instance: { ...instance, isEnding: false } });
}

/** An order that nobody will answer any more (`timed-out`), or that its receiver refused. */
export function failOrder(
  work: Work,
  operationId: string,
  order: Order,
  failure: { readonly isTimeout: boolean; readonly reason: string },
): void {
  const outcome = failure.isTimeout
    ? ({ kind: 'timed-out' } as const)
    : ({ kind: 'failed', reason: failure.reason } as const);
  work.effects.push({ kind: 'withdraw', operationId });
  settleOrder(work, operationId, order, outcome);
  switch (order.kind) {
    case 'launcher':
      hold(work, order.assembly, `${order.what} of the instance was not confirmed: ${failure.reason}`, {
        mayReturn: order.what === 'start',
        isEnding: order.what !== 'start',
      });
      wantDecision(work, `assembly ${order.assembly} is held`);
      return;
    case 'connection':
      recordOwn(work, { node: order.host, resource: order.assembly }, order.order, {
        rc: 1,
        status: executionStatus.timeout,
        exitReason: failure.reason,
      });
      failBoot(work, order.assembly, failure.reason);
      return;
    case 'agent':
      failAgentOrder(work, order, failure);
  }
}

/** It boots, and never registers: it has to go, and counts like any other failure of the assembly. */
function failBoot(work: Work, assembly: string, waited: string): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind === 'none') return;
  const isNamed = work.volatile.launchers[instance.host]?.running.includes(instance.id) === true;
  const said = isNamed
    ? 'the launcher says that the instance runs'
    : 'the launcher does not say that the instance runs';
  const words = conditionWords(instance);
  const reason = words === undefined ? waited : `${waited}; ${words}`;
  moveInstance(work, assembly, 'lost', reason);
  failAssembly(work, assembly, {
    at: work.now,
    reason,
    as: 'lost',
    evidence: { verdict: isNamed ? 'agent' : 'vm', evidence: [`the instance was started; ${reason}`, said] },
  });
}

function failAgentOrder(
  work: Work,
  order: Extract<Order, { kind: 'agent' }>,
  failure: { readonly isTimeout: boolean; readonly reason: string },
): void {
  if (order.isCancel) return;
  const { userData } = order;
  const history = recordResult(work.durable.history, order.assembly, order.resource, {
    operation: order.operation,
    intervalMs: order.intervalMs,
    expectedRc: userData.expectedRc,
    transition: userData.transition,
    action: userData.action,
    digest: userData.digest,
    callId: -1,
    rc: 1,
    status: failure.isTimeout ? executionStatus.timeout : executionStatus.error,
    changedAt: work.now,
    execMs: work.now - order.issuedAt,
    queueMs: 0,
    exitReason: failure.reason,
  });
  work.durable = { ...work.durable, history };
  resourceOperationFailed(work, order, failure.reason, work.now, {});
}

/** A start, stop or recurring monitor of a resource failed: told, counted, and left to the scheduler. */
export function resourceOperationFailed(
  work: Work,
  subject: {
    readonly assembly: string;
    readonly resource: { readonly id: string };
    readonly operation: string;
    readonly intervalMs: number;
  },
  reason: string,
  at: number,
  evidence: Readonly<Record<string, string | number>>,
): void {
  const { assembly, operation } = subject;
  const isProbe = operation === 'monitor' && subject.intervalMs === 0;
  if (isProbe && isFinding(evidence.rc)) return;
  const name = subject.resource.id.split('.')[1] ?? '';
  const { instance } = assemblyState(work, assembly);
  const classified = classifyOperation(work, assembly, operation, reason);
  emit(work, {
    time: at,
    kind: 'resource-failed',
    assembly,
    resource: name,
    ...(instance.kind === 'none' ? {} : { instance: instance.id }),
    reason: `${isProbe ? 'probe' : operation} failed: ${reason}${leftAlone(work, subject.resource.id)}`,
    evidence: { ...classified, operation, ...evidence },
  });
  if (isProbe) return;
  if (operation === 'stop') {
    failAssembly(work, assembly, {
      at,
      reason: `${name} cannot be stopped: ${reason}`,
      as: 'recorded',
      evidence: { ...classified, resource: name },
    });
    return;
  }
  if (isLeaseEnd(reason)) grantLease(work, assembly);
  else countResourceFailure(work, { resource: subject.resource.id, at, reason, evidence: { operation } });
  wantDecision(work, `${subject.resource.id} ${operation} failed`);
}

/** No word of an agent that is silent blames the resource. */
function classifyOperation(work: Work, assembly: string, operation: string, reason: string): Classified {
  if (isLeaseEnd(reason)) return leaseEnded(reason);
  const { instance } = assemblyState(work, assembly);
  const { agents, options } = work.volatile;
  const isSilent =
    instance.kind !== 'none' &&
    agents[instance.id] !== undefined &&
    agentSilentMs(work, instance, work.now) >= silentAfterMs(options);
  if (isSilent) return classifySilence(work, assembly, work.now);
  return { verdict: 'application', evidence: [`its agent reports: ${operation} failed: ${reason}`] };
}

/** A probe that finds the resource running, stopped or promoted has not failed, whatever was expected. */
function isFinding(rc: string | number | undefined): boolean {
  return rc === 0 || rc === 7 || rc === 8;
}

function record(work: Work, order: LauncherOrderState, rc: number, exitReason: string): void {
  if (order.order === undefined) return;
  const resource = vmId(order.assembly);
  recordOwn(work, { node: order.host, resource }, order.order, { rc, exitReason, execMs: work.now - order.issuedAt });
}

/** Descriptor under which an operation under way is shown as pending. */
export function descriptorOf(order: Order): ResourceDescriptor {
  switch (order.kind) {
    case 'agent':
      return order.resource;
    case 'connection':
      return connectionResource(order.assembly);
    case 'launcher':
      return vmResource(order.assembly);
  }
}
