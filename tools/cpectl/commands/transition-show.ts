import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { done, exitCodes, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName, parseWhole } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { renderReplay, renderTransition, transitionJson } from '../views/executed-view.js';

const answerMs = 30_000;
const replayMs = 60_000;

/** `transitions show`: one decision and every action of it. */
export function registerTransitionShow(group: Command, terminal: Terminal): void {
  group
    .command('show')
    .description('one transition: why, when, and its actions in the order in which they began')
    .argument('<name>', 'name of the deployable', parseName)
    .argument('[number]', 'number of the transition (default: the newest)', parseWhole(1))
    .option('--cib', 'print the CIB that it was decided on instead')
    .option('--xml', "print the scheduler's graph instead")
    .addHelpText(
      'after',
      examplesText(['cpectl transitions show shop', 'cpectl transitions show shop 12 --cib >12.xml']),
    )
    .action(
      (
        name: string,
        number: number | undefined,
        given: { readonly cib?: boolean; readonly xml?: boolean },
        command: Command,
      ) =>
        runCommand(terminal, command, (options) =>
          withCoordinator(options, async (coordinator) => {
            const question = { deployable: name, number: number ?? 0 };
            const deadlineMs = options.timeoutMs ?? answerMs;
            const answered = await coordinator.ask('getTransition', question, { deadlineMs });
            if (answered.kind === 'error') return explainError(answered.error);
            const transition = answered.value;
            const raw = given.cib === true ? transition.cibXml : given.xml === true ? transition.graphXml : undefined;
            if (options.json) printJson(terminal, transitionJson(transition));
            else if (raw !== undefined) terminal.out.write(raw.endsWith('\n') ? raw : `${raw}\n`);
            else terminal.out.write(renderTransition(name, transition, terminal.out.colors));
            return done;
          }),
        ),
    );
}

/** `transitions replay`: the same input to the scheduler that runs now, and what is different. */
export function registerTransitionReplay(group: Command, terminal: Terminal): void {
  group
    .command('replay')
    .description('decide a transition again from its CIB and compare: 0 when graph and order are the same, 1 otherwise')
    .argument('<name>', 'name of the deployable', parseName)
    .argument('[number]', 'number of the transition (default: the newest)', parseWhole(1))
    .addHelpText('after', examplesText(['cpectl transitions replay shop 12']))
    .action((name: string, number: number | undefined, _given: unknown, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const question = { deployable: name, number: number ?? 0 };
          const deadlineMs = options.timeoutMs ?? replayMs;
          const answered = await coordinator.ask('replayTransition', question, { deadlineMs });
          if (answered.kind === 'error') return explainError(answered.error);
          const replay = answered.value;
          if (options.json) printJson(terminal, replay);
          else terminal.out.write(renderReplay(replay));
          if (replay.sameGraph && replay.sameOrder) return done;
          return failure(exitCodes.failed, 'the replay differs from what was executed');
        }),
      ),
    );
}
