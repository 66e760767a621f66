import type { BusError } from '../../proto/bus-error.js';
import type { DeployableChanged } from '../../proto/messages.js';
import type { Coordinator } from './coordinator.js';
import { type CommandOutcome, done, exitCodes, type Failure, failure } from './exit-code.js';
import { explainError } from './explain-error.js';
import type { GlobalOptions } from './global-options.js';
import { fromMessage, printProblems, renderProblemOf } from './print-problems.js';
import { noProgress, progressDisplay } from './progress-display.js';
import type { ReadDocument } from './read-document.js';
import { printJson } from './run-command.js';
import type { Terminal } from './terminal.js';
import { printable } from './views/printable.js';
import { statusJson } from './views/status-view.js';
import { renderElapsed } from './views/times.js';
import { type WaitResult, waitUntilSettled } from './wait-until-settled.js';

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

/** How an order that takes its time is spoken of. */
export interface OrderWords {
  /** `shop is running`: once it is done. */
  readonly reached: string;
  /** `starting shop`: while it is under way. */
  readonly underWay: string;
}

export interface Order {
  readonly changed: DeployableChanged;
  readonly desired: 'running' | 'stopped';
  readonly words: OrderWords;
}

const defaultTimeoutMs = 600_000;

/** Waits for what an order leads to, with progress for people, and says how it ended. */
export async function awaitOrder(
  coordinator: Coordinator,
  order: Order,
  { terminal, options }: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const { changed, desired, words } = order;
  const { name, desiredRevision, revision, lastSeq } = changed;
  const interruption = new AbortController();
  const interrupted = new Promise<WaitResult>((settle) => {
    interruption.signal.addEventListener('abort', () => {
      settle({ kind: 'interrupted', status: undefined, elapsedMs: 0 });
    });
  });
  const display = options.json ? noProgress : progressDisplay(terminal.err);
  const stopListening = terminal.onInterrupt(() => {
    display.end();
    interruption.abort();
  });
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const result = await Promise.race([
    waitUntilSettled(coordinator, {
      name,
      goal: { desired, desiredRevision, revision },
      since: lastSeq,
      timeoutMs,
      display,
      signal: interruption.signal,
    }),
    interrupted,
  ]);
  stopListening();
  if (options.json) printJson(terminal, changeJson(changed, result));
  const outcome = outcomeOf(result, { name, words, timeoutMs });
  if (outcome.kind === 'done' && !options.json) {
    terminal.out.write(`${words.reached} (${renderElapsed(result.elapsedMs)})\n`);
  }
  return outcome;
}

const mostNamed = 5;

function outcomeOf(
  result: WaitResult,
  about: { readonly name: string; readonly words: OrderWords; readonly timeoutMs: number },
): CommandOutcome {
  const { name, words } = about;
  const watch = `watch it with: cpectl events -f --deployable ${name}`;
  switch (result.kind) {
    case 'reached':
      return done;
    case 'failed': {
      const reason = printable(result.reason) || 'no reason is given';
      const resume = reason.includes('cpectl ') ? '' : `, and try again with: cpectl deployable start ${name}`;
      return failure(exitCodes.failed, `${name} failed: ${reason}`, `see cpectl failures ${name}${resume}`);
    }
    case 'overruled': {
      const message = `${words.underWay} was overruled by a later order: ${name} is to be ${result.desired}`;
      return failure(exitCodes.failed, message, `look at it with: cpectl deployable status ${name}`);
    }
    case 'gone':
      return failure(exitCodes.failed, `${name} was deleted meanwhile`, 'cpectl events tells by whom');
    case 'timed-out': {
      const more = result.missing.length - mostNamed;
      const named =
        result.missing.slice(0, mostNamed).map(printable).join(', ') + (more > 0 ? ` and ${more} more` : '');
      const message = `${words.underWay} takes longer than ${renderElapsed(about.timeoutMs)}; still missing: ${named}`;
      return failure(exitCodes.timedOut, message, `the work goes on, ${watch}`);
    }
    case 'interrupted':
      return failure(exitCodes.interrupted, `no longer waiting; ${words.underWay} goes on`, watch);
    case 'error':
      return explainError(result.error);
  }
}
