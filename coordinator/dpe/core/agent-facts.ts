/** What agents tell: that they are there, how orders ended, and what failed in between. */
import type { AgentTime } from '../../policy/agent-clock.js';
import type { Classified } from '../../policy/classify-failure.js';
import { configuredResource } from '../../policy/configure-id.js';
import {
  cancelRecurring,
  executionStatus,
  noTransition,
  recordLocalRecovery,
  recordResult,
} from '../../state/record.js';
import { recordOwn } from './answer.js';
import { noteClock } from './clock-facts.js';
import { delegate } from './delegation.js';
import type { AgentReportBody, DpeEvent, OperationOutcome } from './dpe-event.js';
import { grantLease, isLeaseEnd, leaseEnded } from './exclusive.js';
import { noteCause } from './failure-causes.js';
import { escalateResource, setResourceWindow } from './failures.js';
import { instanceBack, mayComeBack } from './instance-back.js';
import { assemblyOf, callsOf } from './instance-names.js';
import { resourceOperationFailed } from './order-results.js';
import { settleOrder } from './settle.js';
import { markConnected } from './vm-actions.js';
import { assemblyState, emit, resourceModel, setVolatile, type Work, wantDecision } from './work.js';

type EventOf<K extends DpeEvent['kind']> = Extract<DpeEvent, { kind: K }>;

export function onAgentRegistered(work: Work, event: EventOf<'agent-registered'>): void {
  const assembly = assemblyOf(work, event.instance);
  if (assembly === undefined) return;
  const before = work.volatile.agents[event.instance]?.incarnation ?? '';
  if (before !== '' && before !== event.incarnation) {
    const reason = 'its agent was started again; what it runs was not touched';
    emit(work, { kind: 'agent-restarted', assembly, instance: event.instance, reason });
  }
  setAgent(work, event.instance, { incarnation: event.incarnation, isAdopted: false });
  noteClock(work, assembly, event);
  work.effects.push({ kind: 'adopt-agent', instance: event.instance });
}

export function onAgentHeard(work: Work, event: { readonly instance: string; readonly clock?: AgentTime }): void {
  const { instance } = event;
  const agent = work.volatile.agents[instance];
  if (agent === undefined) return;
  const assembly = assemblyOf(work, instance);
  if (agent.isSuspect && assembly !== undefined) {
    const silentMs = work.now - agent.lastHeardAt;
    emit(work, {
      kind: 'assembly-heard',
      assembly,
      instance,
      reason: `its agent answers again after ${silentMs} ms`,
      evidence: { silentMs },
    });
  }
  setAgent(work, instance, { isSuspect: false });
  if (assembly === undefined) return;
  noteClock(work, assembly, event);
  // Its answer to this decider's epoch, and not a beat that was long under way, is what brings it back.
  if (mayComeBack(work, assembly)) work.effects.push({ kind: 'adopt-agent', instance });
}

/** The agent has acknowledged this decider's epoch and told what is still under way. */
export function onAgentAdopted(work: Work, event: EventOf<'agent-adopted'>): void {
  const assembly = assemblyOf(work, event.instance);
  if (assembly === undefined) return;
  if (mayComeBack(work, assembly)) instanceBack(work, assembly);
  if (assemblyState(work, assembly).instance.kind !== 'running') return;
  setAgent(work, event.instance, { isAdopted: true, isSuspect: false });
  const { clockOffsetMs = 0 } = assemblyState(work, assembly);
  const inherited = event.inFlight.filter(({ operationId }) => work.volatile.orders[operationId] === undefined);
  setVolatile(work, {
    inherited: {
      ...work.volatile.inherited,
      ...Object.fromEntries(
        inherited.map(({ operationId, expiresAt }) => [
          operationId,
          // The agent tells it by its own clock.
          { instance: event.instance, expiresAt: expiresAt - clockOffsetMs },
        ]),
      ),
    },
  });
  delegate(work, assembly);
  grantLease(work, assembly);
  for (const [operationId, order] of Object.entries(work.volatile.orders)) {
    if (order.kind !== 'connection' || order.assembly !== assembly) continue;
    markConnected(work, assembly);
    const execMs = work.now - order.issuedAt;
    recordOwn(work, { node: order.host, resource: assembly }, order.order, { rc: 0, exitReason: '', execMs });
    settleOrder(work, operationId, order, { kind: 'succeeded' });
  }
}

