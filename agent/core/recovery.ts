import { countFailure, markRecovered } from './failure-window.js';
import type { Operation, OperationResult } from './operation.js';
import { isExpected, Ocf } from './operation.js';
import type { Draft } from './recording.js';
import { withRecord, withRecoveryReport } from './recording.js';
import type { LocalRecoveryReport, Recovery, RecoveryStep, RecurringMonitor, ResourceRecord } from './state.js';
import type { StepInput } from './step.js';

/**
 * A delegated resource failed: repairs it (stop, start, monitor; at once or after a back-off), or reports the failure
 * unrepaired when the budget does not cover it.
 *
 * @param monitor what found the failure; it is what must succeed at the end.
 */
export function beginRecovery(
  draft: Draft,
  record: ResourceRecord,
  { failure, monitor }: { readonly failure: OperationResult; readonly monitor: Operation },
  input: StepInput,
): Draft {
  const recovery: Recovery = {
    failure,
    detectedAt: input.at,
    failures: 0,
    attempts: 0,
    monitor,
    phase: { kind: 'waiting', until: input.at.bootMs },
    results: {},
  };
  return attempt(draft, record, recovery, input);
}

/** Counts a failure (the first one, or that of an attempt to repair it) and decides whether there is another attempt. */
function attempt(draft: Draft, record: ResourceRecord, recovery: Recovery, input: StepInput): Draft {
  const { delegation } = record;
  if (delegation === undefined) return giveUp(draft, record, recovery, 'no longer delegated');
  const verdict = countFailure(record.window, delegation, input);
  const counted = { ...recovery, failures: verdict.failures };
  if (verdict.kind === 'escalate') {
    const emptied = { ...record, window: verdict.window };
    return conclude(draft, emptied, counted, { verdict: 'escalate', reason: verdict.reason, recoveredUnixMs: 0 });
  }
  const phase = { kind: 'waiting', until: input.at.bootMs + verdict.delayMs } as const;
  const next = { ...counted, attempts: recovery.attempts + 1, phase };
  return withRecord(draft, { ...record, window: verdict.window, recovery: next });
}

/** Takes the result of a step: goes on with the next one, ends the recovery, or counts its failure as another one. */
export function finishRecoveryStep(
  draft: Draft,
  record: ResourceRecord,
  { step, result }: { readonly step: RecoveryStep; readonly result: OperationResult },
  input: StepInput,
): Draft {
  if (record.recovery === undefined) return draft;
  const results = step === 'stop' ? { stop: result } : { ...record.recovery.results, [step]: result };
  const recovery = { ...record.recovery, results };
  const known = step === 'monitor' ? record : { ...record, lastOperation: result };
  if (!isExpected(result, Ocf.success)) {
    if (step === 'stop') return giveUp(draft, known, recovery, `its stop failed: ${describe(result)}`);
    return attempt(draft, known, recovery, input);
  }
  if (step !== 'monitor') {
    const phase = { kind: 'step', step: step === 'stop' ? 'start' : 'monitor', run: undefined } as const;
    return withRecord(draft, { ...known, recovery: { ...recovery, phase } });
  }
  const window = markRecovered(record.window, input.at);
  const recovered = { ...known, window, monitors: healthy(known.monitors, result) };
  const reason = recovery.attempts === 1 ? '' : `at attempt ${recovery.attempts}`;
  return conclude(draft, recovered, recovery, { verdict: 'recovered', reason, recoveredUnixMs: result.endedUnixMs });
}

/** Ends a recovery between two of its steps because something of higher order is to be done with the resource. */
export function cutShort(draft: Draft, record: ResourceRecord, reason: string): Draft {
  return record.recovery === undefined ? draft : giveUp(draft, record, record.recovery, reason);
}

function giveUp(draft: Draft, record: ResourceRecord, recovery: Recovery, reason: string): Draft {
  return conclude(draft, record, recovery, { verdict: 'failed', reason, recoveredUnixMs: 0 });
}

function conclude(
  draft: Draft,
  record: ResourceRecord,
  recovery: Recovery,
  end: Pick<LocalRecoveryReport, 'verdict' | 'reason' | 'recoveredUnixMs'>,
): Draft {
  const report: LocalRecoveryReport = {
    kind: 'local-recovery',
    resource: record.resource,
    failure: recovery.failure,
    results: recovery.results,
    ...end,
    failuresInWindow: recovery.failures,
    detectedUnixMs: recovery.detectedAt.unixMs,
  };
  // Without a monitor nothing else would keep the same failure from being found again and again.
  const isGivenUp = end.verdict !== 'recovered' && Object.keys(record.monitors).length === 0;
  const isExpectedToRun = record.isExpectedToRun && !isGivenUp;
  return withRecoveryReport(draft, { ...record, isExpectedToRun, recovery: undefined }, report);
}

/** After a recovery every monitor that expects the resource to run starts from good again. */
function healthy(
  monitors: ResourceRecord['monitors'],
  result: OperationResult,
): Readonly<Record<string, RecurringMonitor>> {
  const entries = Object.entries(monitors).map(([key, monitor]) => {
    if (monitor.expectedRc !== Ocf.success) return [key, monitor] as const;
    const { operation, intervalMs, timeoutMs, parameters, userData } = monitor.last;
    const last = { ...result, operation, intervalMs, timeoutMs, parameters, userData };
    return [key, { ...monitor, last }] as const;
  });
  return Object.fromEntries(entries);
}

/** One line: what came of an operation. */
export function describe(result: OperationResult): string {
  const reason = result.exitReason === '' ? '' : `: ${result.exitReason}`;
  return result.status === 'done' ? `rc ${result.rc}${reason}` : `${result.status}${reason}`;
}
