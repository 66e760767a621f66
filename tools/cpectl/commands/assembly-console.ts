import { type Command, InvalidArgumentError } from 'commander';
import { launcherList } from '../../../proto/subjects.js';
import { withCoordinator } from '../coordinator.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { findNewestInstance } from '../find-instance.js';
import { findSubject } from '../find-subject.js';
import type { GlobalOptions } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { type SubjectOptions, subjectCommand } from '../subject-command.js';
import { readSubjectWords } from '../subject-words.js';
import type { Terminal } from '../terminal.js';
import { printable, printableLines } from '../views/printable.js';

interface ConsoleOptions extends SubjectOptions {
  readonly bytes?: number;
}

const consoleMs = 10_000;
const mostBytes = 192 * 1024;

/** `assembly console`: the end of what a guest has written to its console, also when it has ended. */
export function registerConsole(group: Command, terminal: Terminal): void {
  subjectCommand(group, {
    name: 'console',
    kind: 'assembly',
    description: 'the end of what the guest of an assembly has written to its console, also of one that has just ended',
    examples: ['cpectl assembly console web', 'cpectl assembly console shop web --bytes 100000'],
  })
    .option('--bytes <n>', `how much of it at most, 1 to ${mostBytes} (default 16384)`, parseBytes)
    .action((words: readonly string[], given: ConsoleOptions, command: Command) =>
      runCommand(terminal, command, (options) => showConsole({ words, given }, { terminal, options })),
    );
}

function showConsole(
  { words, given }: { readonly words: readonly string[]; readonly given: ConsoleOptions },
  { terminal, options }: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const named = readSubjectWords(words, { deployable: given.deployable });
  if (named.kind === 'failure') return Promise.resolve(named);
  return withCoordinator(options, async (coordinator, bus) => {
    const subject = await findSubject(coordinator, named, 'assembly');
    if (subject.kind === 'failure') return subject;
    const { deployable, name: assembly } = subject;
    const found = await findNewestInstance(coordinator, bus, { deployable, assembly });
    if (found.kind === 'failure') return found;
    const { host, instance, state } = found;
    const draft = { body: { kind: 'readConsole', value: { instance, maxBytes: given.bytes ?? 0 } } } as const;
    const outcome = await bus.request(launcherList(host), draft, { deadlineMs: options.timeoutMs ?? consoleMs });
    if (outcome.kind === 'error') {
      const { code, message } = outcome.error;
      return code === 'not-found' ? failure(exitCodes.failed, printable(message)) : explainError(outcome.error);
    }
    const { body } = outcome.envelope;
    if (body.kind !== 'consoleText') return failure(exitCodes.failed, `${host} answered "${body.kind}"`);
    const { text } = body.value;
    if (options.json) printJson(terminal, { deployable, assembly, instance, launcherHost: host, state, text });
    else {
      terminal.err.write(`console of ${instance} (${state}) on ${host}${text === '' ? ' is empty' : ''}\n`);
      terminal.out.write(printableLines(text.replaceAll('\r', '')));
    }
    return done;
  });
}

function parseBytes(text: string): number {
  const bytes = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (bytes >= 1 && bytes <= mostBytes) return bytes;
  throw new InvalidArgumentError(`Allowed: 1 to ${mostBytes}.`);
}
