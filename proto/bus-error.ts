import type { DocumentProblem } from './messages.js';

/** Every code that a failed request can carry, and what it means to the one who asked. */
export const BUS_ERROR_CODES = {
  // Said by this side: no answer came.
  deadline: 'no answer within the deadline; the request may have been carried out',
  'no-responder': 'nobody listens on the subject; the request was not carried out',
  disconnected: 'the bus is not connected, or was lost while waiting; the request may have been carried out',
  closed: 'the connection was closed by this process',
  refused: 'the credentials do not allow the subject',
  'too-large': 'the message exceeds the size limit',
  'invalid-reply': 'the answer is no envelope of a version that this side speaks',
  // Said by the other side.
  'invalid-request': 'the message is no envelope, or its body is not one that the receiver answers',
  forbidden: 'the identity that asked may not do this; nothing was done',
  'unsupported-version': 'the receiver speaks another major version, or does not know the body yet',
  'unknown-deployable': 'no deployable has this name',
  'unknown-instance': 'the launcher or DPE knows no such instance',
  'unknown-resource': 'the agent knows no such resource',
  'not-found': 'the machine has no such service, resource agent, interface, profile or key',
  'not-installed': 'the machine lacks a program that this needs',
  timeout: 'what was asked for did not come to an end in its time, and was ended',
  'operation-failed': 'the machine did not do what was asked for; the message says why',
  'already-exists': 'there is one with this name already',
  'invalid-document': 'the document has errors; they are listed as problems',
  conflict: 'the state changed meanwhile, or does not permit the request',
  'stale-epoch': 'a newer decider has spoken; the order was not carried out',
  'not-leader': 'this process does not decide for the deployable',
  'not-adopted': 'the decider has to adopt the launcher or agent before its first order',
  capacity: 'the launcher host cannot take the instance',
  'driver-failed': 'the platform of the launcher host refused or failed',
  unavailable: 'the receiver cannot take the request now (overloaded, starting, its DPE is down); ask again',
  internal: 'the receiver failed in a way it did not foresee; its log says how',
} as const satisfies Record<string, string>;

export type BusErrorCode = keyof typeof BUS_ERROR_CODES;

/** A request's typed failure. A value, never thrown. */
export interface BusError {
  readonly code: BusErrorCode;
  /** For a person. */
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
  /** Problems of a refused document. */
  readonly problems: readonly DocumentProblem[];
}

export function busError(
  code: BusErrorCode,
  message: string,
  more: { readonly details?: Record<string, string>; readonly problems?: readonly DocumentProblem[] } = {},
): BusError {
  return { code, message, details: more.details ?? {}, problems: more.problems ?? [] };
}

export function isBusErrorCode(text: string): text is BusErrorCode {
  return Object.hasOwn(BUS_ERROR_CODES, text);
}

export function isBusError(value: unknown): value is BusError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    isBusErrorCode(value.code) &&
    'message' in value &&
    typeof value.message === 'string' &&
    'details' in value &&
    'problems' in value
  );
}
