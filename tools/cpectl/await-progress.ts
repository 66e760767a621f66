import type { DeployableStatus } from '../../proto/messages.js';
import type { Progress } from './assess-progress.js';
import type { Coordinator } from './coordinator.js';
import { type CommandOutcome, done, exitCodes, failure } from './exit-code.js';
import { explainError } from './explain-error.js';
import type { GlobalOptions } from './global-options.js';
import { noProgress, progressDisplay } from './progress-display.js';
import { printJson } from './run-command.js';
import type { Terminal } from './terminal.js';
import { printable } from './views/printable.js';
import { renderElapsed } from './views/times.js';
import { type WaitResult, waitUntilSettled } from './wait-until-settled.js';

/** How something that takes its time is spoken of. */
export interface OrderWords {
  /** `shop is running`: once it is done. */
  readonly reached: string;
  /** `starting shop`: while it is under way. */
  readonly underWay: string;
  /** What to do when it fails: `try again with: ...`. */
  readonly whenFailed: string;
}

/** Something ordered of a deployable that is to be waited for. */
export interface Awaited {
  readonly name: string;
  readonly assess: (status: DeployableStatus) => Progress;
  readonly whenGone: 'reached' | 'gone';
  /** Newest event before the order. */
  readonly since: number;
  readonly words: OrderWords;
  /** What `--json` prints about how it ended. */
  readonly json: (result: WaitResult) => unknown;
}

const defaultTimeoutMs = 600_000;

/**
 * Waits for what an order leads to, with progress for people, and says how it ended. Ctrl-C and the end of the time end
 * the wait only: what was ordered goes on.
 */
export async function awaitProgress(
  coordinator: Coordinator,
  awaited: Awaited,
  { terminal, options }: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
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
  const { name, assess, whenGone, since } = awaited;
  const waiting = { name, assess, whenGone, since, timeoutMs, display, signal: interruption.signal };
  const result = await Promise.race([waitUntilSettled(coordinator, waiting), interrupted]);
  stopListening();
  if (options.json) printJson(terminal, awaited.json(result));
  const outcome = outcomeOf(result, { name, words: awaited.words, timeoutMs });
  if (result.kind === 'reached' && !options.json) {
    terminal.out.write(`${awaited.words.reached} (${renderElapsed(result.elapsedMs)})\n`);
  }
  if (result.kind === 'deferred') {
    terminal.err.write(`${awaited.words.underWay} is accepted, and waits: ${printable(result.reason)}\n`);
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
    case 'deferred':
      return done;
    case 'failed': {
      const reason = printable(result.reason) || 'no reason is given';
      const retry = reason.includes('cpectl ') ? '' : `, and ${words.whenFailed}`;
      return failure(exitCodes.failed, `${words.underWay} failed: ${reason}`, `see cpectl failures ${name}${retry}`);
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
