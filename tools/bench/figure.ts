import type { Bench } from './bench-context.js';
import { median } from './statistics.js';

/** Something that is measured on the real system. README.md says of each from where to where. */
export interface Figure {
  readonly name: string;
  /** How often it is measured unless the user says otherwise: under a minute on two cores. */
  readonly runs: number;
  /** Why it cannot be measured on this machine, and is skipped; undefined, or absent, when it can. */
  missing?(): string | undefined;
  /** Rejects when it cannot be measured. A peer that cannot is noted and left out. */
  measure(bench: Bench, runs: number): Promise<Measured>;
}

/** Rows of samples, one sample per run. */
export interface Measured {
  readonly samples: readonly number[];
  /** Of all rows; default ms. */
  readonly unit?: string;
  /** The least that any implementation has to spend, measured in between; undefined where there is no honest one. */
  readonly floor?: readonly number[];
  readonly peers?: Readonly<Record<string, readonly number[]>>;
  /** What else people want to know of the runs: parts of the value, or the same seen otherwise. */
  readonly parts?: Readonly<Record<string, readonly number[]>>;
  /** What has to be known to read the figure: on what it was measured. */
  readonly remark?: string;
}

/** A figure as it is printed: medians, in `unit`. */
export interface FigureResult {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly peers: Readonly<Record<string, number>>;
  readonly floor: number | null;
  /** value / floor where there is a floor, else value / best peer; null where there is neither. */
  readonly ratio: number | null;
}

/** @throws RangeError when a row that is there has no sample. */
export function figureResult(name: string, { samples, floor, peers = {}, unit = 'ms' }: Measured): FigureResult {
  const value = median(samples);
  const peerMedians = Object.fromEntries(Object.entries(peers).map(([peer, row]) => [peer, median(row)]));
  const floorMedian = floor === undefined ? null : median(floor);
  const best = Object.values(peerMedians).sort((a, b) => a - b)[0];
  return {
    figure: name,
    value,
    unit,
    peers: peerMedians,
    floor: floorMedian,
    ratio: ratioTo(value, floorMedian ?? best),
  };
}

function ratioTo(value: number, base: number | undefined): number | null {
  return base === undefined || base <= 0 ? null : value / base;
}
