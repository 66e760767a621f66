import { documentLimits } from '../../coordinator/model/defaults.js';
import type { Deployable, DocumentFormat } from '../../coordinator/model/deployable.js';
import type { Problem } from '../../coordinator/model/problem.js';
import type { Failure } from './exit-code.js';
import { readText } from './read-text.js';

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
  const [read, { detectFormat, parseDeployable }] = await Promise.all([
    readText(file, { maxBytes: documentLimits.bytes, hint: 'split the deployable' }),
    import('../../coordinator/model/parse-deployable.js'),
  ]);
  if (read.kind === 'failure') return read;
  const { label, text } = read;
  const format = detectFormat(text, file === '-' ? undefined : file);
  const parsed = parseDeployable(text, format);
  if (parsed.kind === 'problems') return { kind: 'problems', label, problems: parsed.problems };
  return { kind: 'document', label, format, text, deployable: parsed.deployable, warnings: parsed.warnings };
}
