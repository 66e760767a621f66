/** What operators want besides the definition and the desired state: how it is read, changed, and how it ends. */
import { vmId } from '../../model/deployable.js';
import type { LocationWish, ResourceWish } from '../../state/cib-input.js';
import { ownEntry } from '../../state/own-entry.js';
import type { DurableState, Overrides } from './dpe-state.js';
import { allIds, memberId } from './verb-subject.js';
import { emit, type Work, wantDecision } from './work.js';

/** What holds for a resource or VM, from the document and from operators. */
export interface Standing {
  readonly target: 'started' | 'stopped';
  readonly isManaged: boolean;
}

/** What the questions below are asked of. */
export type Wanted = Pick<DurableState, 'definition' | 'overrides'>;

export function setOverrides(work: Work, change: Partial<Overrides>): void {
  work.durable = { ...work.durable, overrides: { ...work.durable.overrides, ...change } };
}

/** What holds for a resource or a VM, by CIB id; undefined for one that the definition does not have. */
export function standingOf(durable: Wanted, id: string): Standing | undefined {
  const document = documentStanding(durable, id);
  const wish = ownEntry(durable.overrides.resources, id) ?? {};
  return document && { target: wish.target ?? document.target, isManaged: wish.isManaged ?? document.isManaged };
}

/** Puts down what an operator wants; what the document says anyway needs no wish. True when that changed anything. */
export function wishFor(work: Work, id: string, wanted: Partial<Standing>): boolean {
  const document = documentStanding(work.durable, id);
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
  const { overrides, definition } = durable;
  if (overrides.isInMaintenance || definition.deployable.isInMaintenance) return false;
  return standingOf(durable, id)?.isManaged !== false;
}

/** Resources and VMs that would stay as they are while everything else is stopped: a stop has to be forced. */
export function unmanagedIds({ definition, overrides }: Wanted): readonly string[] {
  const { deployable } = definition;
  const ids = [...allIds(deployable)];
  if (overrides.isInMaintenance || deployable.isInMaintenance) return ids;
  return ids.filter((id) => standingOf({ definition, overrides }, id)?.isManaged === false);
}

/** The VM is to be stopped, whoever wants so; what runs inside stops first. */
export function isVmWantedStopped(durable: Wanted, assembly: string): boolean {
  const id = vmId(assembly);
  if (ownEntry(durable.overrides.assemblies, assembly) === 'drained') return true;
  return durable.overrides.restarting.includes(id) || standingOf(durable, id)?.target === 'stopped';
}

/** Nothing is to run inside of the assembly; its VM may. */
export function isInStandby(durable: Wanted, assembly: string): boolean {
  const model = durable.definition.deployable.assemblies.find(({ name }) => name === assembly);
  return ownEntry(durable.overrides.assemblies, assembly) !== undefined || model?.isStandby === true;
}

/** Wishes about what the definition no longer has end with it. */
export function forgetLostOverrides(work: Work): void {
  const { definition, overrides, hosts } = work.durable;
  const ids = allIds(definition.deployable);
  const names = new Set(definition.deployable.assemblies.map(({ name }) => name));
  const nodes = new Set([...names, ...definition.deployable.hosts, ...Object.keys(hosts)]);
  const entries = <T>(table: Readonly<Record<string, T>>, keep: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(table).filter(([key]) => keep(key)));
  setOverrides(work, {
    resources: entries(overrides.resources, (id) => ids.has(id)),
    assemblies: entries(overrides.assemblies, (name) => names.has(name)),
    locations: overrides.locations.filter(({ resource, node }) => ids.has(resource) && nodes.has(node)),
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

function documentStanding({ definition }: Pick<Wanted, 'definition'>, id: string): Standing | undefined {
  for (const assembly of definition.deployable.assemblies) {
    if (id === vmId(assembly.name)) return { target: assembly.targetRole, isManaged: assembly.isManaged };
    const resource = assembly.resources.find((candidate) => memberId(assembly, candidate) === id);
    if (resource === undefined) continue;
    const target = resource.targetRole === 'stopped' ? 'stopped' : 'started';
    return { target, isManaged: resource.isManaged && !resource.isInMaintenance };
  }
  return undefined;
}
