/** What agents did about failures by themselves. */
import type { Classified } from '../../policy/classify-failure.js';
import { recordLocalRecovery } from '../../state/record.js';
import { descriptorOfResult, evidenceOf, recordOutcome } from './agent-results.js';
import type { LocalRecoveryNews, OperationOutcome } from './dpe-event.js';
import { grantLease, isLeaseEnd, leaseEnded } from './exclusive.js';
import { noteCause } from './failure-causes.js';
import { failureWords } from './failure-words.js';
import { escalateResource, setResourceWindow } from './failures.js';
import { assemblyState, emit, resourceModel, type Work, wantDecision } from './work.js';

/** Counts, records and tells what an agent repaired, or could not. */
export function onLocalRecovery(work: Work, assembly: string, report: LocalRecoveryNews): void {
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
    const history = recordLocalRecovery(work.durable.history, assembly, descriptorOfResult(work, assembly, failure), {
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
function lastWord({ failure, stop, start, monitor }: LocalRecoveryNews): string {
  const first = failureWords(failure);
  const failed = [monitor, start, stop].find((result) => result !== undefined && !isGoodStep(result));
  if (failed === undefined) return first;
  return `${first}; its ${failed.operation} failed: ${failureWords(failed)}`;
}

function isGoodStep({ status, rc }: OperationOutcome): boolean {
  return status === 'done' && (rc === 0 || rc === 190);
}

function localResult(result: OperationOutcome) {
  return {
    callId: result.callId,
    changedAt: result.endedAt,
    execMs: Math.max(0, result.endedAt - result.startedAt),
    queueMs: result.queueMs,
  };
}
