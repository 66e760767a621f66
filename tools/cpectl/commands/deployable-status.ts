import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import type { Terminal } from '../terminal.js';
import { renderStatus, statusJson } from '../views/status-view.js';

export function registerStatus(group: Command, terminal: Terminal): void {
  group
    .command('status')
    .description('the assemblies and resources of a deployable')
    .argument('<name>', 'name of the deployable', parseName)
    .action((name: string, _given: unknown, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const answered = await coordinator.ask('getStatus', { deployable: name });
          if (answered.kind === 'error') return explainError(answered.error);
          if (options.json) printJson(terminal, statusJson(answered.value));
          else terminal.out.write(renderStatus(answered.value, Date.now(), terminal.out.colors));
          return done;
        }),
      ),
    );
}
