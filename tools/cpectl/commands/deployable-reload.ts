import type { Command } from 'commander';
import { awaitOrder, changeJson, explainRefusal, printNewWarnings } from '../change-deployable.js';
import { type Coordinator, withCoordinator } from '../coordinator.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import { type GlobalOptions, parseName } from '../global-options.js';
import type { ReadDocument } from '../read-document.js';
import { printJson, runCommand } from '../run-command.js';
import { takeDocument, wireDocument } from '../take-document.js';
import type { Terminal } from '../terminal.js';

export function registerReload(group: Command, terminal: Terminal): void {
  group
    .command('reload')
    .description('give a deployable a new definition; what differs is changed, the rest runs on')
    .argument('<name>', 'name of the deployable', parseName)
    .requiredOption('-f, --file <file>', 'its new document, XML or YAML (- for standard input)')
    .option('--no-wait', 'return as soon as the new definition is accepted')
    .action((name: string, given: { readonly file: string; readonly wait: boolean }, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const document = await takeDocument(terminal, given.file);
        if (document.kind === 'failure') return document;
        const { label, deployable } = document;
        if (deployable.name !== name) {
          const message = `${label} defines deployable ${deployable.name}, not ${name}`;
          return failure(exitCodes.failed, message, `set it to: ${name}; nothing was changed`);
        }
        return withCoordinator(options, (coordinator) =>
          reload(coordinator, { name, document, ...given }, { terminal, options }),
        );
      }),
    );
}

interface Reload {
  readonly name: string;
  readonly document: ReadDocument;
  readonly file: string;
  readonly wait: boolean;
}

async function reload(
  coordinator: Coordinator,
  { name, document, file, wait }: Reload,
  context: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const { terminal, options } = context;
  const answered = await coordinator.ask('reloadDeployable', { name, document: wireDocument(document, file) });
  if (answered.kind === 'error') return explainRefusal(terminal, answered.error, document);
  const changed = answered.value;
  printNewWarnings(terminal, changed, document);
  const { revision, desired } = changed;
  // What is stopped has nothing to change; its new definition counts from the next start on.
  if (wait && desired === 'running') {
    const words = { reached: `${name} runs with revision ${revision}`, underWay: `changing ${name}` };
    return awaitOrder(coordinator, { changed, desired, words }, context);
  }
  if (options.json) printJson(terminal, changeJson(changed));
  else {
    const next =
      desired === 'running'
        ? `watch the change with: cpectl events -f --deployable ${name}`
        : `start it with: cpectl deployable start ${name}`;
    terminal.out.write(`${name} has a new definition (revision ${revision}); ${next}\n`);
  }
  return done;
}
