import type { Command } from 'commander';
import { type CommandOutcome, exitCodes, type Failure } from './exit-code.js';
import { type GlobalOptions, globalOptions } from './global-options.js';
import type { Terminal } from './terminal.js';

/** Runs what a command does, prints its failure, and leaves the exit code with the terminal. */
export async function runCommand(
  terminal: Terminal,
  command: Command,
  work: (options: GlobalOptions) => Promise<CommandOutcome>,
): Promise<void> {
  const outcome = await work(globalOptions(command));
  if (outcome.kind === 'failure' && outcome.message !== '') printFailure(terminal, outcome);
  terminal.setExitCode(outcome.exit ?? exitCodes.done);
}

export function printFailure({ err }: Terminal, { message, next }: Failure): void {
  err.write(`${err.colors.red('cpectl:')} ${message}${next === '' ? '' : `; ${next}`}\n`);
}

/** One JSON document, as `--json` promises. */
export function printJson({ out }: Terminal, value: unknown): void {
  out.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
