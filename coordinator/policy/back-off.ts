export interface BackOff {
  /** Delay before the second boot in a row. */
  readonly firstMs: number;
  /** Each further failure multiplies the delay by this. */
  readonly factor: number;
  readonly capMs: number;
  /** Part of the delay that chance may add, 0 to 1: 0.25 adds up to a quarter. */
  readonly jitterShare: number;
}

export const defaultBootBackOff: BackOff = { firstMs: 1_000, factor: 2, capMs: 60_000, jitterShare: 0.25 };

/**
 * How long to wait before an assembly is booted again after `failures` failures in its window (0: its first boot).
 * The first boot and the first restart wait for nothing; from the second failure on the delay grows up to the cap, and
 * jitter comes on top so that assemblies that failed together do not boot together.
 *
 * @param failures failures counted so far, 0 or more
 * @param options the curve
 * @param jitter chance, at least 0 and below 1; the caller's, because this function is pure
 */
export function bootDelayMs(failures: number, options: BackOff = defaultBootBackOff, jitter = 0): number {
  if (failures <= 1) {
    return 0;
  }
  // Math.pow overflows to Infinity for a long series of failures; the cap makes that harmless.
  const delayMs = Math.min(options.capMs, options.firstMs * options.factor ** (failures - 2));
  return Math.round(delayMs * (1 + options.jitterShare * jitter));
}
