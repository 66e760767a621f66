import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { giveVerb } from '../give-verb.js';
import { parseName } from '../global-options.js';
import { runCommand } from '../run-command.js';
import { examplesText, type SubjectOptions } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { findWholeOrPart, readWholeOrPart } from '../whole-or-part.js';

/** `resource cleanup`: failures are forgotten, and what does not run is looked at and started again. */
export function registerCleanup(group: Command, terminal: Terminal): void {
  group
    .command('cleanup')
    .description('forget the failures of a resource, or of all in a deployable, and try again what does not run')
    .usage('[options] [deployable] [resource]')
    .argument('[words...]', 'RESOURCE, DEPLOYABLE RESOURCE or DEPLOYABLE/RESOURCE; DEPLOYABLE for all of it')
    .option('--deployable <name>', 'its deployable', parseName)
    .option('--no-wait', 'return as soon as the order is accepted')
    .addHelpText('after', examplesText(['cpectl resource cleanup db.redis', 'cpectl resource cleanup shop']))
    .action((words: readonly string[], given: SubjectOptions, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const read = readWholeOrPart(words, given.deployable);
        if (read.kind === 'failure') return read;
        return withCoordinator(options, async (coordinator) => {
          const found = await findWholeOrPart(coordinator, read);
          if (found.kind === 'failure') return found;
          const { deployable, resource } = found;
          return giveVerb(
            coordinator,
            {
              deployable,
              subject: resource,
              verb: 'resource cleanup',
              goal: { kind: 'settled' },
              wait: given.wait !== false,
              give: (to) => to.ask('resourceCleanup', { deployable, resource }),
            },
            { terminal, options },
          );
        });
      }),
    );
}
