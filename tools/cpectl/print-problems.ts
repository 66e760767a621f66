import { type Problem, renderProblem } from '../../coordinator/model/problem.js';
import type { DocumentProblem } from '../../proto/messages.js';
import type { OutputStream } from './terminal.js';
import { printable } from './views/printable.js';

/** One line per problem on `stream`: `FILE:line:column: path: message (allowed: ...)`, as editors and people expect. */
export function printProblems(stream: OutputStream, label: string, problems: readonly Problem[]): void {
  for (const problem of problems) stream.write(`${printable(renderProblemOf(label, problem))}\n`);
}

export function renderProblemOf(label: string, problem: Problem): string {
  const { line, column, severity } = problem;
  const place = line > 0 ? `${label}:${line}:${column}` : label;
  const rest = renderProblem({ ...problem, line: 0, column: 0 });
  return `${place}: ${severity === 'warning' ? 'warning: ' : ''}${rest}`;
}

/** A problem that came over the bus. */
export function fromMessage({ severity, allowed, ...rest }: DocumentProblem): Problem {
  return {
    ...rest,
    severity: severity === 'warning' ? 'warning' : 'error',
    allowed: allowed === '' ? undefined : allowed,
  };
}

export function countProblems(count: number): string {
  return `${count} problem${count === 1 ? '' : 's'}`;
}
