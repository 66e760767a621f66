import { crc32 } from 'node:zlib';
import { storeError } from './store-error.js';

/**
 * Format of the messages in both streams. Whoever raises it must go on reading the one before, and must go on writing
 * it until every process that shares the store reads the new one: processes are upgraded one after the other.
 * A change of any outcome in transactions.ts is a change of this format, for every process computes it for itself.
 */
export const messageFormat = 1;
const oldestMessageFormat = 1;

export interface Frame<Header> {
  readonly header: Header;
  readonly body: Uint8Array;
}

/** CRC-32 of all that follows (4 bytes, big endian), format (1), length of the header (4), header as JSON, body. */
const headerStart = 9;

export function encodeFrame(header: object, body: Uint8Array, format: number = messageFormat): Uint8Array {
  const headerBytes = Buffer.from(JSON.stringify(header));
  const frame = Buffer.allocUnsafe(headerStart + headerBytes.length + body.length);
  frame[4] = format;
  frame.writeUInt32BE(headerBytes.length, 5);
  headerBytes.copy(frame, headerStart);
  frame.set(body, headerStart + headerBytes.length);
  frame.writeUInt32BE(crc32(frame.subarray(4)), 0);
  return frame;
}

/** As it is written in the frame. */
export function frameChecksum(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
}

/**
 * `where` names the message in errors.
 * @throws StoreError `newer-format` for a message of a later format, `damaged` for one that is not what was written.
 */
export function decodeFrame<Header>(bytes: Uint8Array, where: string): Frame<Header> {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (frame.length < headerStart || frame.readUInt32BE(0) !== crc32(frame.subarray(4))) {
    throw storeError('damaged', `${where} is corrupt: its checksum does not fit its ${frame.length} bytes`);
  }
  const format = frame[4] ?? 0;
  if (format > messageFormat) {
    throw storeError(
      'newer-format',
      `${where} has format ${format}, and this version reads formats up to ${messageFormat}: it was written by a later ` +
        'version, use that one',
    );
  }
  if (format < oldestMessageFormat) throw storeError('damaged', `${where} has format ${format}, which never was one`);
  const bodyStart = headerStart + frame.readUInt32BE(5);
  return {
    header: JSON.parse(frame.toString('utf8', headerStart, bodyStart)) as Header,
    body: frame.subarray(bodyStart),
  };
}
