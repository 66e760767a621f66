/**
 * One decision: the CIB of an input to the scheduler, its graph back. Where the parts of a deployable may be decided
 * apart they are, one after the other, and those in which nothing has changed since there was nothing to do in them are
 * not asked about again.
 */
import { parseGraphInSteps } from '../graph/parse-graph.js';
import type { TransitionGraph } from '../graph/transition-graph.js';
import { renderCibInSteps } from '../policy/cib.js';
import { knownHosts } from '../policy/leftovers.js';
import { areAlike, partition } from '../policy/partition.js';
import type { Scheduler } from '../scheduler/scheduler.js';
import type { CibInput } from '../state/cib-input.js';
import type { DecisionOutcome } from './core/dpe-event.js';
import { inSlices } from './in-slices.js';
import { mayMerge, mergeGraphs, mergeGraphTexts } from './merge-graphs.js';

const deadlineMs = 120_000;

/** Below this many assemblies the whole is decided about as fast as its parts. */
const fewestAssemblies = 10;

export interface Decided {
  readonly outcome: DecisionOutcome;
  /** What explains it: the whole CIB, and the text of the graph, empty where there is none. Work of its own: not for everybody. */
  readonly record: () => Promise<DecisionRecord>;
}

export interface DecisionRecord {
  readonly cib: string;
  readonly graph: string;
}

export interface Decider {
  /** Never rejects for what the scheduler does or fails to do. One decision at a time. */
  decide(input: CibInput): Promise<Decided>;
}

export interface DeciderOptions {
  /** Deployables with fewer are always decided as a whole. */
  readonly fewestAssemblies?: number;
}

interface Answer {
  readonly graph: TransitionGraph;
  readonly graphXml: string;
  readonly recheckAt: number | undefined;
}

type Asked = { readonly kind: 'answer'; readonly answer: Answer; readonly cib: string } | Failed;
type Failed = { readonly kind: 'failed'; readonly reason: string; readonly cib: string; readonly graphXml: string };

/** Decides the whole, whatever its size: what is shown to people, or held to, comes from here. */
export async function decideWhole(input: CibInput, scheduler: Scheduler): Promise<Decided> {
  const asked = await ask(input, scheduler);
  const { cib } = asked;
  if (asked.kind === 'failed') return failed(asked, async () => ({ cib, graph: asked.graphXml }));
  const { graph, graphXml, recheckAt } = asked.answer;
  return { outcome: { kind: 'graph', graph, recheckAt }, record: async () => ({ cib, graph: graphXml }) };
}

/** Remembers the parts in which there was nothing to do. */
export function createDecider(scheduler: Scheduler, options: DeciderOptions = {}): Decider {
  const fewest = options.fewestAssemblies ?? fewestAssemblies;
  /** By the first assembly of each part. */
  let atRest: ReadonlyMap<string, { readonly part: CibInput; readonly answer: Answer }> = new Map();

  async function decideApart(parts: readonly CibInput[]): Promise<readonly Answer[] | Failed> {
    const answers: Answer[] = [];
    const stillAtRest = new Map<string, { readonly part: CibInput; readonly answer: Answer }>();
    for (const part of parts) {
      const name = part.deployable.assemblies[0]?.name ?? '';
      const before = atRest.get(name);
      const isUnchanged = before !== undefined && areAlike(before.part, part);
      const asked = isUnchanged ? ({ kind: 'answer', answer: before.answer } as const) : await ask(part, scheduler);
      if (asked.kind === 'failed') return asked;
      const { answer } = asked;
      answers.push(answer);
      // What time alone may change is asked again.
      if (answer.graph.synapses.length === 0 && answer.recheckAt === undefined) stillAtRest.set(name, { part, answer });
    }
    atRest = stillAtRest;
    return answers;
  }

  async function decide(input: CibInput): Promise<Decided> {
    const parts = input.deployable.assemblies.length < fewest ? [input] : partition(input);
    if (parts.length === 1) return decideWhole(input, scheduler);
    const answers = await decideApart(parts);
    const cibOfWhole = () => inSlices(renderCibInSteps(input));
    if ('kind' in answers) return failed(answers, async () => ({ cib: await cibOfWhole(), graph: '' }));
    const graphs = answers.map(({ graph }) => graph);
    if (!mayMerge(graphs, knownHosts(input).length)) return decideWhole(input, scheduler);
    const rechecks = answers.flatMap(({ recheckAt }) => (recheckAt === undefined ? [] : [recheckAt]));
    const recheckAt = rechecks.length === 0 ? undefined : Math.min(...rechecks);
    const texts = answers.map(({ graphXml }) => graphXml);
    return {
      outcome: { kind: 'graph', graph: mergeGraphs(graphs), recheckAt },
      record: async () => ({ cib: await cibOfWhole(), graph: mergeGraphTexts(texts, graphs) }),
    };
  }

  return { decide };
}

async function ask(input: CibInput, scheduler: Scheduler): Promise<Asked> {
  const cib = await inSlices(renderCibInSteps(input));
  const decision = await scheduler.decide({ cib, nowUnixS: Math.floor(input.nowUnixMs / 1000), deadlineMs });
  if (decision.kind !== 'graph') {
    const reason = `the scheduler ${decision.kind} (${decision.reason}): ${decision.message}`;
    return { kind: 'failed', reason, cib, graphXml: '' };
  }
  const { graphXml, recheckAtUnixS } = decision;
  const parsed = await inSlices(parseGraphInSteps(graphXml));
  if (parsed.kind === 'malformed') {
    const reason = `the scheduler's graph cannot be read: ${parsed.message}`;
    return { kind: 'failed', reason, cib, graphXml };
  }
  const recheckAt = recheckAtUnixS === undefined ? undefined : recheckAtUnixS * 1000;
  return { kind: 'answer', answer: { graph: parsed.graph, graphXml, recheckAt }, cib };
}

function failed({ reason }: Failed, record: Decided['record']): Decided {
  return { outcome: { kind: 'failed', reason }, record };
}
