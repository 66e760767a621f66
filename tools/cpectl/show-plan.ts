import type { Command } from 'commander';
import type { Plan } from '../../proto/messages.js';
import { type CommandOutcome, done, exitCodes, failure } from './exit-code.js';
import type { GlobalOptions } from './global-options.js';
import { printJson } from './run-command.js';
import type { Terminal } from './terminal.js';
import { renderPlan } from './views/plan-view.js';
import { printable } from './views/printable.js';

export interface GraphOptions {
  readonly dot?: boolean;
  readonly svg?: boolean;
  readonly graph?: string;
}

/** Options of every command that has a graph to show. */
export function graphOptions(command: Command): Command {
  return command
    .option('--dot', "print the graph in Graphviz's DOT language instead")
    .option('--svg', 'print the graph as SVG instead')
    .option('--graph <file>', 'write the graph to a file: SVG where its name ends with .svg, DOT otherwise');
}

/** Prints a plan, as text, as data or as a graph; a plan that the scheduler refused is a failure. */
export async function showPlan(
  plan: Plan,
  about: { readonly name: string; readonly supposed: string; readonly given: GraphOptions },
  { terminal, options }: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const { name, supposed, given } = about;
  if (given.dot === true && given.svg === true) return failure(exitCodes.usage, 'give --dot or --svg, not both');
  if (given.dot === true || given.svg === true || given.graph !== undefined) {
    const { drawGraphs, writeDrawing } = await import('./draw-graph.js');
    const graphs = plan.transitions
      .filter(({ graphXml }) => graphXml !== '')
      .map(({ number, trigger, graphXml }) => ({
        title: `transition ${number}: ${trigger}`,
        xml: graphXml,
        results: undefined,
      }));
    const isSvg = given.graph === undefined ? given.svg === true : given.graph.endsWith('.svg');
    const drawing = await drawGraphs(name, graphs, isSvg ? 'svg' : 'dot');
    if (drawing.kind === 'failure') return drawing;
    if (given.graph !== undefined) {
      const failed = await writeDrawing(given.graph, drawing.text);
      if (failed !== undefined) return failed;
    } else if (!options.json) {
      terminal.out.write(drawing.text);
      return outcomeOf(plan);
    }
  }
  if (options.json) printJson(terminal, plan);
  else terminal.out.write(renderPlan(plan, { supposed }, terminal.out.colors));
  return outcomeOf(plan);
}

function outcomeOf({ outcome, reason }: Plan): CommandOutcome {
  if (outcome !== 'refused') return done;
  return failure(exitCodes.failed, `no decision is possible: ${printable(reason) || 'no reason is given'}`);
}
