import { ranges } from './defaults.js';
import type { Budget } from './deployable.js';
import type { Tree } from './document-tree.js';
import { readDuration, readFields, readInteger } from './read-tree.js';
import type { Report } from './report.js';

/** `{ failures, period }`; what is left out comes from the level's default. */
export function readBudget(report: Report, tree: Tree | undefined, fallback: Budget): Budget {
  if (tree === undefined) return fallback;
  const fields = readFields(report, tree, ['failures', 'period'] as const);
  return {
    failures: readInteger(report, fields.failures, { range: ranges.failures, fallback: fallback.failures }),
    periodMs: readDuration(report, fields.period, { range: ranges.periodMs, fallback: fallback.periodMs }),
  };
}