export function onAgentReport(work: Work, event: EventOf<'agent-report'>): void {
  onAgentHeard(work, event);
  // Also when it was told before, to whoever decided then.
  if (event.report.kind === 'order-result') forgetInherited(work, event.report.operationId);
  const assembly = assemblyOf(work, event.instance);
  const newest = work.durable.reports[event.instance] ?? 0;
  // Reports of earlier instances, and doubled ones, are acknowledged and nothing else.
  if (assembly !== undefined && event.sequence > newest) {
    work.durable = { ...work.durable, reports: { ...work.durable.reports, [event.instance]: event.sequence } };
    const { instance } = assemblyState(work, assembly);
    if (instance.kind === 'dead') tellPast(work, assembly, event.report);
    else applyReport(work, assembly, event.report);
    noteCalls(work, event.instance, event.report);
    noteTime(work, event.instance, event.report);
  }
  work.effects.push({ kind: 'acknowledge', token: event.token, sequence: event.sequence });
}

function forgetInherited(work: Work, operationId: string): void {
  const { [operationId]: _done, ...inherited } = work.volatile.inherited;
  setVolatile(work, { inherited });
}

function applyReport(work: Work, assembly: string, report: AgentReportBody): void {
  switch (report.kind) {
    case 'order-result':
      onOrderResult(work, assembly, report.operationId, report.result);
      return;
    case 'monitor-changed':
      recordOutcome(work, assembly, report.result);
      judgeUnordered(work, assembly, report.result);
      return;
    case 'local-recovery':
      onLocalRecovery(work, assembly, report);
      return;
    case 'unknown':
      return;
  }
}

function onOrderResult(work: Work, assembly: string, operationId: string, result: OperationOutcome): void {
  const order = work.volatile.orders[operationId];
  const isCancel = order?.kind === 'agent' ? order.isCancel : result.status === 'cancelled';
  if (isCancel) {
    const { operation, intervalMs } = order?.kind === 'agent' ? order : result;
    const history = cancelRecurring(work.durable.history, assembly, result.resource, { operation, intervalMs });
    work.durable = { ...work.durable, history };
    if (order !== undefined) settleOrder(work, operationId, order, { kind: 'succeeded' });
    return;
  }
  const { instance } = assemblyState(work, assembly);
  if (order === undefined && instance.kind !== 'none' && isRepeated(work, instance.id, result)) return;
  recordOutcome(work, assembly, result);
  const isGood = isExpected(result);
  if (order !== undefined) {
    const reason = result.exitReason || `exit code ${result.rc}`;
    settleOrder(work, operationId, order, isGood ? { kind: 'succeeded' } : { kind: 'failed', reason });
  } else {
    wantDecision(work, `late result of ${result.resource} ${result.operation}`);
  }
  if (isGood) tellProgress(work, assembly, result);
  else tellFailure(work, assembly, result);
}

/**
 * An agent that gets an order once more reports its result once more. Its call-ids grow with every result: what is not
 * newer than the newest that it reported has been told, counted, and perhaps been recovered from.
 */
function isRepeated({ durable }: Work, instance: string, { callId }: OperationOutcome): boolean {
  return callId <= (durable.reports[callsOf(instance)] ?? 0);
}

function noteCalls(work: Work, instance: string, report: AgentReportBody): void {
  const { reports } = work.durable;
  const newest = Math.max(reports[callsOf(instance)] ?? 0, ...resultsOf(report).map(({ callId }) => callId));
  if (newest > 0) work.durable = { ...work.durable, reports: { ...reports, [callsOf(instance)]: newest } };
}

/** Later reports tell of later things (agent-report.ts). */
function noteTime(work: Work, instance: string, report: AgentReportBody): void {
  const { agents } = work.volatile;
  const agent = agents[instance];
  if (agent === undefined) return;
  const reportedAt = Math.max(agent.reportedAt ?? 0, ...resultsOf(report).map(({ endedAt }) => endedAt));
  setVolatile(work, { agents: { ...agents, [instance]: { ...agent, reportedAt } } });
}

function resultsOf(report: AgentReportBody): readonly OperationOutcome[] {
  switch (report.kind) {
    case 'order-result':
    case 'monitor-changed':
      return [report.result];
    case 'local-recovery':
      return [report.failure, report.stop, report.start, report.monitor].filter((result) => result !== undefined);
    case 'unknown':
      return [];
  }
}

