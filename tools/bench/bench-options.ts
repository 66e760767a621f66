/** What the environment of `make bench` asks for. */
export interface BenchOptions {
  /** JSON objects instead of lines for people. */
  readonly json: boolean;
  /** The figures to measure, by name; undefined: all of them. */
  readonly figure: string | undefined;
  /** Instead of each figure's own number of runs. */
  readonly runs: number | undefined;
  /** What executes the instructions of virtual machines; undefined: what works here. */
  readonly accelerator: (typeof accelerators)[number] | undefined;
}

const accelerators = ['kvm', 'tcg'] as const;

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: BenchOptions }
  | { readonly kind: 'invalid'; readonly message: string };

const maxRuns = 10_000;

/** Reads JSON, FIGURE, RUNS and ACCELERATOR. An empty variable is one that is not set. */
export function parseBenchOptions(
  environment: Readonly<Record<string, string | undefined>>,
  figures: readonly string[],
): ParsedOptions {
  const { JSON: json = '', FIGURE: figure = '', RUNS: runs = '', ACCELERATOR: accelerator = '' } = environment;
  if (figure !== '' && !figures.includes(figure)) {
    return { kind: 'invalid', message: `FIGURE=${figure}: there is no such figure (${figures.join(', ')})` };
  }
  if (runs !== '' && !(/^\d{1,6}$/.test(runs) && Number(runs) >= 1 && Number(runs) <= maxRuns)) {
    return { kind: 'invalid', message: `RUNS=${runs}: not a whole number from 1 to ${maxRuns}` };
  }
  const chosen = accelerators.find((each) => each === accelerator);
  if (accelerator !== '' && chosen === undefined) {
    return { kind: 'invalid', message: `ACCELERATOR=${accelerator}: is none of ${accelerators.join(', ')}` };
  }
  return {
    kind: 'options',
    options: {
      json: json !== '' && json !== '0',
      figure: figure === '' ? undefined : figure,
      runs: runs === '' ? undefined : Number(runs),
      accelerator: chosen,
    },
  };
}
