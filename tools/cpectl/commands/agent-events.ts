import type { Command } from 'commander';
import type { InstanceId } from '../../../proto/instance-id.js';
import { type AgentEvent, agentsOn } from '../agents.js';
import { type Coordinator, withCoordinator } from '../coordinator.js';
import { done, exitCodes, type Failure, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { findSubject } from '../find-subject.js';
import { parseName, parseWhole } from '../global-options.js';
import { runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import { readSubjectWords } from '../subject-words.js';
import type { Terminal } from '../terminal.js';
import { agentEventJson, renderAgentEvent } from '../views/agent-event-view.js';

interface EventsOptions {
  readonly count?: number;
  readonly deployable?: string;
}

/** Whose events: empty texts mean all. */
interface Scope {
  readonly kind: 'scope';
  readonly deployable: string;
  readonly assembly: string;
}

/** `agent events`: what happens to the machines, as it happens. */
export function registerAgentEvents(group: Command, terminal: Terminal): void {
  group
    .command('events')
    .description('heartbeats of the machines, and changed results of repeated actions, as they come')
    .usage('[options] [deployable] [assembly]')
    .argument('[words...]', 'DEPLOYABLE, ASSEMBLY, DEPLOYABLE ASSEMBLY or DEPLOYABLE/ASSEMBLY; nothing: all')
    .option('--deployable <name>', 'the deployable', parseName)
    .option('--count <number>', 'end after so many', parseWhole(1))
    .addHelpText(
      'after',
      examplesText([
        'cpectl agent events',
        'cpectl agent events shop web --count 10',
        'cpectl agent events shop --json',
      ]),
    )
    .action((words: readonly string[], given: EventsOptions, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator, bus) => {
          const scope = await readScope(coordinator, words, given.deployable);
          if (scope.kind === 'failure') return scope;
          const limits = { count: given.count ?? Number.POSITIVE_INFINITY, timeoutMs: options.timeoutMs };
          const isWhole = await follow(
            (take) =>
              agentsOn(bus).listen(scope.deployable, (instance, event) => {
                if (scope.assembly === '' || instance.assembly === scope.assembly) take(instance, event);
              }),
            (instance, event) => {
              const json = () => JSON.stringify(agentEventJson(instance, event));
              terminal.out.write(`${options.json ? json() : renderAgentEvent(instance, event, terminal.out.colors)}\n`);
            },
            limits,
          );
          if (isWhole) return done;
          return failure(
            exitCodes.timedOut,
            'timed out',
            'heartbeats come at the update interval: cpectl agent host get',
          );
        }),
      ),
    );
}

type Take = (instance: InstanceId, event: AgentEvent) => void;

/** Passes on events until there were enough of them; false when the time was over first. */
function follow(
  listen: (take: Take) => () => void,
  take: Take,
  { count, timeoutMs }: { readonly count: number; readonly timeoutMs: number | undefined },
): Promise<boolean> {
  return new Promise((resolve) => {
    let left = count;
    const end = (isWhole: boolean): void => {
      stop();
      clearTimeout(timer);
      resolve(isWhole);
    };
    const stop = listen((instance, event) => {
      if (left <= 0) return;
      take(instance, event);
      left -= 1;
      if (left === 0) end(true);
    });
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => end(false), timeoutMs);
  });
}

async function readScope(
  coordinator: Coordinator,
  words: readonly string[],
  deployable: string | undefined,
): Promise<Scope | Failure> {
  const [only] = words;
  if (only === undefined) {
    return deployable === undefined ? { kind: 'scope', deployable: '', assembly: '' } : known(coordinator, deployable);
  }
  if (words.length === 1 && deployable === undefined && !only.includes('/')) {
    const listed = await coordinator.ask('listDeployables', {});
    if (listed.kind === 'error') return explainError(listed.error);
    const isDeployable = listed.value.deployables.some(({ name }) => name === only);
    if (isDeployable) return { kind: 'scope', deployable: only, assembly: '' };
  }
  const read = readSubjectWords(words, { deployable });
  if (read.kind === 'failure') return read;
  const found = await findSubject(coordinator, read, 'assembly');
  return found.kind === 'failure' ? found : { kind: 'scope', deployable: found.deployable, assembly: found.name };
}

async function known(coordinator: Coordinator, deployable: string): Promise<Scope | Failure> {
  const answered = await coordinator.ask('getStatus', { deployable });
  return answered.kind === 'error' ? explainError(answered.error) : { kind: 'scope', deployable, assembly: '' };
}
