import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import type { GlobalOptions } from '../global-options.js';
import { packageVersion } from '../package-version.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';

/** `cpectl report`: what to send to somebody who is to find out what happened. */
export function registerReport(program: Command, terminal: Terminal): void {
  program
    .command('report')
    .description('collect logs, events, states and decisions in one file for somebody else to look at, without secrets')
    .option('--out <file>', 'file to write (default: cpe-report-TIME.tar.gz); it must not be there yet')
    .addHelpText(
      'after',
      `${examplesText(['cpectl report', 'cpectl report --out /tmp/friday.tar.gz'])}

Works as well while the coordinator is down: then it has the logs. Keys, credentials and parameters with the name of a secret
(password, token, ...) are not in it. Look through it before you send it: nobody else knows all of your secrets.`,
    )
    .action(({ out }: { readonly out?: string }, command: Command) =>
      runCommand(terminal, command, (options) => report(terminal, options, out)),
    );
}

async function report(terminal: Terminal, options: GlobalOptions, out: string | undefined): Promise<CommandOutcome> {
  const { collectReport } = await import('../report/collect-report.js');
  if (!existsSync(options.home))
    return failure(exitCodes.failed, `${options.home} is not there`, 'choose it with --home');
  const stamp = new Date().toISOString().replace(/[:.]/g, '-').slice(0, 19);
  const file = resolve(out ?? `cpe-report-${stamp}.tar.gz`);
  const handle = await open(file, 'wx', 0o600).catch((error: Error) => error);
  if (handle instanceof Error) return failure(exitCodes.failed, `${file} cannot be written: ${handle.message}`);
  await handle.close();
  const root = await mkdtemp(join(tmpdir(), 'cpe-report-'));
  let isWhole = false;
  try {
    const name = `cpe-report-${stamp}`;
    const directory = join(root, name);
    await mkdir(directory);
    const deployables: string[] = [];
    const unreachable = await withCoordinator(options, async (coordinator) => {
      const answered = await coordinator.ask('listDeployables', {});
      if (answered.kind === 'error') return explainError(answered.error);
      deployables.push(...answered.value.deployables.map((each) => each.name));
      return done;
    });
    const missing = await collectReport({
      ...{ home: options.home, directory, version: packageVersion(), deployables },
      onStep: (what) => terminal.err.isTerminal && terminal.err.write(`\r\x1b[K${what}`),
    });
    if (terminal.err.isTerminal) terminal.err.write('\r\x1b[K');
    if (missing.length > 0) await writeFile(join(directory, 'missing.txt'), `${missing.join('\n')}\n`);
    await promisify(execFile)('tar', ['-czf', file, '--owner=0', '--group=0', '-C', root, name]);
    isWhole = true;
    const { size } = await stat(file);
    if (options.json) printJson(terminal, { file, bytes: size, deployables, missing });
    else {
      terminal.out.write(`${file}: ${deployables.length} deployable(s), ${(size / 1024 / 1024).toFixed(1)} MiB\n`);
      if (unreachable !== done)
        terminal.err.write('the coordinator does not answer: its logs are in the report, its state is not\n');
      else if (missing.length > 0) terminal.err.write(`${missing.length} part(s) are missing: see missing.txt in it\n`);
    }
    return done;
  } finally {
    await rm(root, { recursive: true, force: true });
    if (!isWhole) await rm(file, { force: true });
  }
}