/** News from an instance that has ended meanwhile: its failures are told, and change nothing any more. */
function tellPast(work: Work, assembly: string, report: AgentReportBody): void {
  const { instance } = assemblyState(work, assembly);
  const [result] = resultsOf(report);
  if (result === undefined || instance.kind === 'none' || result.status === 'cancelled' || isExpected(result)) return;
  if (report.kind === 'order-result' && isRepeated(work, instance.id, result)) return;
  if (result.operation === 'monitor' && result.intervalMs === 0 && [0, 7, 8].includes(result.rc)) return;
  emit(work, {
    time: report.kind === 'local-recovery' ? report.detectedAt : result.endedAt,
    kind: 'resource-failed',
    assembly,
    resource: result.resource.split('.')[1] ?? '',
    instance: instance.id,
    reason: `${result.operation} failed, before its instance ended: ${result.exitReason || `exit code ${result.rc}`}`,
    evidence: {
      verdict: 'application',
      evidence: ['its agent reported it before the instance ended'],
      operation: result.operation,
      ...evidenceOf(result),
    },
  });
}

/** A recurring monitor says something else than before. */
function judgeUnordered(work: Work, assembly: string, result: OperationOutcome): void {
  if (isExpected(result)) wantDecision(work, `${result.resource} is well again`);
  else tellFailure(work, assembly, result);
}

function onLocalRecovery(
  work: Work,
  assembly: string,
  report: Extract<AgentReportBody, { kind: 'local-recovery' }>,
): void {
  const { failure, start, monitor } = report;
  const isLease = isLeaseEnd(report.reason);
  const resource = report.resource.split('.')[1] ?? '';
  const { instance } = assemblyState(work, assembly);
  const subject = { assembly, resource, ...(instance.kind === 'none' ? {} : { instance: instance.id }) };
  const reason = lastWord(report);
  const classified: Classified = isLease
    ? leaseEnded(report.reason)
    : { verdict: 'application', evidence: [`its agent reports: ${reason}`] };
  emit(work, {
    time: report.detectedAt,
    kind: 'resource-failed',
    ...subject,
    reason,
    evidence: { ...classified, operation: 'monitor', ...evidenceOf(failure) },
  });
  const model = resourceModel(work, report.resource);
  const limit = model?.resource.escalation.failures ?? report.failures;
  if (report.verdict === 'recovered' && start !== undefined) {
    const window = [...(work.durable.windows.resources[report.resource] ?? []), report.detectedAt];
    const periodMs = model?.resource.escalation.periodMs ?? 0;
    noteCause(work, report.resource, { at: report.detectedAt, reason }, periodMs);
    setResourceWindow(
      work,
      report.resource,
      window.filter((at) => report.detectedAt - at < periodMs),
    );
    const history = recordLocalRecovery(work.durable.history, assembly, descriptor(work, assembly, failure), {
      failure: { intervalMs: failure.intervalMs, at: failure.endedAt },
      start: localResult(start),
      monitor: monitor === undefined ? undefined : localResult(monitor),
    });
    work.durable = { ...work.durable, history };
    emit(work, {
      time: report.recoveredAt,
      kind: 'resource-recovered',
      ...subject,
      reason: `restarted by its agent (failure ${report.failures} of ${limit} allowed within the period)`,
      evidence: {
        ...classified,
        by: 'agent',
        elapsedMs: report.recoveredAt - report.detectedAt,
        failures: report.failures,
        limit,
      },
    });
    return;
  }
  recordOutcome(work, assembly, failure);
  if (report.verdict === 'escalate') {
    const periodMs = model?.resource.escalation.periodMs ?? 0;
    noteCause(work, report.resource, { at: report.detectedAt, reason }, periodMs);
    escalateResource(work, report.resource, report.failures, limit, reason);
  } else {
    wantDecision(work, `${report.resource} ${isLease ? 'was stopped' : 'could not be recovered'} by its agent`);
    // It is in touch again: what it is ordered to start must not wait for the next third of the lease.
    if (isLease) grantLease(work, assembly);
  }
}

/** What failed, and what of its repair: the first cause alone would hide why it could not be repaired. */
function lastWord({ failure, stop, start, monitor }: Extract<AgentReportBody, { kind: 'local-recovery' }>): string {
  const first = failure.exitReason || `monitor returned ${failure.rc}`;
  const failed = [monitor, start, stop].find((result) => result !== undefined && !isGoodStep(result));
  if (failed === undefined) return first;
  const said = failed.exitReason || (failed.status === 'done' ? `exit code ${failed.rc}` : failed.status);
  return `${first}; its ${failed.operation} failed: ${said}`;
}

