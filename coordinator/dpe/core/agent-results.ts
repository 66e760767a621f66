/** Results of operations inside of assemblies, as their agents tell them. */
import { restartDigest } from '../../policy/digest.js';
import { executionStatus, noTransition, recordResult } from '../../state/record.js';
import type { AgentReportBody, OperationOutcome } from './dpe-event.js';
import type { Work } from './work.js';

/** Every result that a report tells of. */
export function resultsOf(report: AgentReportBody): readonly OperationOutcome[] {
  switch (report.kind) {
    case 'order-result':
    case 'monitor-changed':
      return [report.result];
    case 'local-recovery':
      return [report.failure, report.stop, report.start, report.monitor].filter((result) => result !== undefined);
    case 'condensed':
      return resultsOf(report.newest);
    case 'unknown':
      return [];
  }
}

/**
 * Records a result in the history of its assembly, under the order that it answers.
 *
 * @param parameters those of the order, where it is known: without them a change of any needs a restart
 */
export function recordOutcome(
  work: Work,
  assembly: string,
  result: OperationOutcome,
  parameters?: ReadonlyMap<string, string>,
): void {
  const records = work.durable.history[assembly]?.resources[result.resource]?.records ?? {};
  const {
    userData = unordered(result, records[`${result.resource}_${result.operation}_${result.intervalMs}`]?.digest),
  } = result;
  const { restartParameters, intervalMs } = result;
  const canReload = restartParameters !== undefined && parameters !== undefined && intervalMs === 0;
  const history = recordResult(work.durable.history, assembly, descriptorOfResult(work, assembly, result), {
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
    restart: canReload ? restartDigest(parameters, restartParameters) : undefined,
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

/** The resource as its order, or its history, describes it. */
export function descriptorOfResult(work: Work, assembly: string, result: OperationOutcome) {
  const known = work.durable.history[assembly]?.resources[result.resource];
  const { class: agentClass = 'ocf', provider, type = '' } = result.userData ?? known ?? {};
  return { id: result.resource, class: agentClass, provider, type };
}

/** Figures for events. */
export function evidenceOf(result: OperationOutcome): Record<string, string | number> {
  const output = result.output === '' ? {} : { output: result.output };
  return { rc: result.rc, status: result.status, intervalMs: result.intervalMs, ...output };
}

/** As the agent judges it too (agent/core/operation.ts isExpected). */
export function isExpected(result: OperationOutcome): boolean {
  const effective = result.rc === 190 ? 0 : result.rc === 191 ? 8 : result.rc;
  return result.status === 'done' && effective === (result.userData?.expectedRc ?? 0);
}
