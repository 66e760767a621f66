import { writeFile } from 'node:fs/promises';
import { parseGraph } from '../../coordinator/graph/parse-graph.js';
import { exitCodes, type Failure, failure } from './exit-code.js';
import { type ActionResult, type DrawnGraph, renderDot } from './views/graph-dot.js';

export interface GraphText {
  readonly title: string;
  readonly xml: string;
  readonly results: ReadonlyMap<number, ActionResult> | undefined;
}

export type Drawing = { readonly kind: 'drawing'; readonly text: string } | Failure;

/** Draws transition graphs (as XML) in the DOT language or, laid out by Graphviz, as SVG. */
export async function drawGraphs(name: string, graphs: readonly GraphText[], format: 'dot' | 'svg'): Promise<Drawing> {
  const drawn: DrawnGraph[] = [];
  for (const { title, xml, results } of graphs) {
    const parsed = parseGraph(xml);
    if (parsed.kind === 'malformed') {
      const next = 'use the cpectl of the same version as the coordinator';
      return failure(exitCodes.failed, `the graph cannot be read: ${parsed.message}`, next);
    }
    drawn.push({ title, graph: parsed.graph, results });
  }
  const dot = renderDot(name, drawn);
  return format === 'dot' ? { kind: 'drawing', text: dot } : renderSvg(dot);
}

/** Graphviz is a few megabytes of WebAssembly: it is loaded when something is to be laid out, and not before. */
async function renderSvg(dot: string): Promise<Drawing> {
  const { instance } = await import('@viz-js/viz');
  const rendered = (await instance()).render(dot, { format: 'svg' });
  if (rendered.status === 'success') return { kind: 'drawing', text: rendered.output };
  const reason = rendered.errors.map(({ message }) => message).join('; ');
  return failure(exitCodes.failed, `Graphviz cannot lay the graph out: ${reason}`, 'take the text instead: --dot');
}

/** Writes to a file of the operator's choice; undefined when that went well. */
export async function writeDrawing(file: string, text: string): Promise<Failure | undefined> {
  try {
    await writeFile(file, text);
    return undefined;
  } catch (error) {
    return failure(exitCodes.failed, `${file} cannot be written: ${(error as Error).message}`);
  }
}
