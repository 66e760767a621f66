import type fc from 'fast-check';

/** Something that takes bytes from outside, with what it must do for any bytes at all. */
export interface FuzzTarget {
  /** `area/what`, the name on the command line and of the folder of its regressions. */
  readonly name: string;
  /** Well-formed inputs, from which mutations are made. */
  readonly corpus: readonly (Uint8Array | string)[];
  /** Words of the format, for mutations. */
  readonly words?: readonly string[];
  /** Inputs made from the ground up, beside mutated ones. */
  readonly made?: fc.Arbitrary<Uint8Array>;
  /** The largest input that is tried; 64 KiB when left out. */
  readonly maxBytes?: number;
  /**
   * Feeds the input. What comes back is compared between two runs with the same input, so it has nothing in it that may
   * differ: no functions, times or random names.
   */
  readonly feed: (bytes: Buffer) => unknown;
  /** Errors that are this target's documented answer; every other one that is thrown is a finding. */
  readonly mayThrow?: (error: unknown) => boolean;
  /** Processor time that one input may take at most, beside that for its length. */
  readonly baseMs?: number;
  readonly msPerKiB?: number;
  /** The answer depends on more than the input (a bus, a child): not compared. */
  readonly isUnsteady?: boolean;
}

/** What an input did that it must not be able to do. */
export interface Finding {
  readonly target: string;
  readonly kind: 'thrown' | 'slow' | 'unsteady' | 'growth' | 'hung' | 'died';
  readonly detail: string;
  readonly input: Uint8Array;
}

export const defaultMaxBytes = 65_536;
