/**
 * Messages of libvirt's RPC (libvirt, docs/kbase/internals/rpc and src/rpc/virnetprotocol.x): a length that counts itself,
 * six words of header, and what the procedure says in XDR.
 */
import { createXdrReader, createXdrWriter, type XdrReader } from './xdr.js';

export interface RpcMessage {
  readonly program: number;
  readonly procedure: number;
  readonly type: number;
  /** Of the call that is answered; 0 for what nobody has asked for. */
  readonly serial: number;
  readonly status: number;
  readonly payload: Buffer;
}

/** Numbers of programs; both are of version 1 since they exist. */
export const programs = { remote: 0x20008086, keepalive: 0x6b656570 } as const;
export const messageTypes = { call: 0, reply: 1, message: 2 } as const;
export const messageStatus = { ok: 0, error: 1 } as const;

/** What libvirtd answers instead of a result: its own words, and the number of virErrorNumber (virterror.h). */
export class LibvirtError extends Error {
  override readonly name = 'LibvirtError';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const LENGTH_BYTES = 4;
const HEADER_BYTES = 24;
const PROGRAM_VERSION = 1;
/** VIR_NET_MESSAGE_MAX. */
const MESSAGE_LIMIT_BYTES = 32 * 1024 * 1024;

export function encodeMessage(message: RpcMessage): Buffer {
  const header = createXdrWriter();
  header.uint32(LENGTH_BYTES + HEADER_BYTES + message.payload.length);
  header.uint32(message.program);
  header.uint32(PROGRAM_VERSION);
  header.int32(message.procedure);
  header.uint32(message.type);
  header.uint32(message.serial);
  header.uint32(message.status);
  return Buffer.concat([header.result(), message.payload]);
}

/**
 * Puts messages together from what a socket delivers. The returned function throws an Error for what can be no message;
 * nothing that comes after it can be understood.
 */
export function createMessageDecoder(onMessage: (message: RpcMessage) => void): (chunk: Buffer) => void {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let wantedBytes = LENGTH_BYTES;
  return (chunk) => {
    pending.push(chunk);
    pendingBytes += chunk.length;
    while (pendingBytes >= wantedBytes) {
      const buffer = pending.length === 1 && pending[0] !== undefined ? pending[0] : Buffer.concat(pending);
      const length = buffer.readUInt32BE();
      if (length < LENGTH_BYTES + HEADER_BYTES || length > MESSAGE_LIMIT_BYTES) {
        throw new Error(`a message of ${length} bytes is none of libvirt's`);
      }
      wantedBytes = length;
      pending = [buffer];
      if (pendingBytes < length) return;
      pending = [buffer.subarray(length)];
      pendingBytes -= length;
      wantedBytes = LENGTH_BYTES;
      onMessage(decodeMessage(buffer.subarray(LENGTH_BYTES, length)));
    }
  };
}

/** The payload of a reply with status `error` (virNetMessageError). */
export function decodeError(payload: Buffer): LibvirtError {
  const reader = createXdrReader(payload);
  const code = reader.int32();
  reader.int32();
  const message = reader.optional(reader.string);
  return new LibvirtError(code, message ?? `error ${code} without a message`);
}

function decodeMessage(body: Buffer): RpcMessage {
  const reader: XdrReader = createXdrReader(body);
  const program = reader.uint32();
  reader.uint32();
  const procedure = reader.int32();
  const type = reader.uint32();
  const serial = reader.uint32();
  const status = reader.uint32();
  return { program, procedure, type, serial, status, payload: body.subarray(HEADER_BYTES) };
}
