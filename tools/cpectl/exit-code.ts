/** What the exit status of cpectl tells a script; documented in the help and in cpectl(8). */
export const exitCodes = {
  done: 0,
  /** Refused or failed: a document with errors, a name that exists, a deployable that failed, ... */
  failed: 1,
  usage: 2,
  unreachable: 3,
  timedOut: 4,
  /** It was done and answered, with another result than the expected one (`cpectl agent`). */
  otherResult: 5,
  /** 128 + SIGINT, as shells report it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Why a command did not do what it was asked to; printed by runCommand. */
export interface Failure {
  readonly kind: 'failure';
  readonly exit: Exclude<ExitCode, 0>;
  /** Empty where it has been said. */
  readonly message: string;
  /** What to do now; empty where the message says it. */
  readonly next: string;
}

/** How a command ended. What there was to print is printed, except for a failure. */
export type CommandOutcome = { readonly kind: 'done'; readonly exit?: typeof exitCodes.otherResult } | Failure;

export const done: CommandOutcome = { kind: 'done' };
/** The answer is printed, and says something else than was expected. */
export const otherResult: CommandOutcome = { kind: 'done', exit: exitCodes.otherResult };

export function failure(exit: Failure['exit'], message: string, next = ''): Failure {
  return { kind: 'failure', exit, message, next };
}
