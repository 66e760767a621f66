/** The wire format between the adapter and `cpe-scheduler`; its other end is native/frames.h. */

/** "CPE1": the version of the protocol. */
const MAGIC = 0x31455043;
const REQUEST_HEADER_BYTES = 32;
const RESPONSE_HEADER_BYTES = 16;
const FLAG_SANITIZED = 1;
const FLAG_WITH_STATUS = 2;
const KIND = { hello: 1, decide: 2 } as const;

export type RequestFrame =
  | { readonly kind: 'hello' }
  | {
      readonly kind: 'decide';
      readonly cib: string;
      readonly nowUnixS: number;
      readonly isSanitized: boolean;
      readonly wantsStatus: boolean;
    };

export interface ResponseFrame {
  readonly id: number;
  /** JSON, see parse-answer.ts. */
  readonly meta: string;
  /** Empty when the answer has no graph. */
  readonly graphXml: string;
}

/** `broken`: the stream is not of this protocol, or larger than allowed; nothing after it can be read. */
export type ReadEvent =
  | { readonly kind: 'frame'; readonly frame: ResponseFrame }
  | { readonly kind: 'broken'; readonly message: string };

export interface FrameReader {
  /** Takes the next bytes of the stream, split anywhere; returns what they completed, in order. */
  push(chunk: Uint8Array): readonly ReadEvent[];
}

/** Encodes a request as two buffers to be written one after the other, so that a large CIB is copied only once. */
export function encodeRequest(id: number, request: RequestFrame): readonly [header: Buffer, body: Buffer] {
  const body = Buffer.from(request.kind === 'decide' ? request.cib : '', 'utf8');
  const header = Buffer.alloc(REQUEST_HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(id, 4);
  header.writeUInt32LE(KIND[request.kind], 8);
  if (request.kind === 'decide') {
    const flags = (request.isSanitized ? FLAG_SANITIZED : 0) | (request.wantsStatus ? FLAG_WITH_STATUS : 0);
    header.writeUInt32LE(flags, 12);
    header.writeBigInt64LE(BigInt(request.nowUnixS), 16);
  }
  header.writeBigUInt64LE(BigInt(body.length), 24);
  return [header, body];
}

/** Reads responses. Each body is collected in one buffer of its final size; `maxBytes` bounds that size. */
export function createFrameReader(maxBytes: number): FrameReader {
  const header = Buffer.alloc(RESPONSE_HEADER_BYTES);
  let headerFill = 0;
  let body: Buffer | undefined;
  let bodyFill = 0;
  let isBroken = false;

  /** Starts the body that the complete header announces; returns what is wrong with the header. */
  function startBody(): string | undefined {
    if (header.readUInt32LE(0) !== MAGIC) return 'a response is not of this protocol version';
    const length = header.readUInt32LE(8) + header.readUInt32LE(12);
    if (length > maxBytes) return `a response of ${length} bytes is larger than the ${maxBytes} allowed`;
    body = Buffer.allocUnsafe(length);
    bodyFill = 0;
    return undefined;
  }

  function takeFrame(full: Buffer): ResponseFrame {
    const metaLength = header.readUInt32LE(8);
    headerFill = 0;
    body = undefined;
    return {
      id: header.readUInt32LE(4),
      meta: full.toString('utf8', 0, metaLength),
      graphXml: full.toString('utf8', metaLength),
    };
  }

  function push(chunk: Uint8Array): readonly ReadEvent[] {
    const events: ReadEvent[] = [];
    let offset = 0;
    while (!isBroken && offset < chunk.length) {
      if (body === undefined) {
        const part = chunk.subarray(offset, offset + RESPONSE_HEADER_BYTES - headerFill);
        header.set(part, headerFill);
        headerFill += part.length;
        offset += part.length;
        if (headerFill < RESPONSE_HEADER_BYTES) break;
        const problem = startBody();
        if (problem !== undefined) {
          isBroken = true;
          events.push({ kind: 'broken', message: problem });
          break;
        }
      }
      if (body === undefined) break;
      const part = chunk.subarray(offset, offset + body.length - bodyFill);
      body.set(part, bodyFill);
      bodyFill += part.length;
      offset += part.length;
      if (bodyFill === body.length) events.push({ kind: 'frame', frame: takeFrame(body) });
    }
    return events;
  }

  return { push };
}
