import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName, parseWhole } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import type { Terminal } from '../terminal.js';
import { auditJson, renderAudit } from '../views/audit-view.js';

const defaultLimit = 100;

interface Given {
  readonly since?: number;
  readonly limit?: number;
}

export function registerAudit(program: Command, terminal: Terminal): void {
  program
    .command('audit')
    .description('who changed what, when, and what came of it, oldest first; takes the credentials of an operator')
    .argument('[name]', 'only what was asked of this deployable', parseName)
    .option('--since <seq>', 'only what came after the entry with this number', parseWhole(0))
    .option('--limit <count>', `no more than so many (default ${defaultLimit}, at most 1000)`, parseWhole(1))
    .action((name: string | undefined, given: Given, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const question = { deployable: name ?? '', since: given.since ?? 0, limit: given.limit ?? defaultLimit };
          const answered = await coordinator.ask('getAudit', question);
          if (answered.kind === 'error') return explainError(answered.error);
          const { entries, lastSeq } = answered.value;
          if (options.json) printJson(terminal, auditJson(entries));
          else if (entries.length > 0) terminal.out.write(renderAudit(entries, terminal.out.colors));
          else terminal.err.write('nothing was changed\n');
          const last = entries.at(-1)?.seq ?? lastSeq;
          if (!options.json && last < lastSeq) terminal.err.write(`there is more: cpectl audit --since ${last}\n`);
          return done;
        }),
      ),
    );
}
