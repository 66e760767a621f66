import type { Command } from 'commander';
import type { Event } from '../../../proto/messages.js';
import { type Coordinator, withCoordinator } from '../coordinator.js';
import { followEvents, latestEvents, readEvents } from '../event-feed.js';
import { type CommandOutcome, done } from '../exit-code.js';
import { parseName, parseWhole } from '../global-options.js';
import { runCommand } from '../run-command.js';
import type { Terminal } from '../terminal.js';
import { eventJson, renderEvent } from '../views/event-view.js';

interface EventOptions {
  readonly follow?: boolean;
  readonly since?: number;
  readonly deployable?: string;
  readonly limit?: number;
}

const defaultLimit = 100;

export function registerEvents(program: Command, terminal: Terminal): void {
  program
    .command('events')
    .description('what happened and why; with --json one JSON object per line')
    .option('-f, --follow', 'go on as events come, also over restarts of the coordinator')
    .option('--since <seq>', 'only events after the one with this number', parseWhole(0))
    .option('--deployable <name>', 'only events of this deployable', parseName)
    .option(
      '--limit <count>',
      `no more than so many: the newest ones (default ${defaultLimit}), with --since the first ones (default all)`,
      parseWhole(1),
    )
    .action((given: EventOptions, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, (coordinator) => showEvents(coordinator, given, { terminal, json: options.json })),
      ),
    );
}

async function showEvents(
  coordinator: Coordinator,
  given: EventOptions,
  { terminal, json }: { readonly terminal: Terminal; readonly json: boolean },
): Promise<CommandOutcome> {
  const { out, err } = terminal;
  const deployable = given.deployable ?? '';
  const take = (event: Event) => {
    out.write(`${json ? JSON.stringify(eventJson(event)) : renderEvent(event, out.colors)}\n`);
  };
  let range = { deployable, since: given.since ?? 0, limit: given.limit ?? Number.MAX_SAFE_INTEGER };
  if (given.since === undefined) {
    const count = given.limit ?? defaultLimit;
    const latest = await latestEvents(coordinator, { deployable, count });
    if (latest.kind === 'failure') return latest;
    if (latest.hasOlder && given.limit === undefined && !json) {
      err.write(`the newest ${count} events; older ones are shown by: cpectl events --since 0\n`);
    }
    for (const event of latest.events) take(event);
    if (given.follow !== true) return done;
    range = { deployable, since: latest.newest, limit: Number.MAX_SAFE_INTEGER };
  } else if (given.follow !== true) {
    return readEvents(coordinator, range, take);
  }
  const onGap = (isOpen: boolean) => {
    err.write(`${isOpen ? 'the coordinator does not answer; waiting for it' : 'the coordinator answers again'}\n`);
  };
  return followEvents(coordinator, range, { take, onGap });
}