function isGoodStep({ status, rc }: OperationOutcome): boolean {
  return status === 'done' && (rc === 0 || rc === 190);
}

function recordOutcome(work: Work, assembly: string, result: OperationOutcome): void {
  const records = work.durable.history[assembly]?.resources[result.resource]?.records ?? {};
  const {
    userData = unordered(result, records[`${result.resource}_${result.operation}_${result.intervalMs}`]?.digest),
  } = result;
  const history = recordResult(work.durable.history, assembly, descriptor(work, assembly, result), {
    operation: result.operation,
    intervalMs: result.intervalMs,
    expectedRc: userData.expectedRc,
    transition: userData.transition,
    action: userData.action,
    digest: userData.digest,
    callId: result.callId,
    rc: result.rc,
    status: statusOf[result.status],
    changedAt: result.endedAt,
    execMs: Math.max(0, result.endedAt - result.startedAt),
    queueMs: result.queueMs,
    exitReason: result.exitReason,
  });
  work.durable = { ...work.durable, history };
}

/** An operation that no transition ordered: an agent's own. */
function unordered(result: OperationOutcome, digest = '') {
  return { transition: noTransition, action: result.callId, expectedRc: 0, digest };
}

const statusOf = {
  done: executionStatus.done,
  timeout: executionStatus.timeout,
  error: executionStatus.error,
  cancelled: executionStatus.cancelled,
  'not-installed': executionStatus.notInstalled,
} as const satisfies Record<OperationOutcome['status'], number>;

function descriptor(work: Work, assembly: string, result: OperationOutcome) {
  const known = work.durable.history[assembly]?.resources[result.resource];
  const { class: agentClass = 'ocf', provider, type = '' } = result.userData ?? known ?? {};
  return { id: result.resource, class: agentClass, provider, type };
}

function tellFailure(work: Work, assembly: string, result: OperationOutcome): void {
  const reason = result.exitReason || (result.status === 'timeout' ? 'timed out' : `exit code ${result.rc}`);
  const { operation, intervalMs } = result;
  const subject = { assembly, resource: { id: result.resource }, operation, intervalMs };
  resourceOperationFailed(work, subject, reason, result.endedAt, evidenceOf(result));
}

function tellProgress(work: Work, assembly: string, result: OperationOutcome): void {
  if (result.operation !== 'start' && result.operation !== 'stop') return;
  const { instance } = assemblyState(work, assembly);
  const configured = configuredResource(result.resource);
  if (configured !== undefined && result.operation === 'stop') return;
  const word = configured !== undefined ? 'configured' : result.operation === 'start' ? 'started' : 'stopped';
  emit(work, {
    kind: `resource-${word}`,
    assembly,
    resource: (configured ?? result.resource).split('.')[1] ?? '',
    ...(instance.kind === 'none' ? {} : { instance: instance.id }),
    reason: word,
    evidence: { elapsedMs: Math.max(0, result.endedAt - result.startedAt) },
  });
}

function evidenceOf(result: OperationOutcome): Record<string, string | number> {
  const output = result.output === '' ? {} : { output: result.output };
  return { rc: result.rc, status: result.status, intervalMs: result.intervalMs, ...output };
}

function isExpected(result: OperationOutcome): boolean {
  const effective = result.rc === 190 ? 0 : result.rc === 191 ? 8 : result.rc;
  return result.status === 'done' && effective === (result.userData?.expectedRc ?? 0);
}

function localResult(result: OperationOutcome) {
  return {
    callId: result.callId,
    changedAt: result.endedAt,
    execMs: Math.max(0, result.endedAt - result.startedAt),
    queueMs: result.queueMs,
  };
}

function setAgent(
  work: Work,
  instance: string,
  change: { readonly incarnation?: string; readonly isAdopted?: boolean; readonly isSuspect?: boolean },
): void {
  const before = work.volatile.agents[instance] ?? { incarnation: '', isAdopted: false, isSuspect: false };
  const agent = { ...before, ...change, lastHeardAt: work.now };
  setVolatile(work, { agents: { ...work.volatile.agents, [instance]: agent } });
}
