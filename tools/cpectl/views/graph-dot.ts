import type { GraphAction, TransitionGraph } from '../../../coordinator/graph/transition-graph.js';
import { renderElapsed } from './times.js';

/** What became of an action: an outcome as ExecutedAction of operator.proto has it, and how long it took. */
export interface ActionResult {
  readonly outcome: string;
  readonly tookMs: number | undefined;
}

export interface DrawnGraph {
  readonly title: string;
  readonly graph: TransitionGraph;
  /** By action id; undefined for a graph that was not executed: then nothing is said of outcomes. */
  readonly results: ReadonlyMap<number, ActionResult> | undefined;
}

/**
 * Transition graphs as one document in Graphviz's DOT language: actions are nodes, inputs are edges from what has to be
 * done first. The line of a node tells its kind, its filling what became of it.
 */
export function renderDot(name: string, graphs: readonly DrawnGraph[]): string {
  const [only] = graphs;
  const body =
    graphs.length === 1 && only !== undefined
      ? [`  label=${quote(only.title)};`, ...renderGraph(only, 'a', '  ')]
      : graphs.flatMap((drawn, index) => [
          `  subgraph cluster_${index + 1} {`,
          `    label=${quote(drawn.title)};`,
          '    color="#999999";',
          ...renderGraph(drawn, `t${index + 1}a`, '    '),
          '  }',
        ]);
  return [
    `digraph ${quote(name)} {`,
    '  graph [fontname="Helvetica", labelloc=t, rankdir=TB, newrank=true];',
    '  node [fontname="Helvetica", fontsize=11, shape=box, style="rounded,filled", fillcolor="#ffffff"];',
    '  edge [color="#666666", arrowsize=0.7];',
    ...body,
    '}',
    '',
  ].join('\n');
}

function renderGraph({ graph, results }: DrawnGraph, prefix: string, indent: string): string[] {
  const lines: string[] = [];
  const drawn = new Set(graph.synapses.flatMap(({ actions }) => actions.map(({ id }) => id)));
  for (const { actions, inputs } of graph.synapses) {
    for (const action of actions) {
      lines.push(`${indent}${prefix}${action.id} [${attributes(action, results).join(', ')}];`);
      // An input that names no action is never confirmed; there is nothing to draw it from.
      for (const input of inputs) {
        if (drawn.has(input)) lines.push(`${indent}${prefix}${input} -> ${prefix}${action.id};`);
      }
    }
  }
  return lines;
}

function attributes(action: GraphAction, results: DrawnGraph['results']): string[] {
  const result = results?.get(action.id);
  const took = result?.tookMs === undefined ? [] : [renderElapsed(result.tookMs)];
  const said = result === undefined || result.outcome === 'succeeded' ? [] : [result.outcome];
  const last = [...said, ...took].join(', ');
  const label = [...labelOf(action), ...(last === '' ? [] : [last])].join('\n');
  return [
    `label=${quote(label)}`,
    `color="${lineOf(action)}"`,
    ...kindStyles[action.kind],
    ...(results === undefined ? [] : [`fillcolor="${outcomeColors[result?.outcome ?? ''] ?? notExecuted}"`]),
  ];
}

/** What is done, to what, and where. */
function labelOf(action: GraphAction): string[] {
  switch (action.kind) {
    case 'pseudo':
      return [action.operationKey || action.operation, ...(action.node === undefined ? [] : [action.node.name])];
    case 'resource': {
      const interval = action.intervalMs === 0 ? '' : ` every ${renderElapsed(action.intervalMs)}`;
      return [
        `${action.operation} ${action.resource.longId ?? action.resource.id}${interval}`,
        `on ${action.node.name}`,
      ];
    }
    case 'cluster':
      return [
        `${action.operation}${action.resource === undefined ? '' : ` ${action.resource.id}`}`,
        `on ${action.node.name}`,
      ];
    case 'fencing':
      return [`fence ${action.node.name}`, action.fencingOperation];
  }
}

const kindStyles = {
  pseudo: ['shape=ellipse', 'style="filled,dashed"', 'fontcolor="#555555"'],
  resource: [],
  cluster: ['shape=hexagon', 'style=filled'],
  fencing: ['shape=octagon', 'style=filled', 'penwidth=3'],
} as const satisfies Record<GraphAction['kind'], readonly string[]>;

function lineOf(action: GraphAction): string {
  switch (action.kind) {
    case 'pseudo':
      return '#999999';
    case 'cluster':
      return '#8e5bb5';
    case 'fencing':
      return '#c0392b';
    case 'resource':
      return operationColors[action.operation] ?? '#444444';
  }
}

const operationColors: Readonly<Record<string, string>> = {
  start: '#2e8b57',
  promote: '#2e8b57',
  migrate_from: '#2e8b57',
  stop: '#c0762b',
  demote: '#c0762b',
  migrate_to: '#c0762b',
  monitor: '#3572b0',
};

const notExecuted = '#ffffff';
const outcomeColors: Readonly<Record<string, string>> = {
  succeeded: '#d7f0dd',
  failed: '#f5c6c6',
  'timed-out': '#f5c6c6',
  'failure-ignored': '#fbeec2',
  pending: '#d6e6f7',
};

/** A quoted DOT string: the only escapes are those of the quote, the backslash and the line break. */
function quote(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no control character may reach an XML document (SVG)
  return `"${escaped.replace(/[\u0000-\u001f\u007f]/g, ' ')}"`;
}
