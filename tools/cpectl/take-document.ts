import type { Document } from '../../proto/messages.js';
import { exitCodes, type Failure, failure } from './exit-code.js';
import { countProblems, printProblems } from './print-problems.js';
import { type ReadDocument, readDocument } from './read-document.js';
import type { Terminal } from './terminal.js';

/** A document that is fit to be sent. Its problems or warnings are printed; with an error in it nothing is sent. */
export async function takeDocument(terminal: Terminal, file: string): Promise<ReadDocument | Failure> {
  const read = await readDocument(file);
  switch (read.kind) {
    case 'failure':
      return read;
    case 'problems':
      printProblems(terminal.err, read.label, read.problems);
      return unfit(read.label, read.problems.length);
    case 'document':
      printProblems(terminal.err, read.label, read.warnings);
      return read;
  }
}

export function unfit(label: string, problems: number): Failure {
  const next = 'mend the document; nothing was changed';
  return failure(exitCodes.failed, `${label} has ${countProblems(problems)}`, next);
}

export function wireDocument({ format, text }: ReadDocument, file: string): Document {
  return { format, text, fileName: file === '-' ? '' : file };
}
