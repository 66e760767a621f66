import { alignmentOf, type BasicCode, type BusType, parseSignature } from './signature.js';

/** Nested variants have no limit of their own in the specification but that of the message's containers. */
const maxDepth = 64;

export interface ValueReader {
  read(types: readonly BusType[]): unknown[];
  /** Skips padding. */
  align(boundary: number): void;
}

/**
 * Reads D-Bus values (D-Bus specification, "Marshaling"). Integers of 64 bits are bigint, `ay` is a Buffer, a dictionary is a
 * plain object, a variant is its value. Throws RangeError on anything that is not well-formed; never reads beyond `bytes`.
 */
export function valueReader(bytes: Buffer, isLittleEndian: boolean): ValueReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  function align(boundary: number): void {
    at = Math.ceil(at / boundary) * boundary;
  }

  function take(size: number): number {
    const from = at;
    if (from + size > bytes.length) throw new RangeError('a D-Bus value ends beyond its message');
    at += size;
    return from;
  }

  function readText(length: number): string {
    const from = take(length + 1);
    return bytes.toString('utf8', from, from + length);
  }

  function readBasic(code: BasicCode): unknown {
    switch (code) {
      case 'y':
        return view.getUint8(take(1));
      case 'b':
        return view.getUint32(take(4), isLittleEndian) !== 0;
      case 'n':
        return view.getInt16(take(2), isLittleEndian);
      case 'q':
        return view.getUint16(take(2), isLittleEndian);
      case 'i':
        return view.getInt32(take(4), isLittleEndian);
      case 'u':
      case 'h':
        return view.getUint32(take(4), isLittleEndian);
      case 'x':
        return view.getBigInt64(take(8), isLittleEndian);
      case 't':
        return view.getBigUint64(take(8), isLittleEndian);
      case 'd':
        return view.getFloat64(take(8), isLittleEndian);
      case 's':
      case 'o':
        return readText(view.getUint32(take(4), isLittleEndian));
      case 'g':
        return readText(view.getUint8(take(1)));
    }
  }

  function readArray(element: BusType, depth: number): unknown {
    const length = view.getUint32(take(4), isLittleEndian);
    align(alignmentOf(element));
    const end = take(length) + length;
    if (element.kind === 'basic' && element.code === 'y') return Buffer.from(bytes.subarray(end - length, end));
    at = end - length;
    const items: unknown[] = [];
    while (at < end) items.push(readOne(element, depth + 1));
    if (at !== end) throw new RangeError('an element ends beyond its D-Bus array');
    // fromEntries defines properties: a key like __proto__ is a key like any other.
    return element.kind === 'entry' ? Object.fromEntries(items as [string, unknown][]) : items;
  }

  function readVariant(depth: number): unknown {
    const [type, ...more] = parseSignature(readText(view.getUint8(take(1))));
    if (type === undefined || more.length > 0) throw new RangeError('a variant has one complete type');
    return readOne(type, depth + 1);
  }

  function readOne(type: BusType, depth: number): unknown {
    if (depth > maxDepth) throw new RangeError('D-Bus values too deep');
    align(alignmentOf(type));
    switch (type.kind) {
      case 'basic':
        return readBasic(type.code);
      case 'variant':
        return readVariant(depth);
      case 'array':
        return readArray(type.element, depth);
      case 'struct':
        return type.fields.map((field) => readOne(field, depth + 1));
      case 'entry':
        return [String(readOne(type.key, depth + 1)), readOne(type.value, depth + 1)];
    }
  }

  return { read: (types) => types.map((type) => readOne(type, 0)), align };
}
