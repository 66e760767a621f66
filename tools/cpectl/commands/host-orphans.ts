import type { Command } from 'commander';
import type { Bus } from '../../../proto/bus.js';
import type { Orphan } from '../../../proto/messages.js';
import { launcherList } from '../../../proto/subjects.js';
import { confirm } from '../confirm.js';
import { type Coordinator, withCoordinator } from '../coordinator.js';
import { type CommandOutcome, done, exitCodes, type Failure, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { type GlobalOptions, parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { printable } from '../views/printable.js';
import { renderTable } from '../views/table.js';

interface OrphanOptions {
  readonly adopt?: string;
  readonly destroy?: string;
  readonly yes?: boolean;
}

interface Context {
  readonly terminal: Terminal;
  readonly options: GlobalOptions;
}

const listMs = 10_000;
/** A platform may take its time to prove a death. */
const changeMs = 70_000;

/** `host orphans`: what runs on a launcher host under its name and is in no journal. */
export function registerOrphans(group: Command, terminal: Terminal): void {
  group
    .command('orphans')
    .description('what runs on a launcher host and is in no journal of it: look, take over, destroy')
    .argument('<host>', 'name of the launcher host', parseName)
    .option('--adopt <instance>', 'take it into the journal: its deployable goes on with it, or ends it')
    .option('--destroy <instance>', 'end it at once, with proof')
    .option('--yes', 'do not ask before it is destroyed')
    .addHelpText(
      'after',
      `${examplesText([
        'cpectl host orphans left',
        'cpectl host orphans left --adopt shop.web.left.3-17',
        'cpectl host orphans left --destroy shop.web.left.3-17 --yes',
      ])}

A launcher that has lost its journal no longer knows what it has started; its instances run on as orphans.`,
    )
    .action((host: string, given: OrphanOptions, command: Command) =>
      runCommand(terminal, command, (options) => {
        if (given.adopt !== undefined && given.destroy !== undefined) {
          return Promise.resolve(failure(exitCodes.usage, 'an orphan is adopted or destroyed, not both'));
        }
        return withCoordinator(options, (coordinator, bus) =>
          given.adopt === undefined && given.destroy === undefined
            ? listOrphans(bus, host, { terminal, options })
            : changeOrphan(coordinator, { host, given }, { terminal, options }),
        );
      }),
    );
}

async function listOrphans(bus: Bus, host: string, { terminal, options }: Context): Promise<CommandOutcome> {
  const orphans = await askOrphans(bus, host, options.timeoutMs ?? listMs);
  if ('kind' in orphans) return orphans;
  if (options.json) printJson(terminal, orphans);
  else if (orphans.length === 0) terminal.err.write(`there is no orphan on launcher host ${host}\n`);
  else {
    const rows = orphans.map(({ instance, what }) => [instance, what]);
    terminal.out.write(renderTable([{ title: 'INSTANCE' }, { title: 'WHAT' }], rows, terminal.out.colors));
  }
  return done;
}

async function askOrphans(bus: Bus, host: string, deadlineMs: number): Promise<readonly Orphan[] | Failure> {
  const draft = { body: { kind: 'listOrphans', value: {} } } as const;
  const outcome = await bus.request(launcherList(host), draft, { deadlineMs });
  if (outcome.kind === 'error') {
    if (outcome.error.code !== 'no-responder') return explainError(outcome.error);
    const next = 'see which there are: cpectl host list';
    return failure(exitCodes.unreachable, `the launcher of host ${host} does not listen on the bus`, next);
  }
  const { body } = outcome.envelope;
  return body.kind === 'orphanList' ? body.value.orphans : failure(exitCodes.failed, `${host} answered "${body.kind}"`);
}

async function changeOrphan(
  coordinator: Coordinator,
  { host, given: { adopt, destroy, yes } }: { readonly host: string; readonly given: OrphanOptions },
  { terminal, options }: Context,
): Promise<CommandOutcome> {
  const instance = adopt ?? destroy ?? '';
  if (destroy !== undefined) {
    const danger = `destroying ${instance} ends it like a power failure, whoever uses it`;
    const refused = await confirm(terminal, { danger, word: instance, force: yes === true, option: '--yes' });
    if (refused !== undefined) return refused;
  }
  const value = { host, instance, destroy: destroy !== undefined };
  const answered = await coordinator.ask('hostAdoptOrphan', value, { deadlineMs: options.timeoutMs ?? changeMs });
  if (answered.kind === 'error') return explainError(answered.error);
  if (options.json) printJson(terminal, { host, instance, ...answered.value, outcome: 'done' });
  else terminal.out.write(`${printable(answered.value.message)}\n`);
  return done;
}
