import type { BusError, BusErrorCode } from '../../proto/bus-error.js';
import { exitCodes, type Failure, failure } from './exit-code.js';
import { printable } from './views/printable.js';

/** What a person reads, and a script learns, when a question to the coordinator was not answered or was refused. */
export function explainError(error: BusError): Failure {
  const { exit, next } = meanings[error.code];
  const isStrange = /does not answer "/.test(error.message);
  const message = `${lead[error.code] ?? ''}${printable(error.message)}`;
  // The coordinator's own messages often say what to do already.
  const hasAdvice = message.includes('cpectl ') || message.includes('; ');
  return failure(exit, message, hasAdvice ? '' : isStrange ? sameVersion : next);
}

/** @param trouble what the bus server, or the connection to it, last complained of; undefined when it said nothing */
export function explainNoBus(
  { url, log }: { readonly url: string; readonly log: string },
  trouble: string | undefined,
): Failure {
  if (trouble === undefined || /timeout/i.test(trouble)) {
    const message = `the bus at ${url} did not answer in time`;
    return failure(exitCodes.unreachable, message, `${tryAgain}: this machine may be overloaded; its log is ${log}`);
  }
  const message = `the bus at ${url} does not let cpectl in (${printable(trouble)})`;
  return failure(exitCodes.unreachable, message, `see what it is about in ${log}`);
}

/** Whether asking again a moment later may be answered: what asks is restarted, reconnected or overloaded. */
export function isPassing({ code }: BusError): boolean {
  return passing.has(code);
}

const passing: ReadonlySet<BusErrorCode> = new Set(['deadline', 'no-responder', 'disconnected', 'unavailable']);

const lead: Partial<Record<BusErrorCode, string>> = {
  deadline: 'the coordinator did not answer: ',
  'no-responder': 'the Cloud Policy Engine (cped) does not run: ',
  disconnected: 'the bus is gone: ',
};

const seeLog = 'the log of cped, in the directory logs of its home, tells more';
const lookFirst = 'look whether it was carried out: cpectl deployable list';
const tryAgain = 'try again in a moment';
const sameVersion = 'use the cpectl of the same version as the coordinator';

interface Meaning {
  readonly exit: Failure['exit'];
  readonly next: string;
}

const meanings = {
  deadline: { exit: exitCodes.timedOut, next: lookFirst },
  'no-responder': { exit: exitCodes.unreachable, next: seeLog },
  disconnected: { exit: exitCodes.unreachable, next: lookFirst },
  closed: { exit: exitCodes.failed, next: tryAgain },
  refused: { exit: exitCodes.failed, next: 'cpectl up mints the credentials of operators anew' },
  'too-large': { exit: exitCodes.failed, next: 'ask for less, or give a smaller document' },
  'invalid-reply': { exit: exitCodes.failed, next: sameVersion },
  'invalid-request': { exit: exitCodes.failed, next: '' },
  forbidden: { exit: exitCodes.failed, next: 'use the credentials of an operator' },
  'unsupported-version': { exit: exitCodes.failed, next: sameVersion },
  'unknown-deployable': { exit: exitCodes.failed, next: 'cpectl deployable list shows those there are' },
  'unknown-instance': { exit: exitCodes.failed, next: 'cpectl info shows those there are' },
  'unknown-resource': { exit: exitCodes.failed, next: 'cpectl deployable status NAME shows those there are' },
  'not-found': { exit: exitCodes.failed, next: 'the list commands of cpectl agent show those there are' },
  'not-installed': { exit: exitCodes.failed, next: 'install it in the image of the assembly' },
  timeout: { exit: exitCodes.timedOut, next: 'give it more time with --timeout, or look why it hangs' },
  'operation-failed': { exit: exitCodes.failed, next: '' },
  'already-exists': { exit: exitCodes.failed, next: 'change it with: cpectl deployable reload NAME -f FILE' },
  'invalid-document': { exit: exitCodes.failed, next: 'mend the document and try again' },
  conflict: { exit: exitCodes.failed, next: 'look at it first: cpectl deployable status NAME' },
  'stale-epoch': { exit: exitCodes.failed, next: tryAgain },
  'not-leader': { exit: exitCodes.failed, next: tryAgain },
  'not-adopted': { exit: exitCodes.failed, next: tryAgain },
  capacity: { exit: exitCodes.failed, next: 'stop something, or allow another launcher host' },
  'driver-failed': { exit: exitCodes.failed, next: 'cpectl events tells more' },
  unavailable: { exit: exitCodes.failed, next: tryAgain },
  internal: { exit: exitCodes.failed, next: seeLog },
} as const satisfies Record<BusErrorCode, Meaning>;
