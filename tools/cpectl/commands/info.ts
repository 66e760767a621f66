import type { Command } from 'commander';
import { readSiteConfig } from '../../../coordinator/cpe/site-config.js';
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
          // Of several coordinator machines: the one whose home this is.
          const machine = readSiteConfig(options.home)?.machine ?? '';
          const answered = await coordinator.ask('getInfo', { machine });
          if (answered.kind === 'error') return explainError(answered.error);
          if (options.json) printJson(terminal, infoJson(answered.value));
          else terminal.out.write(renderInfo(answered.value, Date.now(), terminal.out.colors));
          return done;
        }),
      ),
    );
}
