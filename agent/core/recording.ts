import { markReplaced, markReported } from './failure-window.js';
import { lookUp, withValue } from './id-map.js';
import type { Moment, Operation, OperationOutcome, OperationResult } from './operation.js';
import { queueReport } from './report-queue.js';
import { resultOf } from './report-results.js';
import type { AgentState, LocalRecoveryReport, ReportBody, ResourceRecord, ResourceState, RunStart } from './state.js';
import type { AgentEffect } from './step.js';

/** A state in the making: what a step has decided so far. */
export interface Draft {
  readonly state: AgentState;
  readonly effects: readonly AgentEffect[];
}

/** Replaces one resource. */
export function withResource(draft: Draft, resource: ResourceState): Draft {
  const { state } = draft;
  const resources = withValue(state.resources, resource.record.resource, resource);
  return { ...draft, state: { ...state, resources } };
}

/** Replaces the durable part of one resource. */
export function withRecord(draft: Draft, record: ResourceRecord): Draft {
  const resource = lookUp(draft.state.resources, record.resource);
  return resource === undefined ? draft : withResource(draft, { ...resource, record });
}

/** Numbers a report; it stays in the state until the outbox has it. */
export function withReport(draft: Draft, body: ReportBody): { readonly draft: Draft; readonly number: number } {
  const { state, number, replaced } = queueReport(draft.state, body);
  const queued = { ...draft, state };
  const record = replaced === undefined ? undefined : lookUp(state.resources, resultOf(body).resource)?.record;
  if (record === undefined || replaced === undefined) return { number, draft: queued };
  return { number, draft: withRecord(queued, { ...record, window: markReplaced(record.window, replaced, number) }) };
}

/** Reports a local recovery (or what was not repaired) and ties the failures it tells of to that report. */
export function withRecoveryReport(draft: Draft, record: ResourceRecord, body: LocalRecoveryReport): Draft {
  const reported = withReport(withRecord(draft, record), body);
  const known = lookUp(reported.draft.state.resources, record.resource)?.record ?? record;
  return withRecord(reported.draft, { ...known, window: markReported(known.window, reported.number) });
}

export interface FinishedRun {
  readonly operation: Operation;
  readonly run: RunStart;
  readonly outcome: OperationOutcome;
  /** When it could have started: in the unix time of then are the times of the result. */
  readonly queuedAt: Moment;
  readonly userData: string;
}

/** Makes a result of a finished run, with the next call-id. */
export function recordResult(
  draft: Draft,
  { operation, run, outcome, queuedAt, userData }: FinishedRun,
  at: Moment,
): { readonly draft: Draft; readonly result: OperationResult } {
  const { counters } = draft.state;
  const execMs = Math.max(0, Math.round(at.bootMs - run.at.bootMs));
  const queueMs = Math.max(0, Math.round(run.at.bootMs - queuedAt.bootMs));
  const startedUnixMs = queuedAt.unixMs + queueMs;
  const result: OperationResult = {
    resource: operation.resource,
    operation: operation.name,
    intervalMs: operation.intervalMs,
    callId: counters.nextCallId,
    ...outcome,
    startedUnixMs,
    endedUnixMs: startedUnixMs + execMs,
    base: queuedAt,
    execMs,
    queueMs,
    userData,
    parameters: operation.definition.parameters,
    timeoutMs: operation.timeoutMs,
  };
  return {
    result,
    draft: { ...draft, state: { ...draft.state, counters: { ...counters, nextCallId: counters.nextCallId + 1 } } },
  };
}
