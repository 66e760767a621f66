import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { printJson, runCommand } from '../run-command.js';
import type { Terminal } from '../terminal.js';
import { deployableListJson, renderDeployableList } from '../views/deployable-list-view.js';

export function registerList(group: Command, terminal: Terminal): void {
  group
    .command('list')
    .description('all deployables and where they stand')
    .action((_given: unknown, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const listed = await coordinator.ask('listDeployables', {});
          if (listed.kind === 'error') return explainError(listed.error);
          const { deployables } = listed.value;
          if (options.json) printJson(terminal, deployableListJson(deployables));
          else if (deployables.length > 0) {
            terminal.out.write(renderDeployableList(deployables, Date.now(), terminal.out.colors));
          } else {
            terminal.err.write('no deployable is defined; define one with: cpectl deployable create -f FILE\n');
          }
          return done;
        }),
      ),
    );
}
