import type { Command } from 'commander';
import type { VerbGoal } from './assess-verb.js';
import { type Coordinator, type DraftOf, type Verb, withCoordinator } from './coordinator.js';
import { type CommandOutcome, exitCodes, failure } from './exit-code.js';
import { type FoundSubject, findSubject, type SubjectKind } from './find-subject.js';
import { giveVerb } from './give-verb.js';
import { type GlobalOptions, parseName } from './global-options.js';
import { runCommand } from './run-command.js';
import { readSubjectWords, subjectHelp } from './subject-words.js';
import type { Terminal } from './terminal.js';

/** Options that every command about an assembly or resource has. */
export interface SubjectOptions {
  readonly deployable?: string;
  readonly wait?: boolean;
}

export interface SubjectCommandText {
  readonly name: string;
  readonly description: string;
  readonly kind: SubjectKind;
  /** One or more lines that show how it is called. */
  readonly examples: readonly string[];
}

/** A command about one assembly or resource: arguments and options that all of them share, and its examples. */
export function subjectCommand(group: Command, { name, description, kind, examples }: SubjectCommandText): Command {
  const word = kind === 'assembly' ? 'assembly' : 'resource';
  return group
    .command(name)
    .description(description)
    .usage(`[options] [deployable] <${word}>`)
    .argument('<words...>', subjectHelp.replaceAll('NAME', word.toUpperCase()))
    .option('--deployable <name>', 'its deployable', parseName)
    .addHelpText('after', examplesText(examples));
}

export function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`;
}

/** A verb that takes nothing but what it is about. */
export interface PlainVerb extends SubjectCommandText {
  readonly kind: 'resource' | 'assembly';
  readonly question: Verb;
  /** Undefined: what it changes is so at once, and there is nothing to wait for. */
  readonly goal: 'running' | 'stopped' | 'settled' | undefined;
}

export function registerPlainVerb(group: Command, terminal: Terminal, verb: PlainVerb): void {
  const command = subjectCommand(group, verb);
  if (verb.goal !== undefined) command.option('--no-wait', 'return as soon as the order is accepted');
  command.action((words: readonly string[], given: SubjectOptions, called: Command) =>
    runCommand(terminal, called, (options) =>
      withSubject(options, { words, given, kind: verb.kind }, (coordinator, subject) => {
        const { deployable, name } = subject;
        return giveVerb(
          coordinator,
          {
            deployable,
            subject: name,
            verb: `${verb.kind} ${verb.name}`,
            goal: goalOf(verb, name),
            wait: given.wait !== false,
            give: (to) => to.ask(verb.question, valueFor(verb, subject)),
          },
          { terminal, options },
        );
      }),
    ),
  );
}

function goalOf({ goal, kind }: PlainVerb, name: string): VerbGoal | undefined {
  if (goal === undefined) return undefined;
  return goal === 'settled' ? { kind: 'settled' } : { kind, name, state: goal };
}

/** All plain verbs have these two fields and no other that has to be filled. */
function valueFor({ kind }: PlainVerb, { deployable, name }: FoundSubject): DraftOf<Verb> {
  return { deployable, [kind]: name };
}

/** Connects, and finds what the words name. */
export function withSubject(
  options: GlobalOptions,
  asked: { readonly words: readonly string[]; readonly given: SubjectOptions; readonly kind: SubjectKind },
  work: (coordinator: Coordinator, subject: FoundSubject) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const words = readSubjectWords(asked.words, { deployable: asked.given.deployable });
  if (words.kind === 'failure') return Promise.resolve(words);
  if (asked.kind === 'resource' && !words.name.includes('.')) return Promise.resolve(noResource(words.name));
  return withCoordinator(options, async (coordinator) => {
    const subject = await findSubject(coordinator, words, asked.kind);
    return subject.kind === 'failure' ? subject : work(coordinator, subject);
  });
}

export function noResource(name: string): CommandOutcome {
  const next = `name it as ASSEMBLY.RESOURCE, and the VM of an assembly as ASSEMBLY.vm: ${name}.vm`;
  return failure(exitCodes.usage, `${name} is no name of a resource`, next);
}
