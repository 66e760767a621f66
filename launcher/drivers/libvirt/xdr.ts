/**
 * XDR (RFC 4506), as far as libvirt's calls need it: everything is a multiple of 4 bytes, the highest byte first.
 */
export interface XdrWriter {
  uint32(value: number): void;
  int32(value: number): void;
  /** UTF-8. */
  string(value: string): void;
  /** `opaque[n]`: its length is known to both sides. */
  bytes(value: Uint8Array): void;
  optional<T>(value: T | undefined, write: (value: T) => void): void;
  result(): Buffer;
}

/** Every method throws an XdrError where the bytes end too early, or say something that cannot be. */
export interface XdrReader {
  uint32(): number;
  int32(): number;
  uint64(): bigint;
  string(): string;
  bytes(count: number): Buffer;
  optional<T>(read: () => T): T | undefined;
  array<T>(limit: number, read: () => T): T[];
}

/** What a peer has sent is no XDR of the type that was expected. */
export class XdrError extends Error {
  override readonly name = 'XdrError';
}

const UNIT_BYTES = 4;
/** REMOTE_STRING_MAX of libvirt's remote_protocol.x. */
const STRING_LIMIT_BYTES = 4 * 1024 * 1024;

export function createXdrWriter(): XdrWriter {
  const parts: Buffer[] = [];
  const number = (write: (unit: Buffer) => void) => {
    const unit = Buffer.alloc(UNIT_BYTES);
    write(unit);
    parts.push(unit);
  };
  const uint32 = (value: number) => number((unit) => unit.writeUInt32BE(value));
  const bytes = (value: Uint8Array) => parts.push(Buffer.from(value), Buffer.alloc(paddingOf(value.length)));
  return {
    uint32,
    int32: (value) => number((unit) => unit.writeInt32BE(value)),
    string: (value) => {
      const text = Buffer.from(value);
      uint32(text.length);
      bytes(text);
    },
    bytes,
    optional: (value, write) => {
      uint32(value === undefined ? 0 : 1);
      if (value !== undefined) write(value);
    },
    result: () => Buffer.concat(parts),
  };
}

/** Reads from the beginning of `buffer`; what is left over in the end is ignored, a later peer may say more. */
export function createXdrReader(buffer: Buffer): XdrReader {
  let at = 0;
  const take = (count: number) => {
    if (at + count > buffer.length) throw new XdrError(`${count} bytes expected, ${buffer.length - at} left`);
    at += count;
    return buffer.subarray(at - count, at);
  };
  const uint32 = () => take(UNIT_BYTES).readUInt32BE();
  const bytes = (count: number) => {
    const value = take(count);
    take(paddingOf(count));
    return value;
  };
  const size = (limit: number) => {
    const count = uint32();
    if (count > limit) throw new XdrError(`${count} is above the limit of ${limit}`);
    return count;
  };
  return {
    uint32,
    int32: () => take(UNIT_BYTES).readInt32BE(),
    uint64: () => take(2 * UNIT_BYTES).readBigUInt64BE(),
    string: () => bytes(size(STRING_LIMIT_BYTES)).toString('utf8'),
    bytes,
    optional: (read) => (size(1) === 1 ? read() : undefined),
    array: (limit, read) => Array.from({ length: size(limit) }, read),
  };
}

function paddingOf(count: number): number {
  return (UNIT_BYTES - (count % UNIT_BYTES)) % UNIT_BYTES;
}
