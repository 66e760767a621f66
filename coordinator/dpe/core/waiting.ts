/** What does not run because something else is wanted stopped: no failure, and nobody's fault. */
import { cloneId, type Deployable } from '../../model/deployable.js';
import { type Dependency, dependenciesOf } from '../../policy/dependency.js';
import { isInStandby, isVmWantedStopped, standingOf, type Wanted } from './overrides.js';
import { allMembers, type Member } from './verb-subject.js';

/** Per resource that is not to run, or cannot: the resource, VM or assembly whose stop was asked for. */
export type Waiting = ReadonlyMap<string, string>;

const noneWaiting: Waiting = new Map();
/** Wishes and definitions are replaced when they change, never changed. */
const known = new WeakMap<Wanted['overrides'], { readonly deployable: Deployable; readonly waiting: Waiting }>();

/** By `<assembly>.<name>`; VMs too. What was asked to stop itself is among them. */
export function waitingOf({ definition, overrides }: Wanted): Waiting {
  const { deployable } = definition;
  const before = known.get(overrides);
  if (before?.deployable === deployable) return before.waiting;
  const waiting = workOut({ definition, overrides });
  known.set(overrides, { deployable, waiting });
  return waiting;
}

function workOut(wanted: Wanted): Waiting {
  const { deployable } = wanted.definition;
  const members = allMembers(deployable);
  const stopped = members.flatMap((member) => {
    const cause = causeOf(wanted, member);
    return cause === undefined ? [] : [[member.id, cause] as const];
  });
  if (stopped.length === 0) return noneWaiting;
  const causes = new Map<string, string>(stopped);
  const wholes = wholesOf(deployable, members);
  const dependencies = dependenciesOf(deployable).filter(isNeed);
  // Each round reaches what depends on what the one before has reached.
  for (let size = 0; size < causes.size; ) {
    size = causes.size;
    spread(wholes, causes);
    for (const { resource, dependent } of dependencies) {
      const cause = causes.get(resource);
      if (cause !== undefined && !causes.has(dependent)) causes.set(dependent, cause);
    }
    spread(wholes, causes);
  }
  return causes;
}

/** What keeps it from running, of its own. */
function causeOf(wanted: Wanted, { kind, assembly, id }: Member): string | undefined {
  if (standingOf(wanted, id)?.target === 'stopped') return id;
  if (isVmWantedStopped(wanted, assembly)) return `${assembly}.vm`;
  return kind === 'resource' && isInStandby(wanted, assembly) ? assembly : undefined;
}

/** To be apart from something, or not to act at the same time, needs nothing of it. */
function isNeed({ kind }: Dependency): boolean {
  return kind !== 'apart' && kind !== 'serialize';
}

/** Names of the CIB that stand for several: clones and groups. */
function wholesOf(deployable: Deployable, members: readonly Member[]): ReadonlyMap<string, readonly string[]> {
  const wholes = new Map<string, readonly string[]>();
  for (const { name, assembly, members: inside } of deployable.groups) {
    wholes.set(
      name,
      inside.map((member) => `${assembly}.${member}`),
    );
  }
  for (const { id, clone } of members) {
    if (clone !== undefined) wholes.set(cloneId(clone), [...(wholes.get(cloneId(clone)) ?? []), id]);
  }
  return wholes;
}

/** A whole waits when all of it does, and all of it when the whole does. */
function spread(wholes: ReadonlyMap<string, readonly string[]>, causes: Map<string, string>): void {
  for (const [whole, parts] of wholes) {
    const cause = causes.get(whole);
    if (cause !== undefined) {
      for (const part of parts) if (!causes.has(part)) causes.set(part, cause);
      continue;
    }
    const first = causes.get(parts[0] ?? '');
    if (first !== undefined && parts.every((part) => causes.has(part))) causes.set(whole, first);
  }
}
