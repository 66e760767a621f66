/**
 * The way of a report into the outbox: it waits in the state (and with it in the journal) until the outbox has it. A few
 * at a time are handed over; what was not handed over yet can still be condensed.
 */
import { condensed, isCondensable, partnerOf } from './condense.js';
import type { AgentState, Report, ReportBody } from './state.js';
import type { AgentEffect } from './step.js';

const maxWaitingResults = 512;

export interface Queued {
  readonly state: AgentState;
  readonly number: number;
  /** Number of the report that went into this one. */
  readonly replaced: number | undefined;
}

/** Numbers a report and puts it behind all others; where too many wait already it takes an earlier one in. */
export function queueReport(state: AgentState, body: ReportBody): Queued {
  const { counters, unspooled, policy } = state;
  const number = counters.nextReport;
  const numbered = { ...counters, nextReport: number + 1 };
  const whole: Report = { ...body, number, boot: policy.boot };
  const partner = isCondensable(body) ? partnerOf(body, unspooled, handedOver(state) + policy.maxUnspooled) : -1;
  const earlier = unspooled[partner];
  if (earlier === undefined || !isCondensable(earlier) || !isCondensable(body)) {
    return { number, replaced: undefined, state: { ...state, counters: numbered, unspooled: [...unspooled, whole] } };
  }
  const both: Report = { ...condensed(earlier, body), number, boot: policy.boot };
  const condensedReports = counters.condensedReports + 1;
  return {
    number,
    replaced: earlier.number,
    state: {
      ...state,
      counters: { ...numbered, condensedReports },
      unspooled: [...unspooled.toSpliced(partner, 1), both],
    },
  };
}

/** Gives the outbox what waits, a few reports at a time: they go to disk together. */
export function handOver(state: AgentState): { readonly state: AgentState; readonly effects: readonly AgentEffect[] } {
  const { unspooled, counters, policy } = state;
  const from = handedOver(state);
  const next = unspooled.slice(from, Math.max(from, policy.maxHandedOver));
  const last = next.at(-1);
  if (last === undefined) return { state, effects: [] };
  return {
    state: { ...state, counters: { ...counters, handedReport: last.number } },
    effects: next.map((report) => ({ kind: 'spool', report })),
  };
}

/** Reports that the outbox was given, in order: also those that an agent before this one had given it. */
export function reportsHandedOver(state: AgentState): readonly Report[] {
  return state.unspooled.slice(0, handedOver(state));
}

/** Every report up to `number` is in the outbox. */
export function forgetSpooled(state: AgentState, number: number): AgentState {
  return { ...state, unspooled: state.unspooled.filter((report) => report.number > number) };
}

/** Results of orders are never condensed: while too many of them wait, no more orders are taken. */
export function mayTakeOrders({ unspooled }: AgentState): boolean {
  if (unspooled.length < maxWaitingResults) return true;
  return unspooled.filter(({ kind }) => kind === 'order-result').length < maxWaitingResults;
}

/** Numbers grow, and are handed over in their order. */
function handedOver({ unspooled, counters }: AgentState): number {
  const index = unspooled.findIndex(({ number }) => number > counters.handedReport);
  return index < 0 ? unspooled.length : index;
}
