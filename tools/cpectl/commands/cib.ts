import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import type { Terminal } from '../terminal.js';

export function registerCib(program: Command, terminal: Terminal): void {
  program
    .command('cib')
    .description("print a deployable's CIB, for crm_verify, crm_mon and crm_simulate")
    .argument('<name>', 'name of the deployable', parseName)
    .action((name: string, _given: unknown, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const answered = await coordinator.ask('getCib', { deployable: name });
          if (answered.kind === 'error') return explainError(answered.error);
          const { xml } = answered.value;
          if (options.json) printJson(terminal, { name, xml });
          else terminal.out.write(xml.endsWith('\n') ? xml : `${xml}\n`);
          return done;
        }),
      ),
    );
}
