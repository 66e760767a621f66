/** Graphs of parts that were decided apart (coordinator/policy/partition.ts), executed as one. */
import type { GraphAction, Synapse, TransitionGraph } from '../graph/transition-graph.js';

/**
 * Whether the graphs together are what the scheduler would have answered to the whole. They are not
 *
 * - where a node is fenced and another part has something to do: every start comes after every fencing
 *   (lib/pacemaker/pcmk_sched_fencing.c order_start_vs_fencing), also across parts;
 * - where nodes of several parts change to maintenance: that is one action for all of them;
 * - where there are several launcher hosts and a VM or its connection is started or stopped: the place depends on all.
 */
export function mayMerge(graphs: readonly TransitionGraph[], launcherHosts: number): boolean {
  const busy = graphs.filter(({ synapses }) => synapses.length > 0);
  const has = (is: (action: GraphAction) => boolean) =>
    busy.some(({ synapses }) => synapses.some(({ actions }) => actions.some(is)));
  if (has(({ kind }) => kind === 'fencing')) return false;
  if (launcherHosts > 1 && has(isMove)) return false;
  return busy.length < 2 || !has(({ operation }) => operation === 'stonith' || operation === 'maintenance_nodes');
}

function isMove(action: GraphAction): boolean {
  if (action.kind !== 'resource' || action.operation === 'monitor') return false;
  const { class: standard, provider, type } = action.resource;
  const kind = `${standard}:${provider}:${type}`;
  return kind === 'ocf:cpe:assembly' || kind === 'ocf:pacemaker:remote';
}

/**
 * One graph with everything in it: synapses part after part, ids counted on from part to part. Limits and offsets come
 * from the same options everywhere; the earliest time to look again counts.
 *
 * @param graphs one or more
 */
export function mergeGraphs(graphs: readonly TransitionGraph[]): TransitionGraph {
  const [first, ...others] = graphs;
  if (first === undefined) throw new RangeError('no graph to merge');
  if (others.length === 0) return first;
  const shifts = shiftsOf(graphs);
  const rechecks = graphs.flatMap(({ recheckAtMs }) => (recheckAtMs === undefined ? [] : [recheckAtMs]));
  return {
    ...first,
    recheckAtMs: rechecks.length === 0 ? undefined : Math.min(...rechecks),
    synapses: graphs.flatMap(({ synapses }, part) => synapses.map((synapse) => shifted(synapse, shifts[part]))),
  };
}

/**
 * The same with the graphs' texts, as the library writes them: what the merged graph says, for people and for programs
 * that read such files.
 */
export function mergeGraphTexts(texts: readonly string[], graphs: readonly TransitionGraph[]): string {
  const [first = '', ...others] = texts;
  if (others.length === 0) return first;
  const shifts = shiftsOf(graphs);
  const bodies = texts.map((text, part) => shiftedText(bodyOf(text), shifts[part]));
  const recheckBy = mergeGraphs(graphs).recheckAtMs;
  const open = /^<transition_graph[^>]*?(?=\/?>)/.exec(first)?.[0].replace(/ recheck-by="[^"]*"/, '') ?? '';
  const recheck = recheckBy === undefined ? '' : ` recheck-by="${Math.floor(recheckBy / 1000)}"`;
  const body = bodies.join('');
  return body === '' ? `${open}${recheck}/>` : `${open}${recheck}>${body}</transition_graph>`;
}

interface Shift {
  readonly synapse: number;
  readonly action: number;
}

const noShift: Shift = { synapse: 0, action: 0 };

/** What each graph's ids are raised by: those of the graphs before it stay below. */
function shiftsOf(graphs: readonly TransitionGraph[]): readonly Shift[] {
  let next = noShift;
  return graphs.map(({ synapses }) => {
    const shift = next;
    let [highestSynapse, highestAction] = [-1, -1];
    for (const { id, actions, inputs } of synapses) {
      highestSynapse = Math.max(highestSynapse, id);
      for (const action of actions) highestAction = Math.max(highestAction, action.id);
      for (const input of inputs) highestAction = Math.max(highestAction, input);
    }
    next = { synapse: shift.synapse + highestSynapse + 1, action: shift.action + highestAction + 1 };
    return shift;
  });
}

function shifted(synapse: Synapse, { synapse: bySynapse, action: byAction }: Shift = noShift): Synapse {
  return {
    ...synapse,
    id: synapse.id + bySynapse,
    actions: synapse.actions.map((action) => ({ ...action, id: action.id + byAction })),
    inputs: synapse.inputs.map((id) => id + byAction),
  };
}

/** The library writes an action's id first (lib/pacemaker/pcmk_graph_producer.c); no attribute value has a `<` in it. */
function shiftedText(body: string, { synapse, action }: Shift = noShift): string {
  return body.replace(
    /<(synapse|rsc_op|pseudo_event|crm_event) id="(\d+)"/g,
    (_, name: string, id: string) => `<${name} id="${Number(id) + (name === 'synapse' ? synapse : action)}"`,
  );
}

function bodyOf(text: string): string {
  const from = text.indexOf('>') + 1;
  const to = text.lastIndexOf('</transition_graph>');
  return to < from ? '' : text.slice(from, to);
}
