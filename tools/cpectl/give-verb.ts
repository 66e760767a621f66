import type { VerbDone } from '../../proto/messages.js';
import { assessVerb, type VerbGoal } from './assess-verb.js';
import { awaitProgress } from './await-progress.js';
import type { Answered, Coordinator, Verb } from './coordinator.js';
import { type CommandOutcome, done } from './exit-code.js';
import { explainError } from './explain-error.js';
import type { GlobalOptions } from './global-options.js';
import { printJson } from './run-command.js';
import type { Terminal } from './terminal.js';
import { printable } from './views/printable.js';
import { statusJson } from './views/status-view.js';
import type { WaitResult } from './wait-until-settled.js';

/** An operator's verb about one deployable, or something in it. */
export interface VerbRequest {
  readonly deployable: string;
  /** Assembly or CIB id of a resource; empty: the deployable itself. */
  readonly subject: string;
  /** `resource stop`: how the verb is spoken of. */
  readonly verb: string;
  /** Undefined: what it changes is so at once. */
  readonly goal: VerbGoal | undefined;
  readonly wait: boolean;
  readonly give: (coordinator: Coordinator) => Promise<Answered<Verb>>;
}

/** Gives the order, prints what it came to, and waits until it is carried out unless told not to. */
export async function giveVerb(
  coordinator: Coordinator,
  request: VerbRequest,
  context: { readonly terminal: Terminal; readonly options: GlobalOptions },
): Promise<CommandOutcome> {
  const { terminal, options } = context;
  const { deployable, subject, verb, goal } = request;
  const answered = await request.give(coordinator);
  if (answered.kind === 'error') return explainError(answered.error);
  const given = answered.value;
  for (const warning of given.warnings) terminal.err.write(`warning: ${printable(warning)}\n`);
  const isAwaited = request.wait && goal !== undefined;
  if (!isAwaited) {
    if (options.json) printJson(terminal, verbJson(request, given));
    else terminal.out.write(`${printable(given.message)}${request.wait ? '' : watchIt(request, given)}\n`);
    return done;
  }
  if (!options.json) terminal.err.write(`${printable(given.message)}\n`);
  const about = subject === '' ? deployable : `${deployable}/${subject}`;
  const awaited = {
    name: deployable,
    assess: (status: Parameters<typeof assessVerb>[0]) => assessVerb(status, goal),
    whenGone: 'gone',
    since: given.lastSeq,
    words: {
      reached: reachedWords(about, goal, verb),
      underWay: `${verb} ${about}`,
      whenFailed: `see why with: cpectl explain ${about}`,
    },
    json: (result: WaitResult) => verbJson(request, given, result),
  } as const;
  return awaitProgress(coordinator, awaited, context);
}

function reachedWords(about: string, goal: VerbGoal, verb: string): string {
  return goal.kind === 'settled' ? `${verb} ${about}: done` : `${about} is ${goal.state}`;
}

function watchIt({ goal, deployable }: VerbRequest, { changed }: VerbDone): string {
  return goal === undefined || !changed ? '' : `; watch it with: cpectl events -f --deployable ${deployable}`;
}

/** What `--json` prints about a verb; `result` is what waiting for it came to. */
function verbJson(
  { deployable, subject, verb }: VerbRequest,
  given: VerbDone,
  result?: WaitResult,
): Record<string, unknown> {
  return {
    deployable,
    subject,
    verb,
    ...given,
    outcome: result?.kind ?? 'ordered',
    elapsedMs: result?.elapsedMs ?? null,
    status: result?.status === undefined ? null : statusJson(result.status),
  };
}
