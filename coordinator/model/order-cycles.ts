/** One step of an order: `first` before `second`. `place` numbers the constraints in document order. */
export interface OrderStep {
  readonly first: string;
  readonly second: string;
  readonly place: number;
}

export interface OrderCycle {
  /** The names in order; the last comes before the first again. */
  readonly names: readonly string[];
  /** The last of the constraints that close it: without that one there would be no such cycle. */
  readonly place: number;
}

/**
 * Finds cycles: one for each step that leads back to where a walk along the steps came from, so that a list of steps
 * without the reported ones has none. Linear in the number of steps; of very many cycles only the first are found.
 */
export function findOrderCycles(steps: readonly OrderStep[]): OrderCycle[] {
  const following = new Map<string, OrderStep[]>();
  for (const step of steps) {
    const known = following.get(step.first);
    if (known === undefined) following.set(step.first, [step]);
    else known.push(step);
  }
  const cycles: OrderCycle[] = [];
  const done = new Set<string>();
  for (const start of following.keys()) {
    if (!done.has(start)) walk(start, { following, done, cycles });
  }
  return cycles;
}

/** Each names all that is in it: a document could have more of them than fit into memory. */
const mostCycles = 250;

interface Walk {
  readonly following: ReadonlyMap<string, readonly OrderStep[]>;
  /** Names all of whose walks have been taken. */
  readonly done: Set<string>;
  readonly cycles: OrderCycle[];
}

/** Depth first, with its own stack: a chain may be as long as the deployable has resources. */
function walk(start: string, { following, done, cycles }: Walk): void {
  const path: { readonly name: string; readonly by: OrderStep | undefined; next: number }[] = [];
  const depths = new Map<string, number>();
  const enter = (name: string, by: OrderStep | undefined): void => {
    depths.set(name, path.length);
    path.push({ name, by, next: 0 });
  };
  enter(start, undefined);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const step = following.get(top.name)?.[top.next];
    top.next += 1;
    if (step === undefined) {
      path.pop();
      depths.delete(top.name);
      done.add(top.name);
      continue;
    }
    const depth = depths.get(step.second);
    if (depth !== undefined) {
      if (cycles.length >= mostCycles) return;
      const members = path.slice(depth);
      const place = members.slice(1).reduce((last, { by }) => Math.max(last, by?.place ?? 0), step.place);
      cycles.push({ names: members.map(({ name }) => name), place });
    } else if (!done.has(step.second)) {
      enter(step.second, step);
    }
  }
}
