import type { Command } from 'commander';
import { changeJson, explainRefusal, printNewWarnings } from '../change-deployable.js';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { printJson, runCommand } from '../run-command.js';
import { takeDocument, wireDocument } from '../take-document.js';
import type { Terminal } from '../terminal.js';

export function registerCreate(group: Command, terminal: Terminal): void {
  group
    .command('create')
    .description('define a new deployable; it is not started')
    .requiredOption('-f, --file <file>', 'its document, XML or YAML (- for standard input)')
    .option('--comment <text>', 'kept with its first revision')
    .action((given: { readonly file: string; readonly comment?: string }, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const document = await takeDocument(terminal, given.file);
        if (document.kind === 'failure') return document;
        return withCoordinator(options, async (coordinator) => {
          const created = await coordinator.ask('createDeployable', {
            document: wireDocument(document, given.file),
            comment: given.comment ?? '',
          });
          if (created.kind === 'error') return explainRefusal(terminal, created.error, document);
          const { name, revision } = created.value;
          printNewWarnings(terminal, created.value, document);
          if (options.json) printJson(terminal, changeJson(created.value));
          else {
            const next = `start it with: cpectl deployable start ${name}`;
            terminal.out.write(`${name} is created (revision ${revision}); ${next}\n`);
          }
          return done;
        });
      }),
    );
}
