import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Done, done, problem } from '../matahari.js';
import { quoted } from './check-argument.js';

/** Of a configuration, wherever it comes from. */
export const maxConfigurationBytes = 4 * 1024 * 1024;
const downloadMs = 60_000;

/**
 * Fetches what a URI names: `file:` of this machine, `http:` or `https:` (redirects are followed). At most 4 MiB and a
 * minute; an answer other than 2xx is a failure.
 */
export async function fetchConfiguration(uri: string): Promise<Done<string>> {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  try {
    switch (url?.protocol) {
      case 'file:':
        return await readFileUrl(url);
      case 'http:':
      case 'https:':
        return await download(url);
      default:
        return problem('invalid-argument', `uri ${quoted(uri)} is none of file:, http: and https:`, 'uri');
    }
  } catch (error) {
    return failure(uri, error);
  }
}

async function readFileUrl(url: URL): Promise<Done<string>> {
  if (url.hostname !== '' && url.hostname !== 'localhost') {
    return problem('invalid-argument', `uri ${quoted(url.href)} names a file of another machine`, 'uri');
  }
  url.hostname = '';
  // O_NONBLOCK: opening a FIFO does not wait for its other end.
  const file = await open(fileURLToPath(url), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) return problem('failed', `uri ${quoted(url.href)} is no regular file`, 'uri');
    const bytes = await readBounded(chunksOf(file));
    return bytes === undefined ? tooLarge(url.href) : done(bytes.toString('utf8'));
  } finally {
    await file.close();
  }
}

async function download(url: URL): Promise<Done<string>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(downloadMs) });
  if (!response.ok) {
    await response.body?.cancel();
    return problem('failed', `${quoted(url.href)} answers ${response.status} ${response.statusText}`, 'uri');
  }
  if (response.body === null) return done('');
  const bytes = await readBounded(response.body);
  return bytes === undefined ? tooLarge(url.href) : done(bytes.toString('utf8'));
}

async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(64 * 1024);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return;
    yield Buffer.from(buffer.subarray(0, bytesRead));
  }
}

/** Undefined when there is more than the limit; nothing behind it is read then. */
async function readBounded(chunks: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxConfigurationBytes) return undefined;
    kept.push(chunk);
  }
  return Buffer.concat(kept);
}

function tooLarge(uri: string): Done<never> {
  return problem('failed', `${quoted(uri)} is larger than ${maxConfigurationBytes / 1024 / 1024} MiB`, 'uri');
}

function failure(uri: string, error: unknown): Done<never> {
  const { name, message, code, cause } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return problem('failed', `${quoted(uri)}: there is no such file`, 'uri');
  if (name === 'TimeoutError') {
    return problem('timeout', `${quoted(uri)} was not fetched within ${downloadMs / 1000} s`, 'uri');
  }
  // What fetch reports is always "fetch failed"; what happened is its cause.
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
  return problem('failed', `${quoted(uri)}: ${reason}`, 'uri');
}
