import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { giveVerb } from '../give-verb.js';
import { parseName } from '../global-options.js';
import { runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';

/** `deployable hold`: no decision is made for a deployable until `resume`. */
export function registerHold(group: Command, terminal: Terminal): void {
  group
    .command('hold')
    .description('decide nothing for a deployable until it is resumed; agents go on with what is delegated to them')
    .argument('<name>', 'name of the deployable', parseName)
    .option('--reason <text>', 'why, for the events and for whoever finds it held')
    .addHelpText('after', examplesText(['cpectl deployable hold shop --reason "storage is being moved"']))
    .action((name: string, { reason = '' }: { readonly reason?: string }, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, (coordinator) =>
          giveVerb(
            coordinator,
            {
              deployable: name,
              subject: '',
              verb: 'hold',
              goal: undefined,
              wait: true,
              give: (to) => to.ask('deployableHold', { deployable: name, reason }),
            },
            { terminal, options },
          ),
        ),
      ),
    );
}

/** `deployable resume`: ends a hold, an operator's or the storm breaker's. */
export function registerResume(group: Command, terminal: Terminal): void {
  group
    .command('resume')
    .description('decide for a deployable again that was put on hold; returns when nothing is left to do')
    .argument('<name>', 'name of the deployable', parseName)
    .option('--no-wait', 'return as soon as the order is accepted')
    .addHelpText('after', examplesText(['cpectl deployable resume shop']))
    .action((name: string, { wait }: { readonly wait: boolean }, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, (coordinator) =>
          giveVerb(
            coordinator,
            {
              deployable: name,
              subject: '',
              verb: 'resume',
              goal: { kind: 'settled' },
              wait,
              give: (to) => to.ask('deployableResume', { deployable: name }),
            },
            { terminal, options },
          ),
        ),
      ),
    );
}
