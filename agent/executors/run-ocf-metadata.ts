import { lastWords } from './last-words.js';
import { type OcfMetadata, parseOcfMetadata } from './parse-ocf-metadata.js';
import { runScript } from './run-script.js';

export type MetadataRun =
  | {
      readonly kind: 'meta-data';
      readonly metadata: OcfMetadata;
      /** All that the program wrote; it may have grumbled before and after the document. */
      readonly text: string;
    }
  | { readonly kind: 'problem'; readonly isTimeout: boolean; readonly reason: string };

export interface MetadataRunOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Tells what it starts from everything else: its `runVariable`. */
  readonly token: string;
  readonly timeoutMs: number;
  readonly limitBytes: number;
}

/**
 * Runs `PROGRAM meta-data` of a resource agent (OCF 1.1, section 4.2). Never rejects: garbage, a program that hangs or writes
 * without end, are problems; nothing of it runs afterwards.
 */
export async function runOcfMetadata(path: string, options: MetadataRunOptions): Promise<MetadataRun> {
  const { environment, token, timeoutMs, limitBytes } = options;
  const end = await runScript({
    path,
    arguments: ['meta-data'],
    environment,
    timeoutMs,
    token,
    // One more than the limit: what is longer has lost its beginning.
    outputLimitBytes: limitBytes + 1,
  });
  const failed = (reason: string): MetadataRun => ({ kind: 'problem', isTimeout: false, reason });
  switch (end.kind) {
    case 'exited': {
      if (end.code !== 0) return failed(`exit code ${end.code}${lastWords(end.errors)}`);
      if (end.output.length > limitBytes) return failed(`it wrote more than ${limitBytes} bytes`);
      const reading = parseOcfMetadata(end.output);
      return reading.kind === 'problem' ? failed(reading.reason) : { ...reading, text: end.output };
    }
    case 'timeout':
      return { kind: 'problem', isTimeout: true, reason: `it did not end within ${timeoutMs / 1000} s` };
    case 'cancelled':
      return failed('it was cancelled');
    case 'signalled':
      return failed(`it was ended by ${end.signal}`);
    case 'not-started':
      return failed(end.message);
  }
}
