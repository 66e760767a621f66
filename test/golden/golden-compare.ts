import { findInstanceOnlyIds } from '../../coordinator/graph/instance-only-ids.js';
import { parseGraph } from '../../coordinator/graph/parse-graph.js';
import {
  type InjectedFailure,
  renderSummaryLine,
  type Simulation,
  simulateOrder,
} from '../../coordinator/graph/simulate.js';
import type { TransitionGraph } from '../../coordinator/graph/transition-graph.js';
import type { Decision, Scheduler } from '../../coordinator/scheduler/scheduler.js';
import { endStateOf } from './golden-end-state.js';
import type { Aspect } from './golden-known-differences.js';
import { canonicalGraph, firstDifference, historyLines, simulatorsEndCib } from './golden-normalise.js';
import { askCrmSimulate, type OracleAnswer } from './golden-oracle.js';
import { parseTree } from './golden-tree.js';

/** One input, to be decided and executed by both sides. */
export interface GoldenCase {
  readonly name: string;
  readonly cib: string;
  readonly nowUnixS: number;
  /** Operations that shall fail; drawn once the graph is known. */
  readonly drawFailures?: (graph: TransitionGraph) => readonly InjectedFailure[];
  /** What was saved as expected, perhaps by another version. */
  readonly savedGraph?: string | undefined;
  readonly savedOrder?: readonly string[] | undefined;
}

export interface Comparison {
  readonly name: string;
  /** Undefined where the installed crm_simulate gives nothing to compare with; `saved ...` where nothing was saved. */
  readonly verdicts: Readonly<Partial<Record<Aspect, Verdict>>>;
  /** Why there is nothing to compare at all. */
  readonly unanswered: string | undefined;
  /** The actions that our engine executed, as crm_simulate words them. */
  readonly order: readonly string[];
  readonly failures: readonly InjectedFailure[];
}

export type Verdict = { readonly kind: 'same' } | { readonly kind: 'different'; readonly detail: string };

type OracleAnswered = Extract<OracleAnswer, { kind: 'answered' }>;
type Decided = Extract<Decision, { kind: 'graph' }>;

/**
 * Decides and executes a case with our binding and engine, and with the installed crm_simulate.
 * @param scratch a directory of the caller's for one comparison at a time
 */
export async function compareCase(scheduler: Scheduler, scratch: string, golden: GoldenCase): Promise<Comparison> {
  const { name, cib, nowUnixS } = golden;
  const flaw = flawOf(cib);
  if (flaw !== undefined) return { name, verdicts: {}, unanswered: flaw, order: [], failures: [] };
  const decision = await decide(scheduler, cib, nowUnixS);
  const graph = decision.kind === 'graph' ? parseGraph(decision.graphXml) : undefined;
  const failures = graph?.kind === 'graph' ? (golden.drawFailures?.(graph.graph) ?? []) : [];
  const theirs = await askCrmSimulate(scratch, { cib, nowUnixS, failures });
  if (theirs.kind === 'unanswered') {
    return { name, verdicts: {}, unanswered: `crm_simulate does not answer: ${theirs.message}`, order: [], failures };
  }
  const saved = savedVerdicts(golden, theirs.graphXml, theirs.order);
  if (decision.kind !== 'graph' || graph?.kind !== 'graph') {
    const detail = graph?.kind === 'malformed' ? `our parser: ${graph.message}` : describeFailure(decision);
    const verdict: Verdict = { kind: 'different', detail };
    const verdicts = { graph: verdict, order: verdict, 'end state': verdict, ...saved };
    return { name, verdicts, unanswered: undefined, order: [], failures };
  }
  const simulation = simulate(graph.graph, golden, decision, failures);
  const order = simulation.executed.map(renderSummaryLine);
  const endState = await compareEndStates(scheduler, golden, simulation, theirs);
  const verdicts = {
    graph: verdictOf(canonicalGraph(decision.graphXml), canonicalGraph(theirs.graphXml)),
    order: compareOrders(simulation, order, theirs),
    ...(endState === undefined ? {} : { 'end state': endState }),
    ...saved,
  };
  return { name, verdicts, unanswered: undefined, order, failures };
}

