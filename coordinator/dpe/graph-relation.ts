import type { GraphAction, TransitionGraph } from '../graph/transition-graph.js';

/**
 * What a graph says but for its numbering and the order of its text: one line for each action with all that it carries
 * and the names of the actions that come before it, sorted. Two graphs with the same lines have the same done, each thing
 * after the same others; a graph merged from parts has those of the whole.
 */
export function graphRelation({ synapses }: TransitionGraph): readonly string[] {
  const names = new Map(synapses.flatMap(({ actions }) => actions.map((action) => [action.id, nameOf(action)])));
  const lines = synapses.flatMap(({ priority, actions, inputs }) => {
    const before = inputs.map((id) => names.get(id) ?? 'an action that is not there').sort();
    return actions.map(({ id: _, ...action }) => JSON.stringify([action, priority, before], sortedMaps));
  });
  return lines.sort();
}

function nameOf({ kind, operationKey, node }: GraphAction): string {
  return `${kind} ${operationKey} ${node?.name}`;
}

function sortedMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value].sort() : value;
}
