/**
 * When which resource has to be looked at again. All of it follows from the resources; it is kept so that a step need
 * not look at every one of them.
 */
export interface Agenda {
  /** Resources that wait for a time (bootMs), the earliest first: idle ones, and those whose monitor may take too long. */
  readonly wakes: readonly Wake[];
  /** Idle resources that have something to run and found every place taken, the next one first. */
  readonly turns: readonly Turn[];
  /** Operations that run now, without those that need no place. */
  readonly busy: Readonly<Record<Place, number>>;
}

/**
 * What an operation takes while it runs: one of the places for what waits for nobody (orders, recoveries, looks at what
 * has changed), or one of those for monitors that are due; one that only looks gives it up when it takes long.
 */
export type Place = 'urgent' | 'routine' | 'slow';

export interface Wake {
  readonly at: number;
  readonly resource: string;
}

export interface Turn {
  /** 0 before 1: orders and recoveries before monitors. */
  readonly rank: 0 | 1;
  /** bootMs since which it could have run. */
  readonly since: number;
  /** Of two that could have run since the same time. */
  readonly slot: number;
  readonly resource: string;
}

export const emptyAgenda: Agenda = { wakes: [], turns: [], busy: { urgent: 0, routine: 0, slow: 0 } };

export function compareWakes(a: Wake, b: Wake): number {
  return a.at - b.at || compareTexts(a.resource, b.resource);
}

export function compareTurns(a: Turn, b: Turn): number {
  return a.rank - b.rank || a.since - b.since || a.slot - b.slot || compareTexts(a.resource, b.resource);
}

/** Puts an entry into a sorted list. */
export function inserted<T>(list: readonly T[], entry: T, compare: (a: T, b: T) => number): readonly T[] {
  return list.toSpliced(placeIn(list, entry, compare), 0, entry);
}

/** Takes an entry out of a sorted list; no such entry: the list as it is. */
export function removed<T>(list: readonly T[], entry: T, compare: (a: T, b: T) => number): readonly T[] {
  const index = placeIn(list, entry, compare);
  const found = list[index];
  return found !== undefined && compare(found, entry) === 0 ? list.toSpliced(index, 1) : list;
}

/** The first index whose entry does not come before `entry`. */
function placeIn<T>(list: readonly T[], entry: T, compare: (a: T, b: T) => number): number {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compare(list[middle] as T, entry) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
