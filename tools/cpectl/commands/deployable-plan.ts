import type { Command } from 'commander';
import { explainRefusal } from '../change-deployable.js';
import { withCoordinator } from '../coordinator.js';
import { exitCodes, failure } from '../exit-code.js';
import { parseName } from '../global-options.js';
import { fromMessage, printProblems, renderProblemOf } from '../print-problems.js';
import { runCommand } from '../run-command.js';
import { type GraphOptions, graphOptions, showPlan } from '../show-plan.js';
import { examplesText } from '../subject-command.js';
import { takeDocument, wireDocument } from '../take-document.js';
import type { Terminal } from '../terminal.js';

interface PlanOptions extends GraphOptions {
  readonly file: string;
}

const planMs = 60_000;

/** `deployable plan`: what a reload would do, from the real graph. */
export function registerPlan(group: Command, terminal: Terminal): void {
  const command = group
    .command('plan')
    .description('what a reload with this document would start, stop and restart, and why; nothing is done')
    .argument('[name]', 'name of the deployable (default: the one that the document defines)', parseName)
    .requiredOption('-f, --file <file>', 'the new document, XML or YAML (- for standard input)')
    .addHelpText(
      'after',
      examplesText(['cpectl deployable plan -f shop.yaml', 'cpectl deployable plan shop -f new.yaml --dot']),
    );
  graphOptions(command).action((name: string | undefined, given: PlanOptions, called: Command) =>
    runCommand(terminal, called, async (options) => {
      const document = await takeDocument(terminal, given.file);
      if (document.kind === 'failure') return document;
      const { label, deployable } = document;
      if (name !== undefined && deployable.name !== name) {
        const message = `${label} defines deployable ${deployable.name}, not ${name}`;
        return failure(exitCodes.failed, message, `set it to: ${name}`);
      }
      return withCoordinator(options, async (coordinator) => {
        const question = { name: deployable.name, document: wireDocument(document, given.file) };
        const answered = await coordinator.ask('planDeployable', question, {
          deadlineMs: options.timeoutMs ?? planMs,
        });
        if (answered.kind === 'error') return explainRefusal(terminal, answered.error, document);
        const known = new Set(document.warnings.map((warning) => renderProblemOf(label, warning)));
        const further = answered.value.warnings.map(fromMessage);
        printProblems(
          terminal.err,
          label,
          further.filter((problem) => !known.has(renderProblemOf(label, problem))),
        );
        const supposed = `${deployable.name} is reloaded with ${label}`;
        return showPlan(answered.value, { name: deployable.name, supposed, given }, { terminal, options });
      });
    }),
  );
}
