/** Why a cloud did not do what it was asked for. */
export type CloudFault =
  | {
      /** The service has answered, and its answer is no. */
      readonly kind: 'refused';
      /** `POST /servers` */
      readonly request: string;
      readonly status: number;
      /** The service's own name of the fault (`itemNotFound`, `PortNotFound`, `OverQuota`); '' without one. */
      readonly code: string;
      readonly message: string;
      /** It is the service itself that speaks, in its documented form: not a proxy, not a load balancer's page. */
      readonly isAuthoritative: boolean;
    }
  | {
      /** No answer, or none that is one. Whether the request was carried out is not known if `wasSent`. */
      readonly kind: 'unanswered';
      readonly request: string;
      readonly wasSent: boolean;
      readonly reason: string;
    }
  /** Nothing can be asked at all: credentials, catalogue, versions. */
  | { readonly kind: 'no-access'; readonly reason: string };

/** An Error that carries a fault; its message says all of it and has no secret in it. */
export function cloudError(fault: CloudFault): Error {
  return Object.assign(new Error(describeFault(fault)), { fault });
}

/** The fault of an error made by `cloudError`, or undefined. */
export function faultOf(error: unknown): CloudFault | undefined {
  return error instanceof Error && 'fault' in error ? (error.fault as CloudFault) : undefined;
}

/** What the service refused with this status, or undefined. */
export function refusalOf(error: unknown, status: number): Extract<CloudFault, { kind: 'refused' }> | undefined {
  const fault = faultOf(error);
  return fault?.kind === 'refused' && fault.status === status ? fault : undefined;
}

/** The value, or undefined where the service itself says that there is no such thing. Everything else rejects. */
export async function orMissing<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if (refusalOf(error, 404)?.isAuthoritative) return undefined;
    throw error;
  }
}

/** What `parse` makes of an answer. An answer that is not as documented (`parse` throws) is none. */
export function readAnswer<T>(request: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw cloudError({ kind: 'unanswered', request, wasSent: true, reason: `not as documented: ${reasonOf(error)}` });
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describeFault(fault: CloudFault): string {
  switch (fault.kind) {
    case 'refused': {
      const code = fault.code === '' ? '' : ` ${fault.code}`;
      const speaker = fault.isAuthoritative ? '' : ' (not in the words of the service)';
      return `${fault.request}: ${fault.status}${code}${speaker}: ${describeRefusal(fault.message)}`;
    }
    case 'unanswered':
      return `${fault.request}: ${fault.wasSent ? 'sent, but no answer' : 'not sent'}: ${fault.reason}`;
    case 'no-access':
      return fault.reason;
  }
}

/**
 * Which quota, in words: Nova says "Quota exceeded for cores, ram: Requested 4, 8192, but already used 18, 49152 of 20,
 * 51200 cores, ram" (nova/exception.py, TooManyInstances).
 */
function describeRefusal(message: string): string {
  const match =
    /^Quota exceeded for (.+?): Requested (.+?), but already used (.+?) of (.+?) [a-z_]+(?:, [a-z_]+)*$/.exec(message);
  if (match === null) return message.slice(0, MESSAGE_LIMIT);
  const [names = [], requested = [], used = [], allowed = []] = match.slice(1).map((list) => list.split(', '));
  const parts = names.map(
    (name, index) => `${name} (${used[index]} of ${allowed[index]} used, ${requested[index]} more asked for)`,
  );
  return `over quota: ${parts.join(', ')}`;
}

/** A message is the service's own text: bounded. */
const MESSAGE_LIMIT = 500;
