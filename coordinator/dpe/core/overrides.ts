/** What operators want besides the definition and the desired state: how it is read, changed, and how it ends. */
import { type Assembly, cloneId, type Deployable, resourceId, vmId } from '../../model/deployable.js';
import { isCloned } from '../../policy/clone-name.js';
import { type Containment, containment } from '../../policy/containment.js';
import type { LocationWish, ResourceWish } from '../../state/cib-input.js';
import { ownEntry } from '../../state/own-entry.js';
import type { DurableState, Overrides } from './dpe-state.js';
import { allIds, allMembers, type Member } from './verb-subject.js';
import { emit, type Work, wantDecision } from './work.js';

/** What holds for a resource, VM or clone, from the document and from operators. */
export interface Standing {
  readonly target: 'started' | 'stopped';
  readonly isManaged: boolean;
}

/** What the questions below are asked of. */
export type Wanted = Pick<DurableState, 'definition' | 'overrides'>;

export function setOverrides(work: Work, change: Partial<Overrides>): void {
  work.durable = { ...work.durable, overrides: { ...work.durable.overrides, ...change } };
}

/**
 * What holds for a resource, a VM or a clone as a whole; undefined for one that the definition does not have. What is
 * wanted of a clone is wanted of its instances, too: Pacemaker stops and leaves alone as a whole.
 */
export function standingOf(durable: Wanted, id: string): Standing | undefined {
  const found = findById(durable.definition.deployable, id);
  if (found === undefined) return undefined;
  const wishes = (found.clone === undefined ? [id] : [id, found.clone]).map(
    (name) => ownEntry(durable.overrides.resources, name) ?? {},
  );
  const targets = wishes.map(({ target }) => target).filter((target) => target !== undefined);
  const managed = wishes.map(({ isManaged }) => isManaged).filter((isManaged) => isManaged !== undefined);
  return {
    target: targets.includes('stopped') ? 'stopped' : (targets[0] ?? found.standing.target),
    isManaged: managed.length === 0 ? found.standing.isManaged : !managed.includes(false),
  };
}

/** Puts down what an operator wants; what the document says anyway needs no wish. True when that changed anything. */
export function wishFor(work: Work, id: string, wanted: Partial<Standing>): boolean {
  const document = findById(work.durable.definition.deployable, id)?.standing;
  const before = ownEntry(work.durable.overrides.resources, id) ?? {};
  const { target, isManaged } = { ...before, ...wanted };
  const wish: ResourceWish = {
    ...(target === undefined || target === document?.target ? {} : { target }),
    ...(isManaged === undefined || isManaged === document?.isManaged ? {} : { isManaged }),
  };
  if (wish.target === before.target && wish.isManaged === before.isManaged) return false;
  const { [id]: _before, ...others } = work.durable.overrides.resources;
  const isEmpty = Object.keys(wish).length === 0;
  setOverrides(work, { resources: isEmpty ? others : { ...others, [id]: wish } });
  return true;
}

/** Whether the system acts on a resource or VM at all: its failures are nobody's business otherwise. */
export function isActedOn(durable: Wanted, id: string): boolean {
  return whyLeftAlone(durable, id) === undefined;
}

/** What it is when the system does not act on it. */
export function whyLeftAlone(durable: Wanted, id: string): 'in maintenance' | 'unmanaged' | undefined {
  const { overrides, definition } = durable;
  if (overrides.isInMaintenance || definition.deployable.isInMaintenance) return 'in maintenance';
  return standingOf(durable, id)?.isManaged === false ? 'unmanaged' : undefined;
}

/** Resources and VMs that would stay as they are while everything else is stopped: a stop has to be forced. */
export function unmanagedIds({ definition, overrides }: Wanted): readonly string[] {
  const ids = allMembers(definition.deployable).map(({ id }) => id);
  return ids.filter((id) => !isActedOn({ definition, overrides }, id));
}

/** The VM is to be stopped, whoever wants so; what runs inside stops first. */
export function isVmWantedStopped(durable: Wanted, assembly: string): boolean {
  const id = vmId(assembly);
  if (ownEntry(durable.overrides.assemblies, assembly) === 'drained') return true;
  return durable.overrides.restarting.includes(id) || standingOf(durable, id)?.target === 'stopped';
}

