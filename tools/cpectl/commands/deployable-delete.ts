import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import type { Terminal } from '../terminal.js';

export function registerDelete(group: Command, terminal: Terminal): void {
  group
    .command('delete')
    .description('forget a deployable that is stopped; its events stay')
    .argument('<name>', 'name of the deployable', parseName)
    .action((name: string, _given: unknown, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const deleted = await coordinator.ask('deleteDeployable', { name });
          if (deleted.kind === 'error') return explainError(deleted.error);
          if (options.json) printJson(terminal, { name, deleted: true });
          else terminal.out.write(`${name} is deleted\n`);
          return done;
        }),
      ),
    );
}
