/** Which coordinator machine decides for which deployable: a pure function, so that it can be read as a table. */

export interface PlacedDeployable {
  readonly name: string;
  readonly dpe: string;
  /** Undefined: it has not been given to a machine yet. */
  readonly machine: string | undefined;
  /** Nobody has renewed its lease for long: its process hangs, or does not come up on that machine. */
  readonly isStalled?: boolean;
}

export interface MachineForUse {
  readonly name: string;
  readonly standing: 'in-service' | 'leaving' | 'silent';
}

export interface Move {
  readonly deployable: string;
  readonly from: string | undefined;
  readonly to: string;
  /** Name of its DPE process there. */
  readonly dpe: string;
  readonly reason: 'new' | 'machine-silent' | 'machine-leaving' | 'machine-unknown' | 'decider-silent' | 'uneven';
}

export interface AssignOptions {
  /** Deployables that share a DPE process. */
  readonly maxDeployables: number;
  /** All machines have been in service for a while: one deployable may move to even out their loads. */
  readonly mayEvenOut: boolean;
}

/**
 * What has to move. Assignments are sticky: only what has no machine in service gets another one, always the one with
 * the fewest deployables (of equals the first by name). Where loads differ by two or more, one deployable at a time is
 * moved. Nothing moves while no machine is in service.
 */
export function assignMachines(
  deployables: readonly PlacedDeployable[],
  machines: readonly MachineForUse[],
  options: AssignOptions,
): readonly Move[] {
  const placed = new Map(deployables.map((each) => [each.name, each]));
  const usable = machines.filter(({ standing }) => standing === 'in-service').map(({ name }) => name);
  const loads = () =>
    [...usable]
      .map((name) => ({ name, load: [...placed.values()].filter(({ machine }) => machine === name).length }))
      .sort((a, b) => a.load - b.load || (a.name < b.name ? -1 : 1));
  const moves: Move[] = [];
  const move = (deployable: PlacedDeployable, to: string, reason: Move['reason']) => {
    placed.delete(deployable.name);
    const dpe = dpeFor(
      deployable.name,
      [...placed.values()].filter(({ machine }) => machine === to),
      options,
    );
    placed.set(deployable.name, { name: deployable.name, dpe, machine: to });
    moves.push({ deployable: deployable.name, from: deployable.machine, to, dpe, reason });
  };
  for (const deployable of deployables) {
    const reason = whyLeave(deployable, machines);
    // Another process on the same machine is for its pm2 to start.
    const least = loads().find(({ name }) => reason !== 'decider-silent' || name !== deployable.machine);
    if (reason !== undefined && least !== undefined) move(deployable, least.name, reason);
  }
  const sorted = loads();
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (!options.mayEvenOut || moves.length > 0 || least === undefined || most === undefined) return moves;
  const surplus = deployables.find(({ machine }) => machine === most.name);
  if (most.load - least.load >= 2 && surplus !== undefined) move(surplus, least.name, 'uneven');
  return moves;
}

/** One process per deployable, or the first of the machine that has room. */
export function dpeFor(
  name: string,
  onMachine: readonly PlacedDeployable[],
  { maxDeployables }: Pick<AssignOptions, 'maxDeployables'>,
): string {
  if (maxDeployables <= 1) return `dped-${name}`.slice(0, 63);
  for (let number = 1; ; number++) {
    const dpe = `dped-${number}`;
    if (onMachine.filter((each) => each.dpe === dpe).length < maxDeployables) return dpe;
  }
}

function whyLeave(
  { machine, isStalled }: PlacedDeployable,
  machines: readonly MachineForUse[],
): Move['reason'] | undefined {
  if (machine === undefined) return 'new';
  switch (machines.find(({ name }) => name === machine)?.standing) {
    case undefined:
      return 'machine-unknown';
    case 'silent':
      return 'machine-silent';
    case 'leaving':
      return 'machine-leaving';
    case 'in-service':
      return isStalled === true ? 'decider-silent' : undefined;
  }
}
