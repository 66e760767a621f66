import { cpe } from './generated/cpe.js';
import type { AgentReport, Body, BodyKind, Draft, Envelope, EnvelopeDraft, Role, Sender } from './messages.js';

/** A receiver refuses another major version and tolerates every minor one. */
export const PROTOCOL_MAJOR = 1;
export const PROTOCOL_MINOR = 0;

/** The largest envelope on the bus, in bytes; the server's `max_payload` follows it. */
export const MAX_ENVELOPE_BYTES = 8 * 1024 * 1024;

export interface GarbageReason {
  readonly code: 'too-large' | 'malformed' | 'unsupported-version' | 'unknown-body';
  readonly message: string;
}

export type Decoded =
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  | { readonly kind: 'garbage'; readonly reason: GarbageReason };

const WIRE_ROLES = {
  cpe: cpe.v1.Role.ROLE_CPE,
  dpe: cpe.v1.Role.ROLE_DPE,
  launcher: cpe.v1.Role.ROLE_LAUNCHER,
  agent: cpe.v1.Role.ROLE_AGENT,
  operator: cpe.v1.Role.ROLE_OPERATOR,
  viewer: cpe.v1.Role.ROLE_VIEWER,
} as const satisfies Record<Role, cpe.v1.Role>;

/**
 * One envelope as bytes of cpe.v1.Envelope. The size is the bus's to check (a typed refusal, not an exception).
 *
 * @throws RangeError when a number does not fit its field (1.5, NaN, -1 in an unsigned one): a mistake of the caller.
 */
export function encodeEnvelope(draft: EnvelopeDraft): Uint8Array {
  const { kind } = draft.body;
  return cpe.v1.Envelope.encode({
    messageId: draft.messageId,
    inReplyTo: draft.inReplyTo ?? '',
    operationId: draft.operationId ?? '',
    protocolMajor: PROTOCOL_MAJOR,
    protocolMinor: PROTOCOL_MINOR,
    sender: { ...draft.sender, role: WIRE_ROLES[draft.sender.role] },
    deployable: draft.deployable ?? '',
    epoch: draft.epoch ?? 0,
    deadlineUnixMs: draft.deadlineUnixMs ?? 0,
    onBehalfOf: draft.onBehalfOf ?? '',
    [kind]: draft.body.kind === 'agentReport' ? flattenReport(draft.body.value) : draft.body.value,
  }).finish();
}

/** Total: whatever the bytes are, the answer is an envelope or the reason why they are none. */
export function decodeEnvelope(bytes: Uint8Array): Decoded {
  if (bytes.length > MAX_ENVELOPE_BYTES) {
    return garbage('too-large', `${bytes.length} bytes; at most ${MAX_ENVELOPE_BYTES} are accepted`);
  }
  let message: cpe.v1.Envelope;
  try {
    message = cpe.v1.Envelope.decode(bytes);
  } catch (error) {
    return garbage('malformed', error instanceof Error ? error.message : String(error));
  }
  return readEnvelope(message);
}

function readEnvelope(message: cpe.v1.Envelope): Decoded {
  if (message.protocolMajor !== PROTOCOL_MAJOR) {
    return garbage(
      'unsupported-version',
      `protocol version ${message.protocolMajor}.${message.protocolMinor}; this side speaks ${PROTOCOL_MAJOR}.x`,
    );
  }
  const sender = readSender(message.sender);
  if (sender === undefined) return garbage('malformed', 'no sender, or one of unknown role');
  const kind = message.body;
  if (kind === undefined) return garbage('unknown-body', 'no body that this version knows');
  const body = readBody(kind, message[kind]);
  const { epoch, deadlineUnixMs } = message;
  if (body === undefined || !Number.isSafeInteger(epoch) || !Number.isSafeInteger(deadlineUnixMs)) {
    return garbage('malformed', 'a number above 2^53 - 1');
  }
  const { messageId, inReplyTo, operationId, protocolMajor, protocolMinor, deployable, onBehalfOf } = message;
  return {
    kind: 'envelope',
    envelope: {
      messageId,
      inReplyTo,
      operationId,
      protocolMajor,
      protocolMinor,
      sender,
      deployable,
      epoch,
      deadlineUnixMs,
      onBehalfOf,
      body,
    },
  };
}

function readSender(sender: cpe.v1.Sender.$Properties | null | undefined): Sender | undefined {
  if (!sender) return undefined;
  for (const role of Object.keys(WIRE_ROLES) as Role[]) {
    if (WIRE_ROLES[role] === sender.role) return { role, id: sender.id ?? '', incarnation: sender.incarnation ?? '' };
  }
  return undefined;
}

/** The body as a plain value; undefined when one of its numbers cannot be represented. */
function readBody(kind: BodyKind, message: unknown): Body | undefined {
  const value = plain(message);
  if (value === UNSAFE) return undefined;
  // The generated decoder fills the member of the oneof that `kind` names with a message of exactly that type.
  return { kind, value: kind === 'agentReport' ? nestReport(value as FlatReport) : value } as Body;
}

const UNSAFE = Symbol('a number that JavaScript cannot represent');

/**
 * A decoded message as a plain object with every field its own property: the generated classes keep defaults on their
 * prototypes, where equality, spreading and JSON do not see them.
 */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return isExact(value) ? value : UNSAFE;
  if (value === null) return undefined;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = value.map(plain);
    return items.includes(UNSAFE) ? UNSAFE : items;
  }
  const fields: Record<string, unknown> = {};
  for (const name of fieldNames(value)) {
    const field = plain((value as Record<string, unknown>)[name]);
    if (field === UNSAFE) return UNSAFE;
    if (field === undefined) continue;
    // A map's key may be `__proto__`, which assignment would not store.
    if (name === '__proto__') Object.defineProperty(fields, name, { ...ORDINARY, value: field });
    else fields[name] = field;
  }
  return fields;
}

/** A fraction is a double of its own; a whole number above 2^53 was another one on the wire. */
function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

const namesOfClass = new Map<object, readonly string[]>();

/** The fields of a message's class, or the keys of a map. */
function fieldNames(value: object): readonly string[] {
  const prototype: object = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return Object.keys(value);
  let names = namesOfClass.get(prototype);
  if (names === undefined) {
    names = Object.keys(prototype);
    namesOfClass.set(prototype, names);
  }
  return names;
}

const ORDINARY = { enumerable: true, configurable: true, writable: true } as const;

type FlatReport = Draft<Omit<AgentReport, 'report'>> & cpe.v1.AgentReport.$Properties;

function nestReport(flat: FlatReport): AgentReport {
  const { sequence = 0, agentTimeUnixMs = 0, bootTimeMs = 0 } = flat;
  const sent = { sequence, agentTimeUnixMs, bootTimeMs };
  for (const kind of ['orderResult', 'monitorChanged', 'localRecovery', 'condensedRecoveries'] as const) {
    const value = flat[kind];
    if (value) return { ...sent, report: { kind, value } as AgentReport['report'] };
  }
  return { ...sent, report: { kind: 'unknown' } };
}

function flattenReport(draft: Draft<AgentReport>): cpe.v1.AgentReport.$Properties {
  const { report, sequence = 0, agentTimeUnixMs = 0, bootTimeMs = 0 } = draft;
  const sent = { sequence, agentTimeUnixMs, bootTimeMs };
  if (report === undefined || report.kind === 'unknown') return sent;
  return { ...sent, [report.kind]: report.value };
}

function garbage(code: GarbageReason['code'], message: string): Decoded {
  return { kind: 'garbage', reason: { code, message } };
}
