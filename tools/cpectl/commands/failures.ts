import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName, parseWhole } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import type { Terminal } from '../terminal.js';
import { failuresJson, renderFailures } from '../views/failure-view.js';

const defaultLimit = 100;

export function registerFailures(program: Command, terminal: Terminal): void {
  program
    .command('failures')
    .description('failures of assemblies and resources, newest first, and what was done about them')
    .argument('[name]', 'only those of this deployable', parseName)
    .option('--limit <count>', `no more than so many (default ${defaultLimit})`, parseWhole(1))
    .action((name: string | undefined, given: { readonly limit?: number }, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const question = { deployable: name ?? '', limit: given.limit ?? defaultLimit };
          const answered = await coordinator.ask('getFailures', question);
          if (answered.kind === 'error') return explainError(answered.error);
          const { failures } = answered.value;
          if (options.json) printJson(terminal, failuresJson(failures));
          else if (failures.length > 0) terminal.out.write(renderFailures(failures, terminal.out.colors));
          else terminal.err.write(`no failure is known${name === undefined ? '' : ` of ${name}`}\n`);
          return done;
        }),
      ),
    );
}
