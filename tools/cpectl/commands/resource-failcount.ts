import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText, type SubjectOptions } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { failcountsJson, renderFailcounts } from '../views/failcount-view.js';
import { findWholeOrPart, readWholeOrPart } from '../whole-or-part.js';

/** `resource failcount`: what is held against a resource, by Pacemaker and by its budget. */
export function registerFailcount(group: Command, terminal: Terminal): void {
  group
    .command('failcount')
    .description('failures that count against a resource, or against all in a deployable')
    .usage('[options] [deployable] [resource]')
    .argument('[words...]', 'RESOURCE, DEPLOYABLE RESOURCE or DEPLOYABLE/RESOURCE; DEPLOYABLE for all of it')
    .option('--deployable <name>', 'its deployable', parseName)
    .addHelpText('after', examplesText(['cpectl resource failcount shop', 'cpectl resource failcount db.redis']))
    .action((words: readonly string[], given: SubjectOptions, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const read = readWholeOrPart(words, given.deployable);
        if (read.kind === 'failure') return read;
        return withCoordinator(options, async (coordinator) => {
          const found = await findWholeOrPart(coordinator, read);
          if (found.kind === 'failure') return found;
          const { deployable, resource } = found;
          const answered = await coordinator.ask('resourceFailcount', { deployable, resource });
          if (answered.kind === 'error') return explainError(answered.error);
          const { failCounts } = answered.value;
          if (options.json) printJson(terminal, failcountsJson(failCounts));
          else if (failCounts.length > 0) {
            terminal.out.write(renderFailcounts(failCounts, Date.now(), terminal.out.colors));
          } else {
            terminal.err.write(
              `no failure counts against ${resource === '' ? deployable : `${deployable}/${resource}`}\n`,
            );
          }
          return done;
        });
      }),
    );
}
