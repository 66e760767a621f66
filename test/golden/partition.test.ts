/**
 * Parts decided apart against the whole, both by the real scheduler: generated deployables in generated states. Wherever
 * partition and merger allow it, the merged graph has the same actions, each after the same others.
 *
 * PARTITION_RUNS and PARTITION_SEED: more situations, or the ones that failed.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { graphRelation } from '../../coordinator/dpe/graph-relation.js';
import { mayMerge, mergeGraphs, mergeGraphTexts } from '../../coordinator/dpe/merge-graphs.js';
import { parseGraph } from '../../coordinator/graph/parse-graph.js';
import type { TransitionGraph } from '../../coordinator/graph/transition-graph.js';
import { renderCib } from '../../coordinator/policy/cib.js';
import { knownHosts } from '../../coordinator/policy/leftovers.js';
import { partition } from '../../coordinator/policy/partition.js';
import { openSchedulerChild } from '../../coordinator/scheduler/scheduler-child.js';
import type { CibInput } from '../../coordinator/state/cib-input.js';
import { executed, settle } from '../../tools/bench/settle.js';
import { afterHappening, freshInput, type Situation, situation } from './partition-situations.js';

const runs = Number(process.env.PARTITION_RUNS ?? 60);
const seed = process.env.PARTITION_SEED;
const scheduler = openSchedulerChild();
after(() => scheduler.close());

const seen = { decisions: 0, apart: 0, refused: 0, withWork: 0, inSeveralParts: 0 };

test('parts decided apart are together what the whole is', { timeout: 1_200_000 }, async () => {
  const parameters = { numRuns: runs, endOnFailure: true, ...(seed === undefined ? {} : { seed: Number(seed) }) };
  await fc.assert(fc.asyncProperty(situation, follow), parameters);
  const { decisions, apart, refused, withWork, inSeveralParts } = seen;
  const work = `${withWork} with work, ${inSeveralParts} in several parts at once`;
  console.log(`apart ${apart} of ${decisions} decisions (${refused} not merged): ${work}`);
  assert.ok(withWork > 0, 'there was something to compare');
});

/** From the first start through everything that happens, comparing each decision. */
async function follow(given: Situation): Promise<void> {
  const fresh = freshInput(given);
  let input = await settled(afterGraph(fresh, await compare(fresh), 1));
  if (input === undefined) return;
  await compare(input);
  for (const [round, happening] of given.rounds.entries()) {
    input = happening.reduce(afterHappening, { ...input, nowUnixMs: input.nowUnixMs + 60_000 });
    const next = afterGraph(input, await compare(input), 100 + round);
    if (next === undefined) return;
    await compare(next);
    input = next;
  }
}

/** Undefined where the graph cannot be executed: where a held assembly should be stopped, Pacemaker leaves inputs out. */
function afterGraph(input: CibInput, graph: TransitionGraph, number: number): CibInput | undefined {
  try {
    return executed(graph, input, number);
  } catch {
    return undefined;
  }
}

/** Undefined where it does not come to rest: VMs that must be together and may not, for example. */
async function settled(input: CibInput | undefined): Promise<CibInput | undefined> {
  return input && settle(scheduler, input).catch(() => undefined);
}

/** Returns the graph of the whole. */
async function compare(input: CibInput): Promise<TransitionGraph> {
  const whole = await decided(input);
  const parts = partition(input);
  seen.decisions++;
  if (parts.length === 1) {
    assert.equal(parts[0], input);
    return whole.graph;
  }
  const answers: Answer[] = [];
  for (const part of parts) answers.push(await decided(part));
  const graphs = answers.map(({ graph }) => graph);
  if (!mayMerge(graphs, knownHosts(input).length)) {
    seen.refused++;
    return whole.graph;
  }
  seen.apart++;
  const busy = graphs.filter(({ synapses }) => synapses.length > 0).length;
  if (busy > 0) seen.withWork++;
  if (busy > 1) seen.inSeveralParts++;
  const merged = mergeGraphs(graphs);
  assert.deepEqual(graphRelation(merged), graphRelation(whole.graph));
  assert.deepEqual({ ...merged, synapses: [] }, { ...whole.graph, synapses: [] });
  const text = mergeGraphTexts(
    answers.map(({ xml }) => xml),
    graphs,
  );
  assert.deepEqual(parseGraph(text), { kind: 'graph', graph: merged });
  return whole.graph;
}

interface Answer {
  readonly xml: string;
  readonly graph: TransitionGraph;
}

async function decided(input: CibInput): Promise<Answer> {
  const decision = await scheduler.decide({ cib: renderCib(input), nowUnixS: Math.floor(input.nowUnixMs / 1000) });
  assert.ok(decision.kind === 'graph', JSON.stringify(decision));
  const parsed = parseGraph(decision.graphXml);
  assert.ok(parsed.kind === 'graph', JSON.stringify(parsed));
  return { xml: decision.graphXml, graph: parsed.graph };
}
