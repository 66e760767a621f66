/** One thing that is wrong (or risky) in a document, precise enough to mend it without reading the manual. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** 1-based; 0 where the problem has no place in the text (an empty document). */
  readonly line: number;
  readonly column: number;
  /** Path of the value: `assemblies.db.resources.redis.monitor.interval`, or `/deployable/assemblies/assembly[2]/@name`. */
  readonly path: string;
  readonly message: string;
  /** What would be right: a list of values, a range, a form. */
  readonly allowed: string | undefined;
}

/** `line:column: path: message (allowed: ...)`, the form in which people read a problem. */
export function renderProblem(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.line}:${problem.column}: ` : '';
  const allowed = problem.allowed === undefined ? '' : ` (allowed: ${problem.allowed})`;
  return `${place}${problem.path === '' ? '' : `${problem.path}: `}${problem.message}${allowed}`;
}
