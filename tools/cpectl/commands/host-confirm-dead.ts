import type { Command } from 'commander';
import { confirm } from '../confirm.js';
import { withCoordinator } from '../coordinator.js';
import { done, exitCodes, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { printable } from '../views/printable.js';

interface ConfirmOptions {
  readonly evidence?: string;
  readonly force?: boolean;
}

/** `host confirm-dead`: an operator's word in place of a fencer's proof. */
export function registerConfirmDead(group: Command, terminal: Terminal): void {
  group
    .command('confirm-dead')
    .description('give your word that a launcher host is dead: what ran there is started elsewhere')
    .argument('<host>', 'name of the launcher host', parseName)
    .option('--evidence <text>', 'how you know that nothing on it runs any more (kept in the events)')
    .option('--force', 'do not ask; believe it also of a host that was never heard of, or whose agents are still heard')
    .addHelpText(
      'after',
      `${examplesText(['cpectl host confirm-dead left --evidence "switched off at the PDU, port 7"'])}

Only when it is certain: if the host lives, two copies of everything on it will run. It is refused while its launcher
is heard.`,
    )
    .action((host: string, given: ConfirmOptions, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const evidence = (
          given.evidence ??
          (await terminal.ask(`How do you know that ${host} is dead? `)) ??
          ''
        ).trim();
        if (evidence === '') {
          const next = `as in: cpectl host confirm-dead ${host} --evidence "switched off at the PDU"`;
          return failure(exitCodes.usage, 'the evidence is missing', next);
        }
        const danger = `if ${host} lives, two copies of everything on it will run`;
        const refused = await confirm(terminal, { danger, word: host, force: given.force === true });
        if (refused !== undefined) return refused;
        return withCoordinator(options, async (coordinator) => {
          const answered = await coordinator.ask('hostConfirmDead', { host, evidence, force: given.force === true });
          if (answered.kind === 'error') return explainError(answered.error);
          const { message } = answered.value;
          if (options.json) printJson(terminal, { host, ...answered.value, outcome: 'ordered' });
          else terminal.out.write(`${printable(message)}; watch it with: cpectl events -f\n`);
          return done;
        });
      }),
    );
}
