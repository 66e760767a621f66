import type { Command } from 'commander';
import { type Coordinator, withCoordinator } from '../coordinator.js';
import { type CommandOutcome, exitCodes, type Failure, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { findSubject } from '../find-subject.js';
import { type GlobalOptions, parseName } from '../global-options.js';
import { readSupposition, type Supposition } from '../read-supposition.js';
import { runCommand } from '../run-command.js';
import { type GraphOptions, graphOptions, showPlan } from '../show-plan.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';

interface SimulateOptions extends GraphOptions {
  readonly deployable?: string;
  readonly fail?: string;
  readonly return?: string;
}

const simulateMs = 60_000;

/** `simulate`: what would be done if something failed or came back. */
export function registerSimulate(program: Command, terminal: Terminal): void {
  const command = program
    .command('simulate')
    .description('what would be done, and in which order, if a resource, assembly or launcher host failed or came back')
    .usage('[options] [deployable] <resource|assembly|host> <name> <fails|returns>')
    .argument('[words...]', '[deployable] resource|assembly|host NAME fails|returns')
    .option('--deployable <name>', 'the deployable', parseName)
    .option('--fail <kind:name>', 'the same as: KIND NAME fails')
    .option('--return <kind:name>', 'the same as: KIND NAME returns')
    .addHelpText(
      'after',
      `${examplesText([
        'cpectl simulate resource web.app fails',
        'cpectl simulate shop assembly db fails --graph db.svg',
        'cpectl simulate shop host left returns --json',
        'cpectl simulate shop --fail resource:web.app',
      ])}

Nothing is executed.`,
    );
  graphOptions(command).action((words: readonly string[], given: SimulateOptions, called: Command) =>
    runCommand(terminal, called, async (options) => {
      const supposition = readSupposition(words, given);
      if (supposition.kind === 'failure') return supposition;
      return withCoordinator(options, (coordinator) =>
        simulate(coordinator, { supposition, given }, { terminal, options }),
      );
    }),
  );
}

async function simulate(
  coordinator: Coordinator,
  { supposition, given }: { readonly supposition: Supposition; readonly given: SimulateOptions },
  context: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const { subject, change } = supposition;
  const found = await findSupposed(coordinator, supposition);
  if (found.kind === 'failure') return found;
  const { deployable, name } = found;
  const question = { deployable, subject, name, change };
  const deadlineMs = context.options.timeoutMs ?? simulateMs;
  const answered = await coordinator.ask('simulate', question, { deadlineMs });
  if (answered.kind === 'error') return explainError(answered.error);
  const supposed = `${subject} ${subject === 'host' ? name : `${deployable}/${name}`} ${change}`;
  return showPlan(answered.value, { name: deployable, supposed, given }, context);
}

async function findSupposed(
  coordinator: Coordinator,
  { subject, deployable, name }: Supposition,
): Promise<{ readonly kind: 'found'; readonly deployable: string; readonly name: string } | Failure> {
  if (subject !== 'host')
    return findSubject(coordinator, { kind: 'words', deployable, name, node: undefined }, subject);
  if (deployable !== undefined) return { kind: 'found', deployable, name };
  const listed = await coordinator.ask('listDeployables', {});
  if (listed.kind === 'error') return explainError(listed.error);
  const names = listed.value.deployables.map((each) => each.name);
  const [only] = names;
  if (only !== undefined && names.length === 1) return { kind: 'found', deployable: only, name };
  if (names.length === 0) {
    return failure(exitCodes.failed, 'no deployable is defined', 'define one with: cpectl deployable create -f FILE');
  }
  const next = `say of which: cpectl simulate ${names[0]} host ${name} ...`;
  return failure(exitCodes.usage, `a host is simulated for one deployable (there are ${names.join(', ')})`, next);
}
