import type { Command } from 'commander';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { printJson, runCommand } from '../run-command.js';
import { type SubjectOptions, subjectCommand, withSubject } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { explanationJson, renderExplanation } from '../views/explanation-view.js';

/** `explain`: why something is as it is. */
export function registerExplain(program: Command, terminal: Terminal): void {
  subjectCommand(program, {
    name: 'explain',
    kind: 'resource or assembly',
    description: 'why a resource or assembly is as it is: failure, evidence, rule, transition, and how long each took',
    examples: ['cpectl explain web.nginx', 'cpectl explain shop/db', 'cpectl explain shop db.vm --json'],
  }).action((words: readonly string[], given: SubjectOptions, command: Command) =>
    runCommand(terminal, command, (options) =>
      withSubject(options, { words, given, kind: 'resource or assembly' }, async (coordinator, subject) => {
        const { deployable, name } = subject;
        const answered = await coordinator.ask('explain', { deployable, resource: name });
        if (answered.kind === 'error') return explainError(answered.error);
        if (options.json) printJson(terminal, { deployable, ...explanationJson(answered.value) });
        else terminal.out.write(renderExplanation(deployable, answered.value, terminal.out.colors));
        return done;
      }),
    ),
  );
}
