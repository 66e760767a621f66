import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName, parseWhole } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { renderVersions, versionsJson } from '../views/version-view.js';

/** `deployable history`: every definition that a deployable had. */
export function registerHistory(group: Command, terminal: Terminal): void {
  group
    .command('history')
    .description('the definitions that a deployable had, newest first, who gave them and when')
    .argument('<name>', 'name of the deployable', parseName)
    .option('--show <revision>', 'print the document of this revision instead', parseWhole(1))
    .addHelpText('after', examplesText(['cpectl deployable history shop', 'cpectl deployable history shop --show 3']))
    .action((name: string, { show }: { readonly show?: number }, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          if (show !== undefined) {
            const answered = await coordinator.ask('getVersion', { name, revision: show });
            if (answered.kind === 'error') return explainError(answered.error);
            const text = answered.value.document?.text ?? '';
            if (options.json) printJson(terminal, answered.value);
            else terminal.out.write(text.endsWith('\n') ? text : `${text}\n`);
            return done;
          }
          const answered = await coordinator.ask('deployableHistory', { name });
          if (answered.kind === 'error') return explainError(answered.error);
          const { versions } = answered.value;
          if (options.json) printJson(terminal, versionsJson(versions));
          else terminal.out.write(renderVersions(versions, terminal.out.colors));
          return done;
        }),
      ),
    );
}
