import { type Command, InvalidArgumentError } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { type GlobalOptions, parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { splitCommandLine } from '../split-command-line.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { printable } from '../views/printable.js';

interface FencerOptions {
  readonly command?: string;
  readonly parameter?: Readonly<Record<string, string>>;
  readonly remove?: boolean;
}

/** `host fencer`: how a launcher host is proven dead without an operator. */
export function registerFencer(group: Command, terminal: Terminal): void {
  group
    .command('fencer')
    .description('give a launcher host its fencer: a program with the interface of fence-agents that can switch it off')
    .argument('<host>', 'name of the launcher host', parseName)
    .option('--command <line>', 'the program and its arguments')
    .option('--parameter <key=value>', 'a line for its standard input; may be repeated', addParameter)
    .option('--remove', 'the host has no fencer any more')
    .addHelpText(
      'after',
      `${examplesText([
        "cpectl host fencer left --command 'fence_ipmilan' --parameter ip=10.0.0.7 --parameter username=admin",
        "cpectl host fencer left --command '/usr/local/bin/pdu-off --port 7' --timeout 30s",
        'cpectl host fencer left --remove',
      ])}

It is run with one line for each parameter and action=off, then action=status, on standard input. The host counts as
dead when the status says that it is off (exit status 2), or, from a program without a status, when off succeeded.
--timeout is how long all of that may take (default 60s). Without a fencer only cpectl host confirm-dead proves that a
host is dead.`,
    )
    .action((host: string, given: FencerOptions, command: Command) =>
      runCommand(terminal, command, (options) => setFencer({ host, given }, { terminal, options })),
    );
}

async function setFencer(
  { host, given }: { readonly host: string; readonly given: FencerOptions },
  { terminal, options }: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const isRemoved = given.remove === true;
  if (isRemoved === (given.command !== undefined)) {
    return failure(exitCodes.usage, 'give the fencer with --command, or take it away with --remove');
  }
  const words = splitCommandLine(given.command ?? '');
  if (words === undefined) return failure(exitCodes.usage, 'a quote in --command is not closed');
  if (!isRemoved && words.length === 0) return failure(exitCodes.usage, '--command names no program');
  // The option that limits cpectl elsewhere is the fencer's here: nothing of this command takes its time.
  const timeoutMs = options.timeoutMs ?? 0;
  const value = { host, command: words, parameters: isRemoved ? {} : (given.parameter ?? {}), timeoutMs };
  return withCoordinator({ ...options, timeoutMs: undefined }, async (coordinator) => {
    const answered = await coordinator.ask('hostFencer', value);
    if (answered.kind === 'error') return explainError(answered.error);
    const { message, warnings } = answered.value;
    for (const warning of warnings) terminal.err.write(`warning: ${printable(warning)}\n`);
    if (options.json) printJson(terminal, { host, ...answered.value, outcome: 'ordered' });
    else terminal.out.write(`${printable(message)}\n`);
    return done;
  });
}

function addParameter(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Allowed: KEY=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