/** Nothing is to run inside of the assembly; its VM may. */
export function isInStandby({ definition, overrides }: Wanted, assembly: string): boolean {
  if (ownEntry(overrides.assemblies, assembly) !== undefined) return true;
  return findById(definition.deployable, vmId(assembly))?.isStandby === true;
}

/** Wishes about what the definition no longer has end with it. */
export function forgetLostOverrides(work: Work): void {
  const { definition, overrides, hosts } = work.durable;
  const ids = allIds(definition.deployable);
  const names = new Set(definition.deployable.assemblies.map(({ name }) => name));
  const movable = new Set(allMembers(definition.deployable).map(movableId));
  const nodes = new Set([...names, ...definition.deployable.hosts, ...Object.keys(hosts)]);
  const entries = <T>(table: Readonly<Record<string, T>>, keep: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(table).filter(([key]) => keep(key)));
  setOverrides(work, {
    resources: entries(overrides.resources, (id) => ids.has(id)),
    assemblies: entries(overrides.assemblies, (name) => names.has(name)),
    locations: overrides.locations.filter(({ resource, node }) => movable.has(resource) && nodes.has(node)),
    restarting: overrides.restarting.filter((id) => ids.has(id)),
  });
}

/** Moves and bans end when their time is over. */
export function expireLocations(work: Work): void {
  const { locations } = work.durable.overrides;
  const isOver = ({ until }: LocationWish) => until !== undefined && work.now >= until;
  const ended = locations.filter(isOver);
  if (ended.length === 0) return;
  setOverrides(work, { locations: locations.filter((wish) => !isOver(wish)) });
  for (const { resource, node, kind } of ended) {
    const [assembly = '', name = ''] = resource.split('.');
    const what = kind === 'move' ? `the move to ${node}` : `the ban from ${node}`;
    emit(work, {
      kind: `resource-${kind}-expired`,
      assembly,
      resource: name,
      reason: `${what} has ended with its time`,
    });
  }
  wantDecision(work, 'a move or ban has ended');
}

/** The scheduler has nothing left to do: what was to be stopped in order to be started again has stopped. */
export function endRestarts(work: Work): void {
  const { restarting } = work.durable.overrides;
  if (restarting.length === 0) return;
  setOverrides(work, { restarting: [] });
  wantDecision(work, `${restarting.join(', ')} stopped: starting again`);
}

/** CIB id of what moves when a member is to move: its clone, or itself. */
export function movableId({ id, clone }: Pick<Member, 'id' | 'clone'>): string {
  return clone === undefined ? id : cloneId(clone);
}

/** What the document says of a resource, a VM or a clone. */
interface Documented {
  /** Of an instance: the clone that it is one of. */
  readonly clone: string | undefined;
  readonly standing: Standing;
  readonly isStandby: boolean;
}

/** Definitions are replaced when they change, never changed. */
const indexes = new WeakMap<Deployable, ReadonlyMap<string, Documented>>();

function findById(deployable: Deployable, id: string): Documented | undefined {
  let index = indexes.get(deployable);
  if (index === undefined) {
    index = new Map(deployable.assemblies.flatMap(documentedIn));
    indexes.set(deployable, index);
  }
  return index.get(id);
}

/** Under every id that wishes may be about; all instances of a clone say the same of it. */
function documentedIn(assembly: Assembly): readonly (readonly [string, Documented])[] {
  const { name, targetRole, isManaged, isStandby, replica, resources } = assembly;
  const vm: Documented = { clone: undefined, standing: { target: targetRole, isManaged }, isStandby };
  const inside = resources.flatMap((resource) => {
    const target = resource.targetRole === 'stopped' ? ('stopped' as const) : ('started' as const);
    const standing = { target, isManaged: resource.isManaged && !resource.isInMaintenance };
    const clone = isCloned(assembly, resource) ? `${replica?.of}.${resource.name}` : undefined;
    const own = [resourceId({ assembly: name, resource: resource.name }), { clone, standing, isStandby }] as const;
    return clone === undefined ? [own] : [own, [clone, { clone: undefined, standing, isStandby }] as const];
  });
  return [[vmId(name), vm], ...inside];
}

/** Who repairs what, by the document and by what operators want. */
export function containmentOf({ definition, overrides }: DurableState): ReadonlyMap<string, Containment> {
  const { isInMaintenance, resources: wishes } = overrides;
  return containment(definition.deployable, { isInMaintenance, wishes });
}
