import type { Command } from 'commander';
import { parseName } from '../global-options.js';
import { orderDeployable } from '../order-deployable.js';
import { runCommand } from '../run-command.js';
import type { Terminal } from '../terminal.js';

export function registerStart(group: Command, terminal: Terminal): void {
  group
    .command('start')
    .description('start a deployable in order, or resume one that ran out of attempts; returns when it runs')
    .argument('<name>', 'name of the deployable', parseName)
    .option('--no-wait', 'return as soon as the order is accepted')
    .action((name: string, { wait }: { readonly wait: boolean }, command: Command) =>
      runCommand(terminal, command, (options) =>
        orderDeployable(terminal, options, {
          wait,
          desired: 'running',
          words: { reached: `${name} is running`, underWay: `starting ${name}` },
          order: (coordinator) => coordinator.ask('startDeployable', { name }),
        }),
      ),
    );
}
