/**
 * Reports of agents as values of the core. An agent may be old, broken or lying: what it says is believed only of its
 * own assembly and of resources that are known there, in words and sizes that a CIB and an event can carry.
 */
import type { AgentReport, CondensedRecoveries, LocalRecovery, OperationResult } from '../../proto/messages.js';
import { toOwnTime } from '../policy/agent-clock.js';
import type { AgentReportBody, LocalRecoveryNews, MonitorChange, OperationOutcome } from './core/dpe-event.js';
import type { OperationUserData } from './core/dpe-state.js';

/** What a report is held against. */
export interface ReportContext {
  /** CIB id of a resource of the reporting agent's assembly: in the definition, or in what is recorded there. */
  readonly isKnown: (resource: string) => boolean;
  /** Unix ms. */
  readonly now: number;
  /** The agent's clock minus ours. */
  readonly offsetMs: number;
  /** The latest moment, in our time, that the agent has reported of; 0 before the first. */
  readonly reportedAt: number;
}

export type ReadReport = AgentReportBody | Invalid;

const operationPattern = /^[a-z][a-z_-]{0,30}$/;
const wordPattern = /^[\w.:@+-]{0,255}$/;
/** Of parameters, between blanks in the CIB. */
const namePattern = /^[!-~]{1,127}$/;
const maxNames = 1000;
const maxReasonLength = 500;
const maxOutputLength = 4_000;
const maxPastMs = 366 * 24 * 3600 * 1000;
/** Operations run beside each other: what is reported later may have begun before what was reported earlier. */
const maxOverlapMs = 2 * 60 * 1000;
const maxCount = 2 ** 31 - 1;

/** The report's content, or what is wrong with it. */
export function reportBody({ report }: AgentReport, context: ReportContext): ReadReport {
  switch (report.kind) {
    case 'orderResult': {
      const result = outcome(report.value.result, context);
      if (typeof result === 'string') return { kind: 'invalid', reason: result };
      if (report.value.operationId === '') return { kind: 'invalid', reason: 'an order result without operation id' };
      return { kind: 'order-result', operationId: report.value.operationId, result };
    }
    case 'monitorChanged':
      return monitorChange(report.value, context);
    case 'localRecovery':
      return localRecovery(report.value, context);
    case 'condensedRecoveries':
      return condensed(report.value, context);
    case 'unknown':
      return { kind: 'unknown' };
  }
}

interface Invalid {
  readonly kind: 'invalid';
  readonly reason: string;
}

function monitorChange(value: OperationResult | undefined, context: ReportContext): MonitorChange | Invalid {
  const result = outcome(value, context);
  return typeof result === 'string' ? { kind: 'invalid', reason: result } : { kind: 'monitor-changed', result };
}

/** The newest of them decides what is the matter now; the others are a count and two times. */
function condensed(value: CondensedRecoveries, context: ReportContext): ReadReport {
  const newest = value.last === undefined ? monitorChange(value.changed, context) : localRecovery(value.last, context);
  if (newest.kind === 'invalid') return newest;
  const { resource } = newest.kind === 'local-recovery' ? newest : newest.result;
  if (resource !== value.resource) return { kind: 'invalid', reason: 'failures of another resource than the last one' };
  const failures = Math.min(value.failures, maxCount);
  const recovered = Math.min(value.recovered, failures);
  const lastAt = ownTime(value.lastUnixMs, context);
  // The first of them was long before what other reports have told of.
  const firstAt = ownTime(value.firstUnixMs, { ...context, reportedAt: 0 });
  return { kind: 'condensed', resource, failures, recovered, firstAt: Math.min(firstAt, lastAt), lastAt, newest };
}

function localRecovery(value: LocalRecovery, context: ReportContext): LocalRecoveryNews | Invalid {
  const failure = outcome(value.failure, context);
  if (typeof failure === 'string') return { kind: 'invalid', reason: failure };
  const { resource } = value;
  if (resource !== failure.resource) return { kind: 'invalid', reason: 'a recovery of another resource than failed' };
  const step = (result: OperationResult | undefined): OperationOutcome | undefined => {
    const read = result === undefined ? undefined : outcome(result, context);
    return typeof read === 'string' || read?.resource !== resource ? undefined : read;
  };
  return {
    kind: 'local-recovery',
    resource,
    failure,
    stop: step(value.stop),
    start: step(value.start),
    monitor: step(value.monitor),
    verdict: value.verdict === 'recovered' || value.verdict === 'escalate' ? value.verdict : 'failed',
    reason: value.reason.slice(0, maxReasonLength),
    failures: value.failuresInWindow,
    detectedAt: ownTime(value.detectedUnixMs, context),
    recoveredAt: ownTime(value.recoveredUnixMs, context),
  };
}

/** The result, or what is wrong with it. */
function outcome(result: OperationResult | undefined, context: ReportContext): OperationOutcome | string {
  if (result === undefined) return 'a report without its result';
  const { resource, operation, intervalMs, callId, rc, queueMs, timeoutMs } = result;
  if (!context.isKnown(resource))
    return `nothing is known of a resource ${JSON.stringify(resource.slice(0, 100))} there`;
  if (!operationPattern.test(operation)) return `no name of an operation: ${JSON.stringify(operation.slice(0, 50))}`;
  if (rc < 0 || rc > 255) return `no exit code: ${rc}`;
  if (callId < 0 || callId > maxCount || intervalMs > maxCount) return 'a call id or an interval beyond all bounds';
  return {
    resource,
    operation,
    intervalMs,
    callId,
    rc,
    status: operationStatus(result.status),
    startedAt: ownTime(result.startedUnixMs, context),
    endedAt: ownTime(result.endedUnixMs, context),
    queueMs: Math.min(queueMs, maxCount),
    timeoutMs,
    exitReason: result.exitReason.slice(0, maxReasonLength),
    output: result.output.slice(-maxOutputLength),
    userData: userData(result.userData),
    restartParameters: result.reloadable ? namesOf(result.restartParameters) : undefined,
  };
}

/** Undefined, and so a restart for every change, where they are no names of parameters. */
function namesOf(names: readonly string[]): readonly string[] | undefined {
  const areNames = names.length <= maxNames && names.every((name) => namePattern.test(name));
  return areNames ? [...new Set(names)] : undefined;
}

/** The agent's time in ours. A clock that is far off says nothing about when: then it was now. */
function ownTime(at: number, { now, offsetMs, reportedAt }: ReportContext): number {
  if (at - offsetMs <= now - maxPastMs) return now;
  return toOwnTime(at, offsetMs, { now, notBefore: reportedAt - maxOverlapMs });
}

function operationStatus(status: string): OperationOutcome['status'] {
  switch (status) {
    case 'done':
    case 'timeout':
    case 'cancelled':
    case 'not-installed':
      return status;
    default:
      return 'error';
  }
}

/** Our own words coming back through the agent; one that was changed on the way counts as none. */
function userData(text: string): OperationUserData | undefined {
  if (text === '') return undefined;
  try {
    const value = JSON.parse(text) as Partial<OperationUserData> | null;
    const isWhole =
      isCount(value?.transition) &&
      isCount(value?.action) &&
      isCount(value?.expectedRc) &&
      isWord(value?.digest) &&
      isWord(value?.class) &&
      isWord(value?.type) &&
      (value?.provider === undefined || isWord(value.provider));
    return isWhole ? (value as OperationUserData) : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= -1 && value <= maxCount;
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && wordPattern.test(value);
}
