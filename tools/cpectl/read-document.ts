import { createReadStream } from 'node:fs';
import { documentLimits } from '../../coordinator/model/defaults.js';
import type { Deployable, DocumentFormat } from '../../coordinator/model/deployable.js';
import type { Problem } from '../../coordinator/model/problem.js';
import { exitCodes, type Failure, failure } from './exit-code.js';

/** A deployable document as it was read, and what is in it. */
export interface ReadDocument {
  readonly kind: 'document';
  /** How messages name its file. */
  readonly label: string;
  readonly format: DocumentFormat;
  readonly text: string;
  readonly deployable: Deployable;
  readonly warnings: readonly Problem[];
}

export type DocumentOutcome =
  | ReadDocument
  | { readonly kind: 'problems'; readonly label: string; readonly problems: readonly Problem[] }
  | Failure;

/** Reads and checks the document in `file`; `-` is standard input. */
export async function readDocument(file: string): Promise<DocumentOutcome> {
  const label = file === '-' ? 'standard input' : file;
  const [read, { detectFormat, parseDeployable }] = await Promise.all([
    readBytes(file).catch((error: NodeJS.ErrnoException) => unreadable(label, error)),
    import('../../coordinator/model/parse-deployable.js'),
  ]);
  if ('kind' in read) return read;
  const text = decodeUtf8(read);
  if (text === undefined) {
    return failure(exitCodes.failed, `${label} is no UTF-8 text`, 'save it as UTF-8 and try again');
  }
  if (read.length > documentLimits.bytes) {
    return failure(exitCodes.failed, `${label} is larger than ${documentLimits.bytes} bytes`, 'split the deployable');
  }
  const format = detectFormat(text, file === '-' ? undefined : file);
  const parsed = parseDeployable(text, format);
  if (parsed.kind === 'problems') return { kind: 'problems', label, problems: parsed.problems };
  return { kind: 'document', label, format, text, deployable: parsed.deployable, warnings: parsed.warnings };
}

/** No more than a byte above the limit: the file may be a device without an end. */
async function readBytes(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stream: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file);
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > documentLimits.bytes) break;
  }
  return Buffer.concat(chunks, size);
}

function decodeUtf8(bytes: Buffer): string | undefined {
  // A character that the limit has cut in two is no mistake of the document.
  const stream = bytes.length > documentLimits.bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream });
  } catch {
    return undefined;
  }
}

function unreadable(label: string, error: NodeJS.ErrnoException): Failure {
  const reason = (error.code !== undefined && reasons[error.code]) || error.message;
  return failure(exitCodes.failed, `${label}: ${reason}`, 'give the document as a file, or as - on standard input');
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'may not be read',
  EISDIR: 'is a directory',
  ENOTDIR: 'there is no such file',
};
