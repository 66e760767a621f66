/** A recorded decision, made again: the same CIB at the same time through the scheduler that is installed now. */
import { parseGraph } from '../graph/parse-graph.js';
import { renderSummaryLine, simulateOrder } from '../graph/simulate.js';
import type { TransitionGraph } from '../graph/transition-graph.js';
import type { Scheduler } from '../scheduler/scheduler.js';
import { graphRelation } from './graph-relation.js';

export interface Replayed {
  readonly isSameGraph: boolean;
  readonly isSameOrder: boolean;
  /** What differs, in the words of crm_simulate; a line is of the record (`-`) or of the replay (`+`). */
  readonly differences: readonly string[];
}

export type ReplayOutcome =
  | ({ readonly kind: 'replayed' } & Replayed)
  | { readonly kind: 'impossible'; readonly message: string };

export async function replayDecision(
  scheduler: Scheduler,
  recorded: { readonly cib: string; readonly graph: string },
): Promise<ReplayOutcome> {
  const date = /\sexecution-date="(\d+)"/.exec(recorded.cib.slice(0, 2_000))?.[1];
  if (date === undefined) return { kind: 'impossible', message: 'the recorded CIB does not say when it was decided' };
  const decision = await scheduler.decide({ cib: recorded.cib, nowUnixS: Number(date) });
  if (decision.kind !== 'graph') {
    return { kind: 'impossible', message: `the scheduler ${decision.kind}: ${decision.message}` };
  }
  const [recordedGraph, replayedGraph] = [parseGraph(recorded.graph), parseGraph(decision.graphXml)];
  if (recordedGraph.kind !== 'graph') return { kind: 'impossible', message: 'the recorded graph cannot be read' };
  if (replayedGraph.kind !== 'graph') return { kind: 'impossible', message: "the scheduler's graph cannot be read" };
  // One that was decided in parts has the same in it, numbered otherwise, and independent things in another order.
  const isSameGraph =
    withoutNumber(recorded.graph) === withoutNumber(decision.graphXml) ||
    graphRelation(recordedGraph.graph).join('\n') === graphRelation(replayedGraph.graph).join('\n');
  const [before, now] = [linesOf(recordedGraph.graph), linesOf(replayedGraph.graph)];
  const differences = [
    ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
  return {
    kind: 'replayed',
    isSameGraph,
    isSameOrder: isSameGraph || before.join('\n') === now.join('\n'),
    differences,
  };
}

function linesOf(graph: TransitionGraph): readonly string[] {
  return simulateOrder(graph).executed.map((executed) => renderSummaryLine(executed).replace(/^\s*\*\s*/, ''));
}

/** Numbering transitions is the caller's. */
function withoutNumber(graphXml: string): string {
  return graphXml.replace(/\stransition_id="[^"]*"/, '').trim();
}
