import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { OpenBackup, Restored } from '../../../coordinator/cpe/backup.js';
import { withCoordinator } from '../coordinator.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import type { GlobalOptions } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { printable } from '../views/printable.js';

const stopDeadlineMs = 60_000;
const upDeadlineMs = 60_000;

/** `cpectl restore`: what a backup remembers takes the place of what the coordinator does. */
export function registerRestore(program: Command, terminal: Terminal): void {
  program
    .command('restore')
    .description('put a backup in the place of what the coordinator remembers; what runs is not touched')
    .argument('<file>', 'a file that cpectl backup has written')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `${examplesText(['cpectl restore /var/backups/cpe-2026-11-23.tar.gz --yes'])}

A coordinator that is up is stopped for it and started again; instances go on meanwhile, and so does what their agents
repair. Definitions and wishes are then those of the backup. Instances that were started since are found by their launchers
and taken over as they are; a resource that a later definition has started goes on until its next start. The store that was in use stays beside the new one, until you remove it. Keys and configuration
are put back only where there are none: on a new machine, restore first and then run cpectl up.`,
    )
    .action((file: string, given: { readonly yes?: boolean }, command: Command) =>
      runCommand(terminal, command, (options) => restore(terminal, options, resolve(file), given.yes === true)),
    );
}

async function restore(
  terminal: Terminal,
  options: GlobalOptions,
  file: string,
  isSure: boolean,
): Promise<CommandOutcome> {
  const { home } = options;
  const [{ closeBackup, openBackup }, { pm2DaemonPid }, { readSiteConfig }, { supervisorPid }] = await Promise.all([
    import('../../../coordinator/cpe/backup.js'),
    import('../../../coordinator/cpe/process-manager.js'),
    import('../../../coordinator/cpe/site-config.js'),
    import('../../../coordinator/cpe/site.js'),
  ]);
  const config = readSiteConfig(home);
  if (config?.store === 'jetstream') {
    return failure(exitCodes.failed, 'the store of this site is in JetStream, and backups are of stores in a home');
  }
  const isUp = supervisorPid(home) !== undefined || pm2DaemonPid(home) !== undefined;
  if (isUp && config?.isForeground === true) {
    const message = 'the coordinator runs under a service manager, which would start it in the middle of this';
    return failure(exitCodes.failed, message, 'stop its service first');
  }
  const backup = await openBackup(home, file);
  if ('message' in backup) return failure(exitCodes.failed, backup.message);
  try {
    if (!isSure) {
      const refused = await askWhether(terminal, backup);
      if (refused !== undefined) return refused;
    }
    return await putBack(terminal, options, { backup, isUp });
  } finally {
    await closeBackup(backup.directory);
  }
}

/** Undefined: yes. */
async function askWhether(terminal: Terminal, { manifest }: OpenBackup): Promise<CommandOutcome | undefined> {
  const { made, deployables } = manifest;
  const known = `The backup of ${made} knows ${deployables.length} deployable(s): ${printable(deployables.join(', '))}`;
  terminal.err.write(`${known}\n`);
  const answer = await terminal.ask('Whatever was changed since is forgotten. Restore it? [y/N] ');
  if (answer === undefined) return failure(exitCodes.usage, 'nobody is there to be asked', 'say --yes');
  return /^y(es)?$/i.test(answer.trim()) ? undefined : failure(exitCodes.failed, 'nothing was changed');
}

async function putBack(
  terminal: Terminal,
  options: GlobalOptions,
  { backup, isUp }: { readonly backup: OpenBackup; readonly isUp: boolean },
): Promise<CommandOutcome> {
  const { home, json } = options;
  const [{ restoreSite }, { startSupervisor, stopSupervisor }] = await Promise.all([
    import('../../../coordinator/cpe/backup.js'),
    import('../../../coordinator/cpe/site.js'),
  ]);
  if (isUp && !(await stopSupervisor(home, stopDeadlineMs))) {
    const message = `the coordinator's processes did not end within ${stopDeadlineMs / 1000} s, and nothing was changed`;
    return failure(exitCodes.failed, message, `see ${home}/logs`);
  }
  let restored: Restored;
  try {
    restored = await restoreSite(home, backup, `operator ${userInfo().username}`);
  } finally {
    // Whatever came of it: what ran goes on running.
    if (isUp) startSupervisor(home);
  }
  const answers = isUp ? await untilAnswered(options) : undefined;
  tell(terminal, { backup, restored, json });
  if (answers === false) {
    return failure(exitCodes.unreachable, `cped does not answer after ${upDeadlineMs / 1000} s`, `see ${home}/logs`);
  }
  if (!isUp && !json) terminal.out.write('Next: cpectl up\n');
  return done;
}

interface Told {
  readonly backup: OpenBackup;
  readonly restored: Restored;
  readonly json: boolean;
}

function tell(terminal: Terminal, { backup: { manifest }, restored: { before, forgotten }, json }: Told): void {
  if (json) {
    const { made, deployables } = manifest;
    printJson(terminal, { made, deployables, before: before ?? null, forgotten });
    return;
  }
  terminal.out.write(`The backup of ${manifest.made} is restored.\n`);
  if (before !== undefined) terminal.out.write(`The store that was in use is now ${before}\n`);
  if (forgotten.length > 0) {
    const names = printable(forgotten.join(', '));
    terminal.err.write(
      `not in the backup, so nobody decides for them any more: ${names}; see cpectl host orphans HOST\n`,
    );
  }
}

async function untilAnswered(options: GlobalOptions): Promise<boolean> {
  const until = Date.now() + upDeadlineMs;
  while (Date.now() < until) {
    const outcome = await withCoordinator(options, async (coordinator) => {
      const answered = await coordinator.ask('listDeployables', {}, { deadlineMs: 2_000 });
      return answered.kind === 'answer' ? done : failure(exitCodes.unreachable, '');
    });
    if (outcome.kind === 'done') return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
