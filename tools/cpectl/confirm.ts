import { exitCodes, type Failure, failure } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface Confirmation {
  /** What will happen, one sentence. */
  readonly danger: string;
  /** What has to be typed to go on. */
  readonly word: string;
  /** `--force` was given: nobody is asked. */
  readonly force: boolean;
}

/** Undefined when it may be done; otherwise nothing was done. Without a keyboard `--force` is the only way. */
export async function confirm(terminal: Terminal, { danger, word, force }: Confirmation): Promise<Failure | undefined> {
  if (force) return undefined;
  const typed = await terminal.ask(`${danger}\nType ${word} to go on: `);
  if (typed === undefined) return failure(exitCodes.usage, danger, 'say that you mean it with --force');
  if (typed.trim() === word) return undefined;
  return failure(exitCodes.failed, 'not confirmed', 'nothing was done');
}
