import { alignmentOf, type BasicCode, type BusType, parseSignature } from './signature.js';

/** A value of type `v` on its way out; what comes in has been unwrapped. */
export interface Variant {
  readonly signature: string;
  readonly value: unknown;
}

const maxDepth = 64;

/**
 * Writes D-Bus values, little-endian (D-Bus specification, "Marshaling"); shapes as `valueReader` returns them, but that a
 * variant is given as a `Variant`. Throws RangeError on values that do not fit: the bus would hang up on who sends such.
 */
export function writeValues(types: readonly BusType[], values: readonly unknown[]): Buffer {
  if (types.length !== values.length) {
    throw new RangeError(`${types.length} values are expected, ${values.length} were given`);
  }
  const out = growingBuffer();
  for (const [index, type] of types.entries()) writeOne(out, type, values[index], 0);
  return out.bytes();
}

type Out = ReturnType<typeof growingBuffer>;

function growingBuffer() {
  let bytes = Buffer.alloc(256);
  let length = 0;
  function reserve(size: number): number {
    if (length + size > bytes.length) {
      const larger = Buffer.alloc(Math.max(bytes.length * 2, length + size));
      bytes.copy(larger, 0, 0, length);
      bytes = larger;
    }
    length += size;
    return length - size;
  }
  return {
    /** Room for `size` zeros; returns its offset. */
    reserve,
    align: (boundary: number) => reserve(Math.ceil(length / boundary) * boundary - length),
    length: () => length,
    put: (chunk: Uint8Array) => {
      const at = reserve(chunk.length);
      bytes.set(chunk, at);
    },
    at: () => bytes,
    bytes: () => bytes.subarray(0, length),
  };
}

function writeOne(out: Out, type: BusType, value: unknown, depth: number): void {
  if (depth > maxDepth) throw new RangeError('D-Bus values too deep');
  out.align(alignmentOf(type));
  switch (type.kind) {
    case 'basic':
      writeBasic(out, type.code, value);
      return;
    case 'variant': {
      if (!isVariant(value)) throw new RangeError('a variant is expected');
      const [inner, ...more] = parseSignature(value.signature);
      if (inner === undefined || more.length > 0) throw new RangeError('a variant has one complete type');
      writeBasic(out, 'g', value.signature);
      writeOne(out, inner, value.value, depth + 1);
      return;
    }
    case 'array':
      writeArray(out, type.element, value, depth);
      return;
    case 'struct':
      writeMembers(out, type.fields, value, depth);
      return;
    case 'entry':
      writeMembers(out, [type.key, type.value], value, depth);
  }
}

function writeMembers(out: Out, types: readonly BusType[], value: unknown, depth: number): void {
  if (!Array.isArray(value) || value.length !== types.length) {
    throw new RangeError(`a struct of ${types.length} members is expected`);
  }
  for (const [index, type] of types.entries()) writeOne(out, type, value[index], depth + 1);
}

function writeArray(out: Out, element: BusType, value: unknown, depth: number): void {
  const lengthAt = out.reserve(4);
  out.align(alignmentOf(element));
  const from = out.length();
  if (value instanceof Uint8Array && element.kind === 'basic' && element.code === 'y') out.put(value);
  else for (const item of itemsOf(element, value)) writeOne(out, element, item, depth + 1);
  out.at().writeUInt32LE(out.length() - from, lengthAt);
}

function itemsOf(element: BusType, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (element.kind !== 'entry' || typeof value !== 'object' || value === null) {
    throw new RangeError(element.kind === 'entry' ? 'a dictionary is expected' : 'an array is expected');
  }
  return Object.entries(value);
}

function writeBasic(out: Out, code: BasicCode, value: unknown): void {
  switch (code) {
    case 's':
    case 'o':
    case 'g':
      writeText(out, code, value);
      return;
    case 'b': {
      if (typeof value !== 'boolean') throw mismatch(code, value);
      const at = out.reserve(4);
      out.at().writeUInt32LE(value ? 1 : 0, at);
      return;
    }
    case 'd': {
      if (typeof value !== 'number') throw mismatch(code, value);
      const at = out.reserve(8);
      out.at().writeDoubleLE(value, at);
      return;
    }
    case 'h':
      throw mismatch(code, value);
    default:
      writeInteger(out, code, value);
  }
}

function writeInteger(out: Out, code: keyof typeof integers, value: unknown): void {
  const { bits, isSigned } = integers[code];
  const whole = typeof value === 'bigint' ? value : Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
  if (whole === undefined) throw mismatch(code, value);
  const stored = BigInt.asUintN(bits, whole);
  if ((isSigned ? BigInt.asIntN(bits, whole) : stored) !== whole) throw mismatch(code, value);
  const at = out.reserve(bits / 8);
  if (bits === 64) out.at().writeBigUInt64LE(stored, at);
  else out.at().writeUIntLE(Number(stored), at, bits / 8);
}

const integers = {
  y: { bits: 8, isSigned: false },
  n: { bits: 16, isSigned: true },
  q: { bits: 16, isSigned: false },
  i: { bits: 32, isSigned: true },
  u: { bits: 32, isSigned: false },
  x: { bits: 64, isSigned: true },
  t: { bits: 64, isSigned: false },
} as const;

function writeText(out: Out, code: 's' | 'o' | 'g', value: unknown): void {
  if (typeof value !== 'string' || value.includes('\0')) throw mismatch(code, value);
  if (code === 'o' && !isObjectPath(value)) throw mismatch(code, value);
  if (code === 'g') parseSignature(value);
  const text = Buffer.from(value, 'utf8');
  const size = code === 'g' ? 1 : 4;
  const at = out.reserve(size);
  out.at().writeUIntLE(text.length, at, size);
  out.put(text);
  out.reserve(1);
}

/** D-Bus specification, "Valid Object Paths". */
export function isObjectPath(text: string): boolean {
  return text === '/' || /^(?:\/[A-Za-z0-9_]+)+$/.test(text);
}

function isVariant(value: unknown): value is Variant {
  return typeof value === 'object' && value !== null && 'value' in value && typeof signatureOf(value) === 'string';
}

function signatureOf(value: object): unknown {
  return 'signature' in value ? value.signature : undefined;
}

function mismatch(code: BasicCode, value: unknown): RangeError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 64)) : String(value);
  return new RangeError(`${shown} is no D-Bus value of type ${code}`);
}
