/**
 * The names that were probably meant by `wrong`: those within a third of its length in insertions, deletions,
 * replacements and exchanges of neighbours (optimal string alignment), or that end or begin with it; nearest first.
 */
export function nearestNames(wrong: string, names: readonly string[], most = 3): string[] {
  const reach = Math.max(1, Math.floor(wrong.length / 3));
  return names
    .map((name) => ({ name, away: distance(wrong, name, reach) }))
    .filter(({ away }) => away <= reach)
    .sort((a, b) => a.away - b.away)
    .slice(0, most)
    .map(({ name }) => name);
}

/** What an error about an unknown name ends with: what was meant, or else what there is. */
export function suggestNames(wrong: string, names: readonly string[]): string {
  const near = nearestNames(wrong, names);
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`;
  if (names.length === 0) return 'there is none';
  const more = names.length - mostListed;
  return `there ${names.length === 1 ? 'is' : 'are'}: ${names.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const mostListed = 12;

function distance(a: string, b: string, reach: number): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  // `redis` is what people call `db.redis`, and `db` is in it as well.
  if (right.endsWith(`.${left}`) || right.startsWith(`${left}.`)) return 0.5;
  if (Math.abs(left.length - right.length) > reach) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const current = [i];
    for (let j = 1; j <= right.length; j++) {
      const isSame = left[i - 1] === right[j - 1];
      const isSwapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      current[j] = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}
