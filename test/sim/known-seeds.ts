/** A seed that once found something, and what that was. */
export interface KnownSeed {
  readonly seed: number;
  readonly found: string;
}

/** Each fails again when what was done about it is undone. */
export const knownSeeds: readonly KnownSeed[] = [
  { seed: 72, found: 'a deployable that was deleted and created anew at once was never started' },
];
