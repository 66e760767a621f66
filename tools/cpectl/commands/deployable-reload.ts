import type { Command } from 'commander';
import { explainRefusal, finishRedefinition, printNewWarnings } from '../change-deployable.js';
import { type Coordinator, withCoordinator } from '../coordinator.js';
import { type CommandOutcome, exitCodes, failure } from '../exit-code.js';
import { type GlobalOptions, parseName } from '../global-options.js';
import type { ReadDocument } from '../read-document.js';
import { runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import { takeDocument, wireDocument } from '../take-document.js';
import type { Terminal } from '../terminal.js';

export function registerReload(group: Command, terminal: Terminal): void {
  group
    .command('reload')
    .description('give a deployable a new definition; what differs is changed, the rest runs on')
    .argument('<name>', 'name of the deployable', parseName)
    .requiredOption('-f, --file <file>', 'its new document, XML or YAML (- for standard input)')
    .option('--comment <text>', 'kept with the new revision')
    .option('--no-wait', 'return as soon as the new definition is accepted')
    .addHelpText('after', examplesText(['cpectl deployable reload shop -f shop.yaml --comment "two workers"']))
    .action((name: string, given: Given, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const document = await takeDocument(terminal, given.file);
        if (document.kind === 'failure') return document;
        const { label, deployable } = document;
        if (deployable.name !== name) {
          const message = `${label} defines deployable ${deployable.name}, not ${name}`;
          return failure(exitCodes.failed, message, `set it to: ${name}; nothing was changed`);
        }
        return withCoordinator(options, (coordinator) =>
          reload(coordinator, { name, document, ...given }, { terminal, options }),
        );
      }),
    );
}

interface Given {
  readonly file: string;
  readonly comment?: string;
  readonly wait: boolean;
}

interface Reload extends Given {
  readonly name: string;
  readonly document: ReadDocument;
}

async function reload(
  coordinator: Coordinator,
  { name, document, file, comment = '', wait }: Reload,
  context: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const { terminal, options } = context;
  const answered = await coordinator.ask('reloadDeployable', {
    name,
    document: wireDocument(document, file),
    comment,
  });
  if (answered.kind === 'error') return explainRefusal(terminal, answered.error, document);
  printNewWarnings(terminal, answered.value, document);
  return finishRedefinition(coordinator, { changed: answered.value, wait }, { terminal, options });
}
