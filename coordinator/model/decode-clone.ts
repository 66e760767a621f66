import { listNames } from './decode-template.js';
import { ranges } from './defaults.js';
import type { CloneOptions } from './deployable.js';
import { isNull, type Tree } from './document-tree.js';
import { didYouMean } from './names.js';
import { isWithin, quote, readBoolean, readFields, readInteger, readItems, readText } from './read-tree.js';
import type { Report } from './report.js';

/**
 * `clone: true`, or a map of what is said of it. Instances of one clone wait for their neighbour in the same replica
 * only (`interleave`), unless the document says otherwise.
 *
 * @param replicas the names of the replicas; empty where the assembly has none
 */
export function readClone(
  report: Report,
  tree: Tree | undefined,
  replicas: readonly string[],
): CloneOptions | undefined {
  if (tree === undefined) return undefined;
  if (tree.kind !== 'map')
    return readBoolean(report, tree, false) ? wanted(report, tree, replicas, plainClone) : undefined;
  const fields = readFields(report, tree, ['promotable', 'max', 'notify', 'interleave', 'ordered'] as const);
  const most = { least: 1, most: replicas.length === 0 ? ranges.replicas.most : replicas.length };
  return wanted(report, tree, replicas, {
    promotable: readPromotable(report, fields.promotable, replicas),
    max: readInteger(report, fields.max, { range: most, fallback: undefined }),
    notify: readBoolean(report, fields.notify, plainClone.notify),
    interleave: readBoolean(report, fields.interleave, plainClone.interleave),
    ordered: readBoolean(report, fields.ordered, plainClone.ordered),
  });
}

const plainClone: CloneOptions = {
  promotable: undefined,
  max: undefined,
  notify: false,
  interleave: true,
  ordered: false,
};

function wanted(report: Report, at: Tree, replicas: readonly string[], clone: CloneOptions): CloneOptions {
  if (replicas.length === 0) {
    report.mismatch(at, 'only an assembly with replicas has clones', 'replicas: N in the assembly');
  }
  return clone;
}

function readPromotable(
  report: Report,
  tree: Tree | undefined,
  replicas: readonly string[],
): CloneOptions['promotable'] {
  if (tree === undefined) return undefined;
  if (tree.kind !== 'map') return readBoolean(report, tree, false) ? { promotedMax: 1, prefer: [] } : undefined;
  const fields = readFields(report, tree, ['promoted-max', 'prefer'] as const);
  const promotedMax = readInteger(report, fields['promoted-max'], { range: ranges.replicas, fallback: 1 });
  const most = { least: 1, most: Math.max(1, replicas.length) };
  if (fields['promoted-max'] && !isWithin(promotedMax, most)) {
    const message = `${promotedMax} promoted of ${replicas.length}`;
    report.mismatch(fields['promoted-max'], message, `a whole number from 1 to ${most.most}`);
  }
  return { promotedMax, prefer: readPreferred(report, fields.prefer, replicas) };
}

function readPreferred(report: Report, tree: Tree | undefined, replicas: readonly string[]): string[] {
  if (tree === undefined || isNull(tree)) return [];
  const known = new Set(replicas);
  const preferred = new Set<string>();
  for (const item of readItems(report, tree, 'a list of replicas, the best first')) {
    const name = readText(report, item, 'the name of a replica');
    if (name === undefined) continue;
    if (!known.has(name)) {
      const message = () => `there is no replica ${quote(name)}${didYouMean(name, replicas)}`;
      report.mismatch(item, message, listNames(replicas));
    } else if (preferred.has(name)) {
      report.error(item, `${name} is in this list twice`, 'each replica once');
    } else {
      preferred.add(name);
    }
  }
  return [...preferred];
}
