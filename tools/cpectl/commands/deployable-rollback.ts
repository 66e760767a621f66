import type { Command } from 'commander';
import { finishRedefinition } from '../change-deployable.js';
import { withCoordinator } from '../coordinator.js';
import { explainError } from '../explain-error.js';
import { parseName, parseWhole } from '../global-options.js';
import { runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';

interface RollbackOptions {
  readonly to?: number;
  readonly comment?: string;
  readonly wait: boolean;
}

/** `deployable rollback`: an old definition, as a new revision. */
export function registerRollback(group: Command, terminal: Terminal): void {
  group
    .command('rollback')
    .description('give a deployable the definition back that it had before, or an older one; a new revision')
    .argument('<name>', 'name of the deployable', parseName)
    .option('--to <revision>', 'that of this revision (default: the one before the present)', parseWhole(1))
    .option('--comment <text>', 'kept with the new revision')
    .option('--no-wait', 'return as soon as the definition is accepted')
    .addHelpText('after', examplesText(['cpectl deployable rollback shop', 'cpectl deployable rollback shop --to 3']))
    .action((name: string, { to = 0, comment = '', wait }: RollbackOptions, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const answered = await coordinator.ask('rollbackDeployable', { name, revision: to, comment });
          if (answered.kind === 'error') return explainError(answered.error);
          return finishRedefinition(coordinator, { changed: answered.value, wait }, { terminal, options });
        }),
      ),
    );
}
