import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done, exitCodes, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName, parseWhole } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { tookMs } from '../views/executed-view.js';

interface DrawOptions {
  readonly svg?: boolean;
  readonly dot?: boolean;
  readonly output?: string;
}

const answerMs = 30_000;

/** `transitions graph`: a decision as a picture. */
export function registerTransitionGraph(group: Command, terminal: Terminal): void {
  group
    .command('graph')
    .description('draw a transition: what had to wait for what, and what became of it')
    .argument('<name>', 'name of the deployable', parseName)
    .argument('[number]', 'number of the transition (default: the newest)', parseWhole(1))
    .option('--svg', 'as SVG')
    .option('--dot', "in Graphviz's DOT language (default)")
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .addHelpText(
      'after',
      examplesText(['cpectl transitions graph shop --svg >shop.svg', 'cpectl transitions graph shop 12 --dot']),
    )
    .action((name: string, number: number | undefined, given: DrawOptions, command: Command) =>
      runCommand(terminal, command, async (options) => {
        if (given.dot === true && given.svg === true) return failure(exitCodes.usage, 'give --dot or --svg, not both');
        const isSvg = given.svg === true || (given.dot !== true && given.output?.endsWith('.svg') === true);
        return withCoordinator(options, async (coordinator) => {
          const question = { deployable: name, number: number ?? 0 };
          const answered = await coordinator.ask('getTransition', question, {
            deadlineMs: options.timeoutMs ?? answerMs,
          });
          if (answered.kind === 'error') return explainError(answered.error);
          const { summary, graphXml, executed } = answered.value;
          if (graphXml === '') return failure(exitCodes.failed, 'the graph of this transition is not kept');
          const results = new Map(
            executed.map((action) => [action.id, { outcome: action.outcome, tookMs: tookMs(action) }]),
          );
          const its = summary?.number ?? number ?? 0;
          const title = `${name}, transition ${its}: ${summary?.trigger ?? 'not ended'}`;
          const { drawGraphs, writeDrawing } = await import('../draw-graph.js');
          const drawing = await drawGraphs(name, [{ title, xml: graphXml, results }], isSvg ? 'svg' : 'dot');
          if (drawing.kind === 'failure') return drawing;
          if (given.output !== undefined) {
            const failed = await writeDrawing(given.output, drawing.text);
            if (failed !== undefined) return failed;
          }
          if (options.json) {
            printJson(terminal, { deployable: name, number: its, [isSvg ? 'svg' : 'dot']: drawing.text });
          } else if (given.output === undefined) terminal.out.write(drawing.text);
          return done;
        });
      }),
    );
}
