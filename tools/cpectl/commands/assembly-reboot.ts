import type { Command } from 'commander';
import { confirm } from '../confirm.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { printJson, runCommand } from '../run-command.js';
import { type SubjectOptions, subjectCommand, withSubject } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { printable } from '../views/printable.js';

/** `assembly reboot`: restarts the guest in the instance that there is. */
export function registerReboot(group: Command, terminal: Terminal): void {
  subjectCommand(group, {
    name: 'reboot',
    kind: 'assembly',
    description: 'restart the guest of an assembly in the instance that there is, without stopping what runs in it',
    examples: ['cpectl assembly reboot web', 'cpectl assembly reboot shop/web --force'],
  })
    .option('--force', 'do not ask')
    .addHelpText(
      'after',
      `
Its disks stay, and what belongs into it runs again once its agent is back. Not every launcher driver can do it;
cpectl assembly restart stops everything in order and starts a new instance instead.`,
    )
    .action((words: readonly string[], given: SubjectOptions & { readonly force?: boolean }, command: Command) =>
      runCommand(terminal, command, (options) =>
        withSubject(options, { words, given, kind: 'assembly' }, async (coordinator, { deployable, name }) => {
          const word = `${deployable}/${name}`;
          const danger = `rebooting ${word} resets its guest: nothing in it is stopped first`;
          const refused = await confirm(terminal, { danger, word, force: given.force === true });
          if (refused !== undefined) return refused;
          const answered = await coordinator.ask('assemblyReboot', { deployable, assembly: name });
          if (answered.kind === 'error') return explainError(answered.error);
          if (options.json) printJson(terminal, { deployable, assembly: name, ...answered.value, outcome: 'ordered' });
          else terminal.out.write(`${printable(answered.value.message)}; watch it with: cpectl events -f\n`);
          return done;
        }),
      ),
    );
}
