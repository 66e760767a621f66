import type { BusError } from '../../proto/bus-error.js';
import type { DeployableChanged } from '../../proto/messages.js';
import { assessProgress } from './assess-progress.js';
import { type Awaited, awaitProgress, type OrderWords } from './await-progress.js';
import type { Coordinator } from './coordinator.js';
import { type CommandOutcome, done, type Failure } from './exit-code.js';
import { explainError } from './explain-error.js';
import type { GlobalOptions } from './global-options.js';
import { fromMessage, printProblems, renderProblemOf } from './print-problems.js';
import type { ReadDocument } from './read-document.js';
import { printJson } from './run-command.js';
import type { Terminal } from './terminal.js';
import { statusJson } from './views/status-view.js';
import type { WaitResult } from './wait-until-settled.js';

/** What the coordinator refused; a document's problems are printed as those found here are. */
export function explainRefusal(terminal: Terminal, error: BusError, document?: ReadDocument): Failure {
  if (document !== undefined) printProblems(terminal.err, document.label, error.problems.map(fromMessage));
  return explainError(error);
}

/** Warnings of the coordinator that were not found here already. */
export function printNewWarnings(terminal: Terminal, changed: DeployableChanged, document: ReadDocument): void {
  const { label, warnings } = document;
  const known = new Set(warnings.map((warning) => renderProblemOf(label, warning)));
  const further = changed.warnings.map(fromMessage).filter((problem) => !known.has(renderProblemOf(label, problem)));
  printProblems(terminal.err, label, further);
}

/** What `--json` prints about a change; `result` is what waiting for it came to. */
export function changeJson(changed: DeployableChanged, result?: WaitResult): Record<string, unknown> {
  return {
    ...changed,
    outcome: result?.kind ?? 'ordered',
    elapsedMs: result?.elapsedMs ?? null,
    status: result?.status === undefined ? null : statusJson(result.status),
  };
}

export interface Order {
  readonly changed: DeployableChanged;
  readonly desired: 'running' | 'stopped';
  readonly words: Omit<OrderWords, 'whenFailed'>;
}

/** Waits until the deployable is as it was ordered. */
export function awaitOrder(
  coordinator: Coordinator,
  { changed, desired, words }: Order,
  context: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const { name, desiredRevision, revision, lastSeq } = changed;
  const awaited: Awaited = {
    name,
    assess: (status) => assessProgress(status, { desired, desiredRevision, revision }),
    // Only what is stopped can be deleted.
    whenGone: desired === 'stopped' ? 'reached' : 'gone',
    since: lastSeq,
    words: { ...words, whenFailed: `try again with: cpectl deployable start ${name}` },
    json: (result) => changeJson(changed, result),
  };
  return awaitProgress(coordinator, awaited, context);
}

/** After a new definition was accepted: waits until it is in force where that takes time, and says how it ended. */
export async function finishRedefinition(
  coordinator: Coordinator,
  { changed, wait }: { readonly changed: DeployableChanged; readonly wait: boolean },
  context: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const { terminal, options } = context;
  const { name, revision, desired } = changed;
  // What is stopped has nothing to change; its new definition counts from the next start on.
  if (wait && desired === 'running') {
    const reached = changed.changed
      ? `${name} runs with revision ${revision}`
      : `${name} runs with this definition already (revision ${revision})`;
    const words = { reached, underWay: `changing ${name}` };
    return awaitOrder(coordinator, { changed, desired, words }, context);
  }
  if (options.json) printJson(terminal, changeJson(changed));
  else {
    const next =
      desired === 'running'
        ? `watch the change with: cpectl events -f --deployable ${name}`
        : `start it with: cpectl deployable start ${name}`;
    const what = changed.changed ? 'has a new definition' : 'has this definition already';
    terminal.out.write(`${name} ${what} (revision ${revision}); ${next}\n`);
  }
  return done;
}
