import type { Command } from 'commander';
import { namePattern } from '../../../coordinator/model/deployable.js';
import { withCoordinator } from '../coordinator.js';
import { exitCodes, failure } from '../exit-code.js';
import { giveVerb } from '../give-verb.js';
import { runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';

/** `deployable maintenance NAME on|off`. */
export function registerMaintenance(group: Command, terminal: Terminal): void {
  group
    .command('maintenance')
    .description('on: nothing is started, stopped, monitored or recovered; off: everything is again')
    .usage('[options] <name> <on|off>')
    .argument('<name>', 'name of the deployable')
    .argument('<on|off>', 'whether it is in maintenance')
    .option('--no-wait', 'return as soon as the order is accepted')
    .addHelpText(
      'after',
      examplesText(['cpectl deployable maintenance shop on', 'cpectl deployable maintenance off shop']),
    )
    .action((first: string, second: string, { wait }: { readonly wait: boolean }, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const read = readWords(first, second);
        if (read === undefined) {
          const next = 'as in: cpectl deployable maintenance NAME on';
          return failure(exitCodes.usage, `"${first} ${second}" is no name of a deployable with on or off`, next);
        }
        const { name: deployable, on } = read;
        return withCoordinator(options, (coordinator) =>
          giveVerb(
            coordinator,
            {
              deployable,
              subject: '',
              verb: `maintenance ${on ? 'on' : 'off'}`,
              goal: on ? undefined : { kind: 'settled' },
              wait,
              give: (to) => to.ask('deployableMaintenance', { deployable, on }),
            },
            { terminal, options },
          ),
        );
      }),
    );
}

/** Both orders are understood: `shop on` and `on shop`. */
function readWords(first: string, second: string): { readonly name: string; readonly on: boolean } | undefined {
  const isSwitch = (word: string) => word === 'on' || word === 'off';
  const [name, word] = isSwitch(second) ? [first, second] : [second, first];
  return isSwitch(word) && namePattern.test(name) ? { name, on: word === 'on' } : undefined;
}
