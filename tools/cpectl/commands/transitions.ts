import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName, parseWhole } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { renderTransitions, transitionsJson } from '../views/transition-view.js';
import { registerTransitionGraph } from './transition-graph.js';
import { registerTransitionReplay, registerTransitionShow } from './transition-show.js';

const defaultLimit = 50;

/** `cpectl transitions ...`: the scheduler's decisions and what became of them. */
export function registerTransitions(program: Command, terminal: Terminal): void {
  const group = program.command('transitions').description('what the scheduler decided, and what became of it');
  group
    // `cpectl transitions shop` lists as well.
    .command('list', { isDefault: true })
    .description('the latest transitions of a deployable')
    .argument('<name>', 'name of the deployable', parseName)
    .option('--limit <count>', `no more than so many (default ${defaultLimit})`, parseWhole(1))
    .addHelpText(
      'after',
      examplesText(['cpectl transitions list shop', 'cpectl transitions list shop --limit 5 --json']),
    )
    .action((name: string, given: { readonly limit?: number }, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const question = { deployable: name, limit: given.limit ?? defaultLimit };
          const answered = await coordinator.ask('listTransitions', question);
          if (answered.kind === 'error') return explainError(answered.error);
          const { transitions } = answered.value;
          if (options.json) printJson(terminal, transitionsJson(transitions));
          else if (transitions.length > 0) terminal.out.write(renderTransitions(transitions, terminal.out.colors));
          else terminal.err.write(`nothing was decided for ${name} yet; cpectl deployable status ${name} says why\n`);
          return done;
        }),
      ),
    );
  registerTransitionShow(group, terminal);
  registerTransitionGraph(group, terminal);
  registerTransitionReplay(group, terminal);
}
