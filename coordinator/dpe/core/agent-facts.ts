/** What agents tell: that they are there, how orders ended, and what failed in between. */
import type { AgentTime } from '../../policy/agent-clock.js';
import { configuredResource } from '../../policy/configure-id.js';
import { cancelRecurring } from '../../state/record.js';
import { evidenceOf, isExpected, recordOutcome, resultsOf } from './agent-results.js';
import { recordOwn } from './answer.js';
import { noteClock } from './clock-facts.js';
import { countCondensed, tellCondensed } from './condensed-failures.js';
import { delegate } from './delegation.js';
import type { AgentReportBody, DpeEvent, OperationOutcome } from './dpe-event.js';
import { grantLease } from './exclusive.js';
import { failureWords } from './failure-words.js';
import { tellProbe, tellWell } from './findings.js';
import { instanceBack, mayComeBack } from './instance-back.js';
import { assemblyOf, callsOf } from './instance-names.js';
import { onLocalRecovery } from './local-recovery.js';
import { resourceOperationFailed } from './order-results.js';
import { settleOrder } from './settle.js';
import { markConnected } from './vm-actions.js';
import { endReboot } from './vm-condition.js';
import { assemblyState, emit, isPassive, setVolatile, type Work, wantDecision } from './work.js';

type EventOf<K extends DpeEvent['kind']> = Extract<DpeEvent, { kind: K }>;

export function onAgentRegistered(work: Work, event: EventOf<'agent-registered'>): void {
  const assembly = assemblyOf(work, event.instance);
  // The document says that nobody is to be believed there but the launcher.
  if (assembly === undefined || isPassive(work, assembly)) return;
  endSilence(work, assembly, event.instance);
  const before = work.volatile.agents[event.instance]?.incarnation ?? '';
  // An agent that is registering as ever while its guest begins to go down has not come back.
  const hasRebooted = before !== event.incarnation && endReboot(work, assembly);
  if (!hasRebooted && before !== '' && before !== event.incarnation) {
    const reason = 'its agent was started again; what it runs was not touched';
    emit(work, { kind: 'agent-restarted', assembly, instance: event.instance, reason });
  }
  setAgent(work, event.instance, { incarnation: event.incarnation, isAdopted: false });
  noteClock(work, assembly, event);
  work.effects.push({ kind: 'adopt-agent', instance: event.instance });
}

export function onAgentHeard(work: Work, event: { readonly instance: string; readonly clock?: AgentTime }): void {
  const { instance } = event;
  if (work.volatile.agents[instance] === undefined) return;
  const assembly = assemblyOf(work, instance);
  if (assembly !== undefined) endSilence(work, assembly, instance);
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
  endSilence(work, assembly, event.instance);
  // Whoever has just begun to decide knows an agent that did not register with it by this, and so its next start.
  const incarnation = work.volatile.agents[event.instance]?.incarnation || (event.incarnation ?? '');
  setAgent(work, event.instance, { incarnation, isAdopted: true, isSuspect: false });
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
    if (event.report.kind === 'unknown') tellNotBelieved(work, assembly, event);
    else if (instance.kind === 'dead') tellPast(work, assembly, event.report);
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

/** It is acknowledged, or it would hold up the true ones behind it; that it came, an operator can read all the same. */
function tellNotBelieved(work: Work, assembly: string, { instance, sequence, report }: EventOf<'agent-report'>): void {
  if (report.kind !== 'unknown' || report.reason === undefined) return;
  const reason = `a report of its agent is not believed: ${report.reason}`;
  emit(work, { kind: 'report-not-believed', assembly, instance, reason, evidence: { sequence } });
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
    case 'condensed':
      countCondensed(work, assembly, report);
      applyReport(work, assembly, report.newest);
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
    // It ended what may have been ordered anew since nobody waits for its end any more.
    else wantDecision(work, `late cancel of ${result.resource} ${operation}`);
    return;
  }
  const { instance } = assemblyState(work, assembly);
  if (order === undefined && instance.kind !== 'none' && isRepeated(work, instance.id, result)) return;
  recordOutcome(work, assembly, result, order?.kind === 'agent' ? order.parameters : undefined);
  const isGood = isExpected(result);
  if (order !== undefined) {
    const reason = failureWords(result);
    settleOrder(work, operationId, order, isGood ? { kind: 'succeeded' } : { kind: 'failed', reason });
  } else {
    wantDecision(work, `late result of ${result.resource} ${result.operation}`);
  }
  tellProbe(work, assembly, result);
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

/** News from an instance that has ended meanwhile: its failures are told, and change nothing any more. */
function tellPast(work: Work, assembly: string, report: AgentReportBody): void {
  const { instance } = assemblyState(work, assembly);
  if (report.kind === 'condensed') {
    tellCondensed(work, assembly, report);
    tellPast(work, assembly, report.newest);
    return;
  }
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
    reason: `${result.operation} failed, before its instance ended: ${failureWords(result)}`,
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
  if (!isExpected(result)) {
    tellFailure(work, assembly, result);
    return;
  }
  tellWell(work, assembly, result);
  wantDecision(work, `${result.resource} is well again`);
}

function tellFailure(work: Work, assembly: string, result: OperationOutcome): void {
  const reason = failureWords(result);
  const { operation, intervalMs } = result;
  const subject = { assembly, resource: { id: result.resource }, operation, intervalMs };
  resourceOperationFailed(work, subject, reason, result.endedAt, evidenceOf(result));
}

const progressWords = {
  start: 'started',
  stop: 'stopped',
  promote: 'promoted',
  demote: 'demoted',
  'reload-agent': 'reloaded',
} as const;

function tellProgress(work: Work, assembly: string, result: OperationOutcome): void {
  const done = new Map(Object.entries(progressWords)).get(result.operation);
  if (done === undefined) return;
  const { instance } = assemblyState(work, assembly);
  const configured = configuredResource(result.resource);
  if (configured !== undefined && result.operation === 'stop') return;
  const word = configured !== undefined ? 'configured' : done;
  emit(work, {
    kind: `resource-${word}`,
    assembly,
    resource: (configured ?? result.resource).split('.')[1] ?? '',
    ...(instance.kind === 'none' ? {} : { instance: instance.id }),
    reason: word,
    evidence: { elapsedMs: Math.max(0, result.endedAt - result.startedAt) },
  });
}

/** Whatever comes of a suspect first ends its silence: a registration, an answer, a beat, a report. */
function endSilence(work: Work, assembly: string, instance: string): void {
  const agent = work.volatile.agents[instance];
  if (agent?.isSuspect !== true) return;
  const silentMs = work.now - agent.lastHeardAt;
  emit(work, {
    kind: 'assembly-heard',
    assembly,
    instance,
    reason: `its agent answers again after ${silentMs} ms`,
    evidence: { silentMs },
  });
  setAgent(work, instance, { isSuspect: false });
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
