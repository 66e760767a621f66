import type { Comparison } from './golden-compare.js';
import { type Aspect, KNOWN_DIFFERENCES, type KnownDifference } from './golden-known-differences.js';

export interface Report {
  readonly lines: readonly string[];
  /** Nothing differs but what is known to. */
  readonly isGood: boolean;
}

/** What decides: ours against the installed tool. What was saved is compared with that tool only, and only told. */
const OURS: readonly Aspect[] = ['graph', 'order', 'end state'];
const SAVED: readonly Aspect[] = ['saved graph', 'saved order'];

/** The result of many comparisons in words; the last two lines are the figures of graphs and of orders. */
export function reportOf(comparisons: readonly Comparison[], known = KNOWN_DIFFERENCES): Report {
  const unanswered = comparisons.filter((each) => each.unanswered !== undefined);
  const differences = comparisons.flatMap((comparison) => differencesIn(comparison, known));
  const unnamed = differences.filter(({ aspect, reason }) => OURS.includes(aspect) && reason === undefined);
  return {
    isGood: unnamed.length === 0 && matched(comparisons, 'graph').of > 0,
    lines: [
      ...unanswered.map(({ name, unanswered: why }) => `not counted: ${name}: ${short(why)}`),
      ...differences.map(describe),
      ...staleNames(comparisons, differences, known),
      `${count(comparisons, 'order')} actions executed, ${count(comparisons, 'failures')} made to fail`,
      ...(['end state', 'graph', 'order'] as const).map((aspect) => figureOf(comparisons, aspect)),
    ],
  };
}

interface Difference {
  readonly name: string;
  readonly aspect: Aspect;
  readonly detail: string;
  readonly reason: string | undefined;
}

function differencesIn({ name, verdicts }: Comparison, known: readonly KnownDifference[]): Difference[] {
  return [...OURS, ...SAVED].flatMap((aspect) => {
    const verdict = verdicts[aspect];
    if (verdict?.kind !== 'different') return [];
    const reason = known.find((each) => each.name === name && each.aspect === aspect)?.reason;
    return [{ name, aspect, detail: verdict.detail, reason }];
  });
}

function describe({ name, aspect, detail, reason }: Difference): string {
  if (reason !== undefined) return `known to differ: ${name}: ${aspect}: ${reason}`;
  if (OURS.includes(aspect)) return `DIFFERENT: ${name}: ${aspect}: ${detail}`;
  return `not counted: ${name}: the installed crm_simulate does not reproduce the ${aspect} either: ${detail}`;
}

/** A name in the list that no longer differs is a lie to come. */
function staleNames(
  comparisons: readonly Comparison[],
  differences: readonly Difference[],
  known: readonly KnownDifference[],
): string[] {
  return known
    .filter(({ name, aspect }) => comparisons.some((each) => each.name === name && each.verdicts[aspect] !== undefined))
    .filter(({ name, aspect }) => !differences.some((each) => each.name === name && each.aspect === aspect))
    .map(({ name, aspect }) => `no longer different, to be taken off the list: ${name}: ${aspect}`);
}

/** How many have an aspect in common, of those where there was something to compare. */
export function figureOf(comparisons: readonly Comparison[], aspect: Aspect): string {
  const { same, of } = matched(comparisons, aspect);
  return `${aspect}s matched ${same} of ${of}`;
}

function matched(comparisons: readonly Comparison[], aspect: Aspect): { readonly same: number; readonly of: number } {
  const verdicts = comparisons.flatMap(({ verdicts }) => verdicts[aspect] ?? []);
  return { same: verdicts.filter(({ kind }) => kind === 'same').length, of: verdicts.length };
}

function count(comparisons: readonly Comparison[], what: 'order' | 'failures'): number {
  return comparisons.reduce((total, each) => total + each[what].length, 0);
}

function short(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').slice(0, 200);
}
