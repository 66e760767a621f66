import { createReadStream } from 'node:fs';
import { exitCodes, type Failure, failure } from './exit-code.js';

export interface ReadText {
  readonly kind: 'text';
  /** How messages name the file. */
  readonly label: string;
  readonly text: string;
}

/** Reads a UTF-8 text of at most `maxBytes`; `-` is standard input. `hint` says what to do with one that is too large. */
export async function readText(
  file: string,
  { maxBytes, hint }: { readonly maxBytes: number; readonly hint: string },
): Promise<ReadText | Failure> {
  const label = file === '-' ? 'standard input' : file;
  const read = await readBytes(file, maxBytes).catch((error: NodeJS.ErrnoException) => unreadable(label, error));
  if ('kind' in read) return read;
  const text = decodeUtf8(read, maxBytes);
  if (text === undefined) {
    return failure(exitCodes.failed, `${label} is no UTF-8 text`, 'save it as UTF-8 and try again');
  }
  if (read.length > maxBytes) return failure(exitCodes.failed, `${label} is larger than ${maxBytes} bytes`, hint);
  return { kind: 'text', label, text };
}

/** No more than a byte above the limit: the file may be a device without an end. */
async function readBytes(file: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stream: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file);
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) break;
  }
  return Buffer.concat(chunks, size);
}

function decodeUtf8(bytes: Buffer, maxBytes: number): string | undefined {
  // A character that the limit has cut in two is no mistake of the text.
  const stream = bytes.length > maxBytes;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream });
  } catch {
    return undefined;
  }
}

function unreadable(label: string, error: NodeJS.ErrnoException): Failure {
  const reason = (error.code !== undefined && reasons[error.code]) || error.message;
  return failure(exitCodes.failed, `${label}: ${reason}`, 'give it as a file, or as - on standard input');
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'may not be read',
  EISDIR: 'is a directory',
  ENOTDIR: 'there is no such file',
};
