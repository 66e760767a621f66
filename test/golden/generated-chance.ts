/** Chance that is decided by a seed: the same calls in the same order give the same answers, on every machine. */
export interface Chance {
  /** In [0, 1). */
  readonly next: () => number;
  /** Both ends included. */
  readonly integer: (least: number, most: number) => number;
  readonly happens: (probability: number) => boolean;
  readonly pick: <T>(from: readonly [T, ...T[]]) => T;
  /** Some of them, at most `most`, in the order they have. */
  readonly some: <T>(from: readonly T[], most: number) => T[];
  /** A stream of its own, so that one part of a case can change without changing the others. */
  readonly fork: (purpose: string) => Chance;
}

/** @param seed what decides everything; equal seeds give equal streams */
export function chanceOf(seed: string): Chance {
  let state = hash(seed);
  // Mulberry32: one 32-bit state, good enough for making test cases.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    integer,
    happens: (probability) => next() < probability,
    pick: (from) => from[integer(0, from.length - 1)] ?? from[0],
    some: (from, most) => {
      const count = Math.min(most, from.length);
      const chosen = new Set<number>();
      while (chosen.size < count) chosen.add(integer(0, from.length - 1));
      return from.filter((_, index) => chosen.has(index));
    },
    fork: (purpose) => chanceOf(`${seed}/${purpose}`),
  };
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value | 0;
}
