import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import type { GlobalOptions } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';

/** `cpectl backup`: everything that this coordinator has to remember, while it runs. */
export function registerBackup(program: Command, terminal: Terminal): void {
  program
    .command('backup')
    .description('write what the coordinator has to remember into one file: its store, keys and configuration')
    .argument('<file>', 'file to write (a .tar.gz); it must not be there yet')
    .addHelpText(
      'after',
      `${examplesText(['cpectl backup /var/backups/cpe-2026-11-23.tar.gz'])}

The coordinator may run: the store is copied as it is at one moment, and the copy is checked. The file holds the keys of the
site: whoever has it can order everything. It does not hold images, nor the data of applications.`,
    )
    .action((file: string, _given: unknown, command: Command) =>
      runCommand(terminal, command, (options) => backUp(terminal, options, resolve(file))),
    );
}

async function backUp(terminal: Terminal, options: GlobalOptions, file: string): Promise<CommandOutcome> {
  const { backUpSite } = await import('../../../coordinator/cpe/backup.js');
  const outcome = await backUpSite(options.home, file);
  if (outcome.kind === 'problem') return failure(exitCodes.failed, outcome.message);
  const { manifest, bytes } = outcome;
  if (options.json) printJson(terminal, { file, bytes, ...manifest });
  else {
    const size = (bytes / 1024 / 1024).toFixed(1);
    const { deployables, lastEvent } = manifest;
    terminal.out.write(`${file}: ${deployables.length} deployable(s), events up to ${lastEvent}, ${size} MiB\n`);
  }
  return done;
}
