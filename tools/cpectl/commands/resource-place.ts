import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../../../coordinator/model/quantities.js';
import { withCoordinator } from '../coordinator.js';
import { type CommandOutcome, exitCodes, failure } from '../exit-code.js';
import { findSubject } from '../find-subject.js';
import { giveVerb } from '../give-verb.js';
import { type GlobalOptions, parseName } from '../global-options.js';
import { runCommand } from '../run-command.js';
import { noResource, type SubjectOptions, subjectCommand } from '../subject-command.js';
import { readSubjectWords } from '../subject-words.js';
import type { Terminal } from '../terminal.js';

interface PlaceOptions extends SubjectOptions {
  readonly node?: string;
  readonly promoted?: boolean;
  readonly lifetime?: number;
}

/** `resource move`: prefers a place, and so goes there. */
export function registerMove(group: Command, terminal: Terminal): void {
  const command = subjectCommand(group, {
    name: 'move',
    kind: 'resource',
    description: 'move a VM to a launcher host, or the promoted role of a clone to a replica; returns when it is there',
    examples: [
      'cpectl resource move web.vm --node right',
      'cpectl resource move shop db.postgres --node db-2 --promoted',
      'cpectl resource move web.vm right --lifetime 1h',
    ],
  });
  placeOptions(command.usage('[options] [deployable] <resource> [node]')).action(placeAction(terminal, 'resourceMove'));
}

/** `resource ban`: keeps away from a place. */
export function registerBan(group: Command, terminal: Terminal): void {
  const command = subjectCommand(group, {
    name: 'ban',
    kind: 'resource',
    description: 'keep a VM away from a launcher host, or a clone from a replica; without a node from where it is now',
    examples: ['cpectl resource ban web.vm', 'cpectl resource ban shop/web.vm --node left --lifetime 30m'],
  });
  placeOptions(command.usage('[options] [deployable] <resource> [node]')).action(placeAction(terminal, 'resourceBan'));
}

function placeOptions(command: Command): Command {
  return command
    .option('--node <name>', 'launcher host of a VM, replica of a clone', parseName)
    .option('--promoted', 'the promoted role of a clone only')
    .option(
      '--lifetime <duration>',
      'ends by itself after so long (default: until cpectl resource clear)',
      parseLifetime,
    )
    .option('--no-wait', 'return as soon as the order is accepted');
}

function parseLifetime(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms === 0) throw new InvalidArgumentError('Allowed: 30s, 10m, 2h, 1d.');
  return ms;
}

function placeAction(terminal: Terminal, question: 'resourceMove' | 'resourceBan') {
  return (words: readonly string[], given: PlaceOptions, command: Command) =>
    runCommand(terminal, command, (options) => place(question, { words, given }, { terminal, options }));
}

function place(
  question: 'resourceMove' | 'resourceBan',
  { words, given }: { readonly words: readonly string[]; readonly given: PlaceOptions },
  context: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const read = readSubjectWords(words, { deployable: given.deployable, takesNode: true });
  if (read.kind === 'failure') return Promise.resolve(read);
  if (!read.name.includes('.')) return Promise.resolve(noResource(read.name));
  const node = given.node ?? read.node ?? '';
  if (given.node !== undefined && read.node !== undefined && given.node !== read.node) {
    return Promise.resolve(failure(exitCodes.usage, `two nodes are named: ${read.node} and ${given.node}`));
  }
  if (question === 'resourceMove' && node === '') {
    const next = `say where to: cpectl resource move ${read.name} --node NODE; cpectl host list shows launcher hosts`;
    return Promise.resolve(failure(exitCodes.usage, 'a move needs a node', next));
  }
  return withCoordinator(context.options, async (coordinator) => {
    const subject = await findSubject(coordinator, read, 'resource');
    if (subject.kind === 'failure') return subject;
    const { deployable, name: resource } = subject;
    const role = given.promoted === true ? 'promoted' : '';
    const value = { deployable, resource, node, role, lifetimeMs: given.lifetime ?? 0 };
    const verb = question === 'resourceMove' ? 'resource move' : 'resource ban';
    return giveVerb(
      coordinator,
      {
        deployable,
        subject: resource,
        verb,
        goal: { kind: 'settled' },
        wait: given.wait !== false,
        give: (to) => to.ask(question, value),
      },
      context,
    );
  });
}
