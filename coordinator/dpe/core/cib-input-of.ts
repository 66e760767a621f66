import type { Deployable } from '../../model/deployable.js';
import type { AssemblyInput, CibInput, HostInput } from '../../state/cib-input.js';
import type { History, OperationRecord } from '../../state/history.js';
import { ownEntry } from '../../state/own-entry.js';
import { executionStatus, recordPending } from '../../state/record.js';
import type { Capacity } from './dpe-event.js';
import type { DpeState, DurableState } from './dpe-state.js';
import { isFencingDue } from './fencing.js';
import { descriptorOf } from './order-results.js';
import { isVmWantedStopped } from './overrides.js';
import { fullHostsOf } from './room.js';

/** What a decision at this moment depends on. Operations under way are shown as pending. */
export function cibInputOf({ durable, volatile }: DpeState, now: number): CibInput {
  const { deployable } = durable.definition;
  // Assemblies that left the definition are told of too: what is left of them is stopped.
  const names = new Set([...deployable.assemblies.map(({ name }) => name), ...Object.keys(durable.assemblies)]);
  const assemblies = [...names].map((name) => {
    const state = durable.assemblies[name];
    const instance = state?.instance ?? { kind: 'none' };
    return [
      name,
      {
        host: instance.kind === 'none' ? undefined : instance.host,
        isConnected: state?.isConnected === true && instance.kind === 'running',
        isHeld: instance.kind === 'held',
        mayStart: now >= (state?.mayStartAt ?? 0),
        wish: assemblyWish(durable, name),
        address: state?.address,
        hostname: state?.hostname,
        ...(state?.fullHosts === undefined ? {} : { fullHosts: fullHostsOf(state, now) }),
      },
    ] as const;
  });
  return {
    deployable: isToStop(durable) ? managedDeployable(deployable) : deployable,
    revision: durable.definition.revision,
    dialect: volatile.dialect,
    hosts: hostsOf({ durable, volatile }, now),
    assemblies: Object.fromEntries(assemblies),
    history: withPending(durable.history, { durable, volatile }),
    stopAll: isToStop(durable) || durable.recovery.kind !== 'none',
    isInMaintenance: !isToStop(durable) && (durable.overrides.isInMaintenance || deployable.isInMaintenance),
    wishes: wishesOf(durable),
    locationWishes: durable.overrides.locations,
    nowUnixMs: now,
  };
}

/** A VM that is to be stopped alone is one whose assembly is drained: what runs inside stops first. */
function assemblyWish(durable: DurableState, name: string): AssemblyInput['wish'] {
  if (isVmWantedStopped(durable, name)) return 'drained';
  return ownEntry(durable.overrides.assemblies, name) ?? 'none';
}

/** What is to be restarted is to stop first. What is to stop with everything else is not spared (it had to be forced). */
function wishesOf(durable: DurableState): CibInput['wishes'] {
  const { resources, restarting } = durable.overrides;
  const stopping = restarting.map((id) => [id, { ...resources[id], target: 'stopped' as const }] as const);
  const wishes = Object.entries({ ...resources, ...Object.fromEntries(stopping) });
  if (!isToStop(durable)) return Object.fromEntries(wishes);
  return Object.fromEntries(wishes.map(([id, { isManaged: _spared, ...wish }]) => [id, wish]));
}

/** What the document would spare, too, stops with everything else. */
function managedDeployable(deployable: Deployable): Deployable {
  const assemblies = deployable.assemblies.map((assembly) => ({
    ...assembly,
    isManaged: true,
    resources: assembly.resources.map((resource) => ({ ...resource, isManaged: true, isInMaintenance: false })),
  }));
  return { ...deployable, isInMaintenance: false, assemblies };
}

function isToStop({ desired }: DurableState): boolean {
  return desired.state === 'stopped';
}

/** Launcher hosts of the CIB: those the deployable may use, and those where an instance of it may still be. */
function hostsOf({ durable, volatile }: DpeState, now: number): HostInput[] {
  const wanted = durable.definition.deployable.hosts;
  const used = Object.values(durable.assemblies).flatMap(({ instance }) =>
    instance.kind === 'none' ? [] : [instance.host],
  );
  return Object.entries(durable.hosts)
    .filter(([name]) => wanted.length === 0 || wanted.includes(name) || used.includes(name))
    .map(([name, { standing, isDrained, capacity }]) => ({
      name,
      state: standing === 'dead' ? 'offline' : isFencingDue({ durable, volatile }, name, now) ? 'unclean' : 'online',
      isDrained,
      isBarred: volatile.launchers[name]?.isAdopted !== true || (wanted.length > 0 && !wanted.includes(name)),
      ...(capacity === undefined ? {} : { capacity: toldAmounts(capacity) }),
    }));
}

/** What it does not say it has is not nothing. */
function toldAmounts(capacity: Capacity): Record<string, number> {
  return Object.fromEntries(Object.entries(capacity).filter(([, amount]) => amount > 0));
}

function withPending(history: History, { volatile }: DpeState): History {
  return Object.values(volatile.orders).reduce((result, order) => {
    if (order.action === undefined || (order.kind === 'agent' && order.isCancel)) return result;
    const node = order.kind === 'agent' ? order.assembly : order.host;
    const operation =
      order.kind === 'agent'
        ? { ...order.userData, operation: order.operation, intervalMs: order.intervalMs }
        : order.order;
    return operation === undefined
      ? result
      : recordPending(result, node, descriptorOf(order), operation, order.issuedAt);
  }, history);
}

/** A resource that ran when last heard of, by its history on a node. */
export function isRunning(history: History, node: string, resourceId: string): boolean {
  const newest = newestRecord(history[node]?.resources[resourceId]?.records ?? {});
  if (newest === undefined || newest.status !== executionStatus.done) return false;
  // Running, running promoted, and the degraded forms of both (OCF 1.1, "Exit codes").
  return newest.operation !== 'stop' && [0, 8, 190, 191].includes(newest.rc);
}

export function newestRecord(records: Readonly<Record<string, OperationRecord>>): OperationRecord | undefined {
  return Object.values(records).reduce<OperationRecord | undefined>(
    (best, record) => (best === undefined || record.callId >= best.callId ? record : best),
    undefined,
  );
}
