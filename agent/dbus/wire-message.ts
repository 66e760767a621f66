import { valueReader } from './read-values.js';
import { parseSignature } from './signature.js';
import { isObjectPath, type Variant, writeValues } from './write-values.js';

/** A message as it travels (D-Bus specification, "Message Protocol"). */
export interface WireMessage {
  readonly type: 'call' | 'return' | 'error' | 'signal';
  readonly serial: number;
  readonly expectsReply: boolean;
  readonly path?: string | undefined;
  readonly interface?: string | undefined;
  readonly member?: string | undefined;
  readonly errorName?: string | undefined;
  readonly replySerial?: number | undefined;
  readonly destination?: string | undefined;
  readonly sender?: string | undefined;
  readonly signature?: string | undefined;
  readonly values: readonly unknown[];
}

/** Of a whole message; what is longer is taken for garbage. The specification allows 128 MiB. */
const maxMessageBytes = 32 * 1024 * 1024;
const fixedBytes = 16;
const protocolVersion = 1;
const noReplyExpected = 1;
const types = ['call', 'return', 'error', 'signal'] as const;
const headerTypes = parseSignature('yyyyuua(yv)');

/** Codes of the header fields, and their types. */
const fields = [
  ['path', 1, 'o'],
  ['interface', 2, 's'],
  ['member', 3, 's'],
  ['errorName', 4, 's'],
  ['replySerial', 5, 'u'],
  ['destination', 6, 's'],
  ['sender', 7, 's'],
  ['signature', 8, 'g'],
] as const;

/** Throws RangeError on a message that is not allowed: a bus hangs up on who sends one. */
export function encodeMessage(message: WireMessage): Buffer {
  checkNames(message);
  const body = writeValues(parseSignature(message.signature ?? ''), message.values);
  const present: [number, Variant][] = [];
  for (const [name, code, signature] of fields) {
    const value = message[name];
    if (value !== undefined && value !== '') present.push([code, { signature, value }]);
  }
  const flags = message.expectsReply ? 0 : noReplyExpected;
  const type = types.indexOf(message.type) + 1;
  const fixed = ['l'.charCodeAt(0), type, flags, protocolVersion, body.length, message.serial];
  const header = writeValues(headerTypes, [...fixed, present]);
  const padding = Buffer.alloc((8 - (header.length % 8)) % 8);
  const whole = Buffer.concat([header, padding, body]);
  if (whole.length > maxMessageBytes) throw new RangeError('the message is too long');
  return whole;
}

/**
 * Bytes of the message that begins here; undefined until enough of it has come to tell. Throws RangeError where no message
 * begins.
 */
export function messageLength(bytes: Buffer): number | undefined {
  if (bytes.length < fixedBytes) return undefined;
  const isLittleEndian = endianOf(bytes);
  const read = (at: number): number => (isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const header = fixedBytes + Math.ceil(read(12) / 8) * 8;
  const length = header + read(4);
  if (length > maxMessageBytes) throw new RangeError(`a message of ${length} bytes`);
  return length;
}

/**
 * Decodes exactly one message; undefined when it is of a type that is to be ignored. Throws RangeError on what is not
 * well-formed.
 */
export function decodeMessage(bytes: Buffer): WireMessage | undefined {
  const isLittleEndian = endianOf(bytes);
  const reader = valueReader(bytes, isLittleEndian);
  const header = reader.read(headerTypes);
  const [, typeCode, flags, , , serial, list] = header as [number, number, number, number, number, number, unknown[]];
  const type = types[typeCode - 1];
  if (type === undefined) return undefined;
  const byCode = new Map(list as [number, unknown][]);
  const text = (code: number): string | undefined => {
    const value = byCode.get(code);
    return typeof value === 'string' ? value : undefined;
  };
  const replySerial = byCode.get(5);
  const signature = text(8) ?? '';
  reader.align(8);
  return {
    type,
    serial,
    expectsReply: (flags & noReplyExpected) === 0,
    path: text(1),
    interface: text(2),
    member: text(3),
    errorName: text(4),
    replySerial: typeof replySerial === 'number' ? replySerial : undefined,
    destination: text(6),
    sender: text(7),
    signature,
    values: reader.read(parseSignature(signature)),
  };
}

function endianOf(bytes: Buffer): boolean {
  const mark = bytes[0];
  if (mark !== 0x6c && mark !== 0x42) throw new RangeError('no D-Bus message begins here');
  if (bytes[3] !== protocolVersion) throw new RangeError(`D-Bus protocol version ${bytes[3]}`);
  return mark === 0x6c;
}

const interfaceName = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+$/;
const memberName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const busName = /^(?::[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+|[A-Za-z_-][A-Za-z0-9_-]*(?:\.[A-Za-z_-][A-Za-z0-9_-]*)+)$/;

function checkNames(message: WireMessage): void {
  const rules = [
    ['path', isObjectPath],
    ['interface', isName(interfaceName)],
    ['errorName', isName(interfaceName)],
    ['member', isName(memberName)],
    ['destination', isName(busName)],
  ] as const;
  for (const [field, isValid] of rules) {
    const value = message[field];
    if (value !== undefined && !isValid(value)) throw new RangeError(`${JSON.stringify(value)} is no D-Bus ${field}`);
  }
}

function isName(pattern: RegExp): (text: string) => boolean {
  return (text) => text.length <= 255 && pattern.test(text);
}
