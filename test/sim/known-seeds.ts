/** A seed that once found something, and what that was. */
export interface KnownSeed {
  readonly seed: number;
  readonly found: string;
}

export const knownSeeds: readonly KnownSeed[] = [];
