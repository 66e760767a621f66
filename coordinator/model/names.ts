import { namePattern } from './deployable.js';

/** What `namePattern` means, for people. */
export const nameForm = 'a letter or _, then up to 62 letters, digits, _ and -';

/** Suffix of the CIB id of a resource's configure step: `<assembly>.<resource>-configure`. */
export const configureSuffix = '-configure';

/** Names of things in a document that a rule keeps for something else. Undefined: the name is free. */
export function reservedReason(
  kind: 'deployable' | 'assembly' | 'resource' | 'launcher host' | 'group',
  name: string,
): string | undefined {
  // What every JavaScript object has by itself: records by name would find it without it being there.
  if (name === '__proto__' || name in {}) return 'is reserved';
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how documents write it
  if (kind === 'assembly' && name === 'self') return 'is reserved: ${self.ipaddress} means the own assembly';
  if (kind === 'resource' && name === 'vm') return 'is reserved for the VM of the assembly';
  if (kind === 'resource' && name.endsWith(configureSuffix)) {
    return `ends with ${configureSuffix}, which is reserved for configure steps`;
  }
  return undefined;
}

export function isName(text: string): boolean {
  return namePattern.test(text);
}

/**
 * Node names compare without regard to case in Pacemaker (lib/pengine/status.c, pe_find_node): `db` and `DB` would be
 * one node.
 */
export function nodeNameKey(name: string): string {
  return name.toLowerCase();
}

/**
 * The candidate that somebody probably meant, or undefined where none is near: at most three edits, and not more than a
 * third of the name.
 */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let closest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const most = Math.min(3, Math.floor(Math.max(name.length, candidate.length) / 3));
    if (Math.abs(name.length - candidate.length) > most) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), most);
    if (distance <= most && distance < least) {
      closest = candidate;
      least = distance;
    }
  }
  return closest;
}

/** `, did you mean x?`, or nothing: the end of a message about an unknown name. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const closest = closestName(name, candidates);
  return closest === undefined ? '' : `, did you mean ${closest}?`;
}

/**
 * Optimal string alignment: insertions, deletions, substitutions and swapped neighbours. Infinite as soon as it is more
 * than `most`. A document may have thousands of candidates that differ little: what both have at their ends is left out,
 * and of the rest only a band along the diagonal is looked at.
 */
function editDistance(whole: string, other: string, most: number): number {
  let start = 0;
  while (start < whole.length && start < other.length && whole[start] === other[start]) start += 1;
  let end = 0;
  const longest = Math.min(whole.length, other.length) - start;
  while (end < longest && whole[whole.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  const a = whole.slice(start, whole.length - end);
  const b = other.slice(start, other.length - end);
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row: number[] = [];
    row[0] = i;
    let least = i;
    for (let j = Math.max(1, i - most); j <= Math.min(b.length, i + most); j += 1) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const distance = Math.min(
        (last[j] ?? Number.POSITIVE_INFINITY) + 1,
        (row[j - 1] ?? Number.POSITIVE_INFINITY) + 1,
        (last[j - 1] ?? Number.POSITIVE_INFINITY) + (a[i - 1] === b[j - 1] ? 0 : 1),
        isSwap ? (beforeLast[j - 2] ?? Number.POSITIVE_INFINITY) + 1 : Number.POSITIVE_INFINITY,
      );
      row[j] = distance;
      least = Math.min(least, distance);
    }
    if (least > most) return Number.POSITIVE_INFINITY;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? Number.POSITIVE_INFINITY;
}
