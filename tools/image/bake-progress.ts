/** What a bake is doing, for whoever waits for it. */
export interface BakeProgress {
  /** Begins the next phase. */
  phase(phase: BakePhase): void;
  /** How far the phase is (0 to 1), and what it is at. */
  at(share: number, detail: string): void;
  /** Something worth knowing that is no error. */
  note(text: string): void;
}

export type BakePhase = keyof typeof phaseWeights;

/** How much of a whole bake each phase takes: rough, measured on two cores. Their order is that of a bake. */
export const phaseWeights = {
  packages: 75,
  tree: 6,
  content: 6,
  disk: 8,
  finish: 1,
  // After a bake, and only where it is asked for.
  warm: 0,
} as const;

/** Words for people. */
export const phaseTitles: Readonly<Record<BakePhase, string>> = {
  packages: 'Debian packages',
  tree: 'root directory and kernel',
  content: 'agent, files, users, services',
  disk: 'disk, raw and qcow2',
  finish: 'names and records',
  warm: 'template of the booted guest',
};

/** Share (0 to 1) of the whole bake that is done when `phase` is at `share`. */
export function overallShare(phase: BakePhase, share: number): number {
  const phases = Object.keys(phaseWeights) as BakePhase[];
  const weights = phases.map((each) => phaseWeights[each]);
  const total = weights.reduce<number>((sum, weight) => sum + weight, 0);
  const before = weights.slice(0, phases.indexOf(phase)).reduce<number>((sum, weight) => sum + weight, 0);
  return (before + phaseWeights[phase] * Math.min(1, Math.max(0, share))) / total;
}
