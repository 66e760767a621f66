import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { printJson, runCommand } from '../run-command.js';
import type { Terminal } from '../terminal.js';
import { infoJson, renderInfo } from '../views/info-view.js';

export function registerInfo(program: Command, terminal: Terminal): void {
  program
    .command('info')
    .description('versions, addresses, processes and instances of the coordinator')
    .action((_given: unknown, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const answered = await coordinator.ask('getInfo', {});
          if (answered.kind === 'error') return explainError(answered.error);
          if (options.json) printJson(terminal, infoJson(answered.value));
          else terminal.out.write(renderInfo(answered.value, Date.now(), terminal.out.colors));
          return done;
        }),
      ),
    );
}
