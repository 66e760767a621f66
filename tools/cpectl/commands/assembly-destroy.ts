import type { Command } from 'commander';
import { confirm } from '../confirm.js';
import { giveVerb } from '../give-verb.js';
import { runCommand } from '../run-command.js';
import { type SubjectOptions, subjectCommand, withSubject } from '../subject-command.js';
import type { Terminal } from '../terminal.js';

/** `assembly destroy`: ends an instance at once, as a power failure would; it is recovered afterwards. */
export function registerDestroy(group: Command, terminal: Terminal): void {
  subjectCommand(group, {
    name: 'destroy',
    kind: 'assembly',
    description:
      'end the instance of an assembly at once, without stopping what runs in it; it is recovered afterwards',
    examples: ['cpectl assembly destroy web', 'cpectl assembly destroy shop/web --force'],
  })
    .option('--force', 'do not ask')
    .option('--no-wait', 'return as soon as the order is accepted')
    .action((words: readonly string[], given: SubjectOptions & { readonly force?: boolean }, command: Command) =>
      runCommand(terminal, command, (options) =>
        withSubject(options, { words, given, kind: 'assembly' }, async (coordinator, { deployable, name }) => {
          const word = `${deployable}/${name}`;
          const danger = `destroying ${word} ends its instance like a power failure: nothing in it is stopped first`;
          const refused = await confirm(terminal, { danger, word, force: given.force === true });
          if (refused !== undefined) return refused;
          return giveVerb(
            coordinator,
            {
              deployable,
              subject: name,
              verb: 'assembly destroy',
              goal: { kind: 'assembly', name, state: 'running' },
              wait: given.wait !== false,
              give: (to) => to.ask('assemblyDestroy', { deployable, assembly: name }),
            },
            { terminal, options },
          );
        }),
      ),
    );
}
