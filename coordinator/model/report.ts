import type { Located } from './document-tree.js';
import type { Problem } from './problem.js';

/** Takes what is wrong (error) or risky (warning) while a document is read. */
export interface Report {
  /** A message that takes time to make (a search for the name that was meant) comes as a function. */
  error(at: Located, message: string | (() => string), allowed?: string): void;
  warning(at: Located, message: string, allowed?: string): void;
  /**
   * An error between values of one definition, which its other values could still mend: a part that is read by itself (a
   * template) does not have it.
   */
  mismatch(at: Located, message: string | (() => string), allowed?: string): void;
}

/** The same report for something that is only a part of a definition: what it risks, only the whole can tell. */
export function reportOfPart(report: Report): Report {
  return { ...report, mismatch: () => {}, warning: () => {} };
}

/** A report with its reading end. */
export interface ProblemCollector {
  readonly report: Report;
  hasErrors(): boolean;
  /** In document order; bounded, with a last one that says how many more there were. */
  problems(): Problem[];
}

/** More than anybody mends in one go; a document of a megabyte may have a hundred thousand. */
const mostProblems = 250;

export function collectProblems(): ProblemCollector {
  const kept: Problem[] = [];
  /** A value of a template is read wherever that is used, and one problem all the same. */
  const known = new Set<string>();
  let errors = 0;
  let dropped = 0;
  const add = (
    severity: Problem['severity'],
    at: Located,
    said: string | (() => string),
    allowed: string | undefined,
  ): void => {
    if (severity === 'error') errors += 1;
    const problem = [severity, at.line, at.column, at.path, typeof said === 'string' ? said : allowed].join('\n');
    if (known.has(problem)) return;
    known.add(problem);
    if (kept.length < mostProblems) {
      const message = typeof said === 'string' ? said : said();
      kept.push({
        severity,
        line: at.line,
        column: at.column,
        path: onOneLine(at.path),
        message: onOneLine(message),
        allowed: allowed === undefined ? undefined : onOneLine(allowed),
      });
    } else {
      dropped += 1;
    }
  };
  return {
    report: {
      error: (at, message, allowed) => add('error', at, message, allowed),
      warning: (at, message, allowed) => add('warning', at, message, allowed),
      mismatch: (at, message, allowed) => add('error', at, message, allowed),
    },
    hasErrors: () => errors > 0,
    problems: () => {
      const inOrder = kept.toSorted((a, b) => a.line - b.line || a.column - b.column);
      if (dropped === 0) return inOrder;
      const message = `${dropped} more problems are not listed`;
      const severity = errors > 0 ? 'error' : 'warning';
      return [...inOrder, { severity, line: 0, column: 0, path: '', message, allowed: undefined }];
    },
  };
}

/** Names and texts of a document end up in messages and paths, and these on terminals: bounded, nothing that controls. */
function onOneLine(text: string): string {
  const short = text.length > 300 ? `${text.slice(0, 297)}...` : text;
  return short.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
