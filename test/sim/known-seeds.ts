/** A seed that once found something, and what that was. */
export interface KnownSeed {
  readonly seed: number;
  readonly found: string;
}

export const knownSeeds: readonly KnownSeed[] = [
  { seed: 72, found: 'what uses the address of an assembly that was held and came back waited for it for ever' },
  { seed: 125, found: 'a failure of what had left the definition was acknowledged and told to nobody' },
  { seed: 3249, found: 'a monitor that a late cancel ended stayed ended, and nobody noticed' },
];
