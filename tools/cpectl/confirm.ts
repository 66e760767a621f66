import { exitCodes, type Failure, failure } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface Confirmation {
  /** What will happen, one sentence. */
  readonly danger: string;
  /** What has to be typed to go on. */
  readonly word: string;
  /** The option was given that spares the question. */
  readonly force: boolean;
  /** That option; default `--force`. */
  readonly option?: '--force' | '--yes';
}

/** Undefined when it may be done; otherwise nothing was done. Without a keyboard the option is the only way. */
export async function confirm(
  terminal: Terminal,
  { danger, word, force, option = '--force' }: Confirmation,
): Promise<Failure | undefined> {
  if (force) return undefined;
  const typed = await terminal.ask(`${danger}\nType ${word} to go on: `);
  if (typed === undefined) return failure(exitCodes.usage, danger, `say that you mean it with ${option}`);
  if (typed.trim() === word) return undefined;
  return failure(exitCodes.failed, 'not confirmed', 'nothing was done');
}
