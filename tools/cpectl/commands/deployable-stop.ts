import type { Command } from 'commander';
import { parseName } from '../global-options.js';
import { orderDeployable } from '../order-deployable.js';
import { runCommand } from '../run-command.js';
import type { Terminal } from '../terminal.js';

export function registerStop(group: Command, terminal: Terminal): void {
  group
    .command('stop')
    .description('stop a deployable in order: resources, then instances; returns when it is stopped')
    .argument('<name>', 'name of the deployable', parseName)
    .option('--force', 'also when resources that are not managed go down with their instances')
    .option('--no-wait', 'return as soon as the order is accepted')
    .action((name: string, given: { readonly wait: boolean; readonly force?: boolean }, command: Command) =>
      runCommand(terminal, command, (options) =>
        orderDeployable(terminal, options, {
          wait: given.wait,
          desired: 'stopped',
          words: { reached: `${name} is stopped`, underWay: `stopping ${name}` },
          order: (coordinator) => coordinator.ask('stopDeployable', { name, force: given.force === true }),
        }),
      ),
    );
}
