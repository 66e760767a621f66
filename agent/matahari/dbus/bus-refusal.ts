import type { Done, MatahariProblem } from '../matahari.js';
import { problem } from '../matahari.js';

/** Why a service did not do what it was asked. */
export interface BusRefusal {
  readonly kind: 'refused';
  readonly reason:
    | 'not-implemented'
    | 'invalid-arguments'
    | 'download'
    | 'backend'
    | 'not-authorized'
    | 'timeout'
    | 'unavailable'
    | 'failed';
  readonly message: string;
  /** Comes from the services of Matahari's own releases: nobody else has errors of that name. */
  readonly isMatahariError: boolean;
}

/**
 * Matahari's own results (enum mh_result in errors.h). Its services register no error domain, so dbus-glib makes the name
 * up: org.freedesktop.DBus.GLib.UnmappedError.MatahariErrorQuark.Code2 (gerror_domaincode_to_dbus_error_name).
 */
const matahariCodes: readonly BusRefusal['reason'][] = [
  'failed',
  'not-implemented',
  'invalid-arguments',
  'download',
  'backend',
  'not-authorized',
  'failed',
];

/** By the last part of the name, under whatever prefix: org.freedesktop.DBus.Error, or a service's own. */
const reasonsByName: Readonly<Record<string, BusRefusal['reason']>> = {
  timeout: 'timeout',
  NoReply: 'timeout',
  Timeout: 'timeout',
  TimedOut: 'timeout',
  disconnected: 'unavailable',
  Disconnected: 'unavailable',
  NoServer: 'unavailable',
  ServiceUnknown: 'unavailable',
  NameHasNoOwner: 'unavailable',
  LimitsExceeded: 'unavailable',
  AccessDenied: 'not-authorized',
  AuthFailed: 'not-authorized',
  NotAuthorized: 'not-authorized',
  InteractiveAuthorizationRequired: 'not-authorized',
  InvalidArgs: 'invalid-arguments',
  InvalidSignature: 'invalid-arguments',
  UnknownMethod: 'not-implemented',
  UnknownInterface: 'not-implemented',
  UnknownObject: 'not-implemented',
  UnknownProperty: 'not-implemented',
  NotSupported: 'not-implemented',
  NotImplemented: 'not-implemented',
};

export function readRefusal(name: string, message: string): BusRefusal {
  const code = /MatahariErrorQuark\.?Code([0-9]+)$/.exec(name)?.[1];
  const last = name.slice(name.lastIndexOf('.') + 1);
  const isSpawn = name.startsWith('org.freedesktop.DBus.Error.Spawn.');
  const reason =
    (code === undefined ? undefined : matahariCodes[Number(code)]) ??
    (isSpawn ? 'unavailable' : Object.hasOwn(reasonsByName, last) ? reasonsByName[last] : undefined) ??
    'failed';
  return { kind: 'refused', reason, message: message || name, isMatahariError: code !== undefined };
}

/** @param argument what an `invalid-arguments` is about, where that is known */
export function refusalProblem({ reason, message }: BusRefusal, argument?: string): Done<never> {
  const isArgument = reason === 'invalid-arguments';
  return problem(codes[reason], `Matahari's service: ${message}`, isArgument ? argument : undefined);
}

const codes = {
  'not-implemented': 'unavailable',
  'invalid-arguments': 'invalid-argument',
  download: 'failed',
  backend: 'failed',
  'not-authorized': 'failed',
  timeout: 'timeout',
  unavailable: 'unavailable',
  failed: 'failed',
} as const satisfies Record<BusRefusal['reason'], MatahariProblem['code']>;