/** Pacemaker's own parser reads half a document as if it were one and answers for that; our binding refuses it. */
function flawOf(cib: string): string | undefined {
  try {
    parseTree(cib);
    return undefined;
  } catch (error) {
    return `it is not well-formed: ${String(error)}`;
  }
}

function compareOrders({ end }: Simulation, order: readonly string[], theirs: OracleAnswered): Verdict {
  const ending = (isIncomplete: boolean) => (isIncomplete ? 'and the rest can not be executed' : 'and that is all');
  const ours = [...order, ending(end.kind === 'terminated')];
  return verdictOf(ours, [...theirs.order, ending(theirs.isTerminated)]);
}

function simulate(
  graph: TransitionGraph,
  { cib }: GoldenCase,
  { status }: Decided,
  failures: readonly InjectedFailure[],
): Simulation {
  const offline = status?.nodes.filter(({ isOnline }) => !isOnline).map(({ name }) => name);
  const names = findInstanceOnlyIds(cib, new Set(offline));
  return simulateOrder(graph, { failures, instanceOnlyIds: names.kind === 'ids' ? names.ids : new Set() });
}

/** Of both resulting CIBs: the records of operations, and what the scheduler says of nodes, resources and what is next. */
async function compareEndStates(
  scheduler: Scheduler,
  { cib, nowUnixS }: GoldenCase,
  { executed }: Simulation,
  { endCib, startedAtUnixS }: OracleAnswered,
): Promise<Verdict | undefined> {
  if (endCib === undefined) return undefined;
  const ours = endStateOf(cib, executed, nowUnixS);
  const theirs = simulatorsEndCib(endCib, { startedAtUnixS, nowUnixS });
  const records = verdictOf(historyLines(ours), historyLines(theirs));
  if (records.kind === 'different') return records;
  const [ourNext, theirNext] = [await decide(scheduler, ours, nowUnixS), await decide(scheduler, theirs, nowUnixS)];
  if (ourNext.kind !== 'graph' || theirNext.kind !== 'graph') {
    const isSame = ourNext.kind === theirNext.kind;
    return isSame ? { kind: 'same' } : { kind: 'different', detail: `next: ${ourNext.kind}, theirs ${theirNext.kind}` };
  }
  const graphs = verdictOf(canonicalGraph(ourNext.graphXml), canonicalGraph(theirNext.graphXml));
  if (graphs.kind === 'different') return { kind: 'different', detail: `next graph, ${graphs.detail}` };
  return verdictOf(statusLines(ourNext), statusLines(theirNext));
}

function statusLines({ status }: Decided): string[] {
  if (status === undefined) throw new Error('the scheduler did not tell the status that it was asked for');
  return [...status.nodes, ...status.resources].map((each) => JSON.stringify(each));
}

function savedVerdicts(
  { savedGraph, savedOrder }: GoldenCase,
  graphXml: string,
  order: readonly string[],
): Comparison['verdicts'] {
  // A graph carries the versions of who made it and options that its time had other defaults for.
  const ofRelease = ['crm_feature_set', 'batch-limit'];
  const compareGraph = (saved: string) => {
    try {
      return verdictOf(canonicalGraph(graphXml, ofRelease), canonicalGraph(saved, ofRelease));
    } catch (error) {
      return { kind: 'different', detail: `the saved graph can not be read: ${String(error)}` } as const;
    }
  };
  return {
    ...(savedGraph === undefined ? {} : { 'saved graph': compareGraph(savedGraph) }),
    ...(savedOrder === undefined ? {} : { 'saved order': verdictOf(order, savedOrder) }),
  };
}

function decide(scheduler: Scheduler, cib: string, nowUnixS: number): Promise<Decision> {
  // crm_simulate always assumes that secrets were taken out of the CIB.
  return scheduler.decide({ cib, nowUnixS, isSanitized: true, wantsStatus: true });
}

function describeFailure(decision: Decision): string {
  return decision.kind === 'graph' ? '' : `our binding: ${decision.kind}, ${decision.reason}: ${decision.message}`;
}

function verdictOf(ours: readonly string[], theirs: readonly string[]): Verdict {
  const detail = firstDifference(ours, theirs);
  return detail === undefined ? { kind: 'same' } : { kind: 'different', detail };
}
