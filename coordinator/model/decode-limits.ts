import { ranges } from './defaults.js';
import type { LimitName, ResourceLimits } from './deployable.js';
import type { Tree } from './document-tree.js';
import { quote, readDuration, readFields, readInteger, readText } from './read-tree.js';
import type { Report } from './report.js';

/** What the kernel limits (setrlimit(2)), and how a document says how much. */
const limitForms = {
  'open-files': 'count',
  processes: 'count',
  memory: 'bytes',
  stack: 'bytes',
  core: 'bytes',
  'file-size': 'bytes',
  'cpu-time': 'seconds',
} as const satisfies Record<LimitName, 'count' | 'bytes' | 'seconds'>;

export const limitNames = Object.keys(limitForms) as readonly LimitName[];

/** Limits of a command: counts, bytes, or seconds of CPU time (a duration in the document, rounded up). */
export function readLimits(report: Report, tree: Tree): ResourceLimits {
  const fields = readFields(report, tree, limitNames);
  const limits: Partial<Record<LimitName, number>> = {};
  for (const name of limitNames) {
    const field = fields[name];
    const value = field === undefined ? undefined : readLimit(report, field, name);
    if (value !== undefined) limits[name] = value;
  }
  return limits;
}

function readLimit(report: Report, tree: Tree, name: LimitName): number | undefined {
  switch (limitForms[name]) {
    case 'count':
      return readInteger(report, tree, { range: ranges.limitCount, fallback: undefined });
    case 'bytes':
      return readBytes(report, tree);
    case 'seconds': {
      const ms = readDuration(report, tree, { range: ranges.cpuTimeMs, fallback: undefined });
      return ms === undefined ? undefined : Math.ceil(ms / 1000);
    }
  }
}

const sizeForm = '0, or a size such as 64KiB, 512MiB, 4GiB';
const unitBytes = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const mostBytes = 2 ** 50;

function readBytes(report: Report, tree: Tree): number | undefined {
  const text = readText(report, tree, sizeForm);
  if (text === undefined) return undefined;
  if (text === '0') return 0;
  const [, count, unit] = /^(\d{1,15})(KiB|MiB|GiB)$/.exec(text) ?? [];
  const bytes = Number(count) * unitBytes[unit as keyof typeof unitBytes];
  if (bytes <= mostBytes) return bytes;
  report.error(tree, `${quote(text)} is ${Number.isNaN(bytes) ? 'not a size' : 'out of range'}`, sizeForm);
  return undefined;
}
