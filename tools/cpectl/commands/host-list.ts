import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done, exitCodes, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { hostJson, renderHost, renderHosts } from '../views/host-view.js';

export function registerHostList(group: Command, terminal: Terminal): void {
  group
    .command('list')
    .description('all launcher hosts, their state, and how many instances are on them')
    .addHelpText('after', examplesText(['cpectl host list']))
    .action((_given: unknown, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const answered = await coordinator.ask('hostList', {});
          if (answered.kind === 'error') return explainError(answered.error);
          const { hosts } = answered.value;
          if (options.json) printJson(terminal, hosts.map(hostJson));
          else if (hosts.length > 0) terminal.out.write(renderHosts(hosts, Date.now(), terminal.out.colors));
          else terminal.err.write('no launcher host was heard of yet; cpectl up starts the one of this machine\n');
          return done;
        }),
      ),
    );
}

export function registerHostStatus(group: Command, terminal: Terminal): void {
  group
    .command('status')
    .description('a launcher host and the instances on it')
    .argument('<host>', 'name of the launcher host', parseName)
    .addHelpText('after', examplesText(['cpectl host status left', 'cpectl host status left --json']))
    .action((host: string, _given: unknown, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const answered = await coordinator.ask('hostStatus', { host });
          if (answered.kind === 'error') return explainError(answered.error);
          const [summary] = answered.value.hosts;
          if (summary === undefined) return failure(exitCodes.failed, `nothing is known of launcher host ${host}`);
          if (options.json) printJson(terminal, hostJson(summary));
          else terminal.out.write(renderHost(summary, Date.now(), terminal.out.colors));
          return done;
        }),
      ),
    );
}
