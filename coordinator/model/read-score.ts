import type { Score } from './deployable.js';
import type { Tree } from './document-tree.js';
import { readPattern, reportMissing } from './read-tree.js';
import type { Report } from './report.js';

const scoreForm = 'a whole number, INFINITY, -INFINITY';

/** A score (Pacemaker Explained, "Scores"): a million and more is infinite. */
export function readScore(report: Report, tree: Tree | undefined, fallback: Score): Score {
  if (tree === undefined) return fallback;
  const text = readPattern(report, tree, /^(?:[+-]?INFINITY|[+-]?\d{1,12})$/, scoreForm);
  if (text === undefined) return fallback;
  const value = Number(text.replace('INFINITY', 'Infinity'));
  if (value >= 1_000_000) return 'INFINITY';
  return value <= -1_000_000 ? '-INFINITY' : value;
}

/** The same where there is no usual one. */
export function readRequiredScore(report: Report, at: Tree, tree: Tree | undefined): Score {
  if (tree === undefined) reportMissing(report, at, 'score', scoreForm);
  return readScore(report, tree, 0);
}

export function signOf(score: Score): number {
  return typeof score === 'number' ? Math.sign(score) : score === 'INFINITY' ? 1 : -1;
}
