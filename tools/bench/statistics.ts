/** What a row of measurements says. All in the unit of the samples. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  /** Half of the samples lie between these. */
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/** @throws RangeError when there is no sample: a median of nothing must never become a number. */
export function summarize(samples: readonly number[]): Summary {
  return {
    count: samples.length,
    median: quantile(samples, 0.5),
    lowerQuartile: quantile(samples, 0.25),
    upperQuartile: quantile(samples, 0.75),
  };
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/**
 * The value below which a `share` (0 to 1) of the samples lies, with linear interpolation between neighbours (Hyndman
 * and Fan 1996, type 7: what R and NumPy do by default).
 */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('no quantile of no samples');
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * `count` offsets that cover a cycle evenly, in an order that looks like chance: what waits for the next tick of the
 * cycle then waits for half of it on average, however few runs there are.
 */
export function evenPhases(count: number, cycle: number): readonly number[] {
  // Multiples of the golden ratio's fractional part spread evenly, and neighbours in time are far apart.
  return Array.from({ length: count }, (_, index) => (((index + 0.5) * goldenShare) % 1) * cycle);
}

const goldenShare = (Math.sqrt(5) - 1) / 2;
