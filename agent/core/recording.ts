import { markReported } from './failure-window.js';
import { lookUp, withValue } from './id-map.js';
import type { Moment, Operation, OperationOutcome, OperationResult } from './operation.js';
import type { AgentState, Report, ReportBody, ResourceRecord, ResourceState, RunStart } from './state.js';
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
  const { state } = draft;
  const { counters, unspooled, policy } = state;
  const number = counters.nextReport;
  const numbered = { ...counters, nextReport: number + 1 };
  if (unspooled.length >= policy.maxUnspooled) {
    const lost = { ...numbered, lostReports: counters.lostReports + 1 };
    return { number, draft: { ...draft, state: { ...state, counters: lost } } };
  }
  const report: Report = { ...body, number };
  return {
    number,
    draft: {
      state: { ...state, counters: numbered, unspooled: [...unspooled, report] },
      effects: [...draft.effects, { kind: 'spool', report }],
    },
  };
}

/** Reports a local recovery (or what was not repaired) and ties the failures it tells of to that report. */
export function withRecoveryReport(draft: Draft, record: ResourceRecord, body: ReportBody): Draft {
  const reported = withReport(draft, body);
  return withRecord(reported.draft, { ...record, window: markReported(record.window, reported.number) });
}

export interface FinishedRun {
  readonly operation: Operation;
  readonly run: RunStart;
  readonly outcome: OperationOutcome;
  /** When it could have started. */
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
  const result: OperationResult = {
    resource: operation.resource,
    operation: operation.name,
    intervalMs: operation.intervalMs,
    callId: counters.nextCallId,
    ...outcome,
    startedUnixMs: run.at.unixMs,
    endedUnixMs: run.at.unixMs + execMs,
    execMs,
    queueMs: Math.max(0, Math.round(run.at.bootMs - queuedAt.bootMs)),
    userData,
    parameters: operation.definition.parameters,
    timeoutMs: operation.timeoutMs,
  };
  return {
    result,
    draft: { ...draft, state: { ...draft.state, counters: { ...counters, nextCallId: counters.nextCallId + 1 } } },
  };
}
