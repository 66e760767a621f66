/**
 * One step in the making. The functions of this folder read and replace `durable` and `volatile` (never mutate what is
 * in them) and add effects and events; `step` turns the result into values.
 */
import { abort } from '../../graph/transition.js';
import { INFINITE_SCORE } from '../../graph/transition-graph.js';
import type { Assembly, Resource } from '../../model/deployable.js';
import type { DpeEffect, DpeEventDraft } from './dpe-effect.js';
import type { AssemblyState, DurableState, InstanceRecord, Order, VolatileState } from './dpe-state.js';

export interface Work {
  durable: DurableState;
  volatile: VolatileState;
  readonly now: number;
  /** In [0, 1); for back-off. */
  readonly chance: number;
  readonly effects: DpeEffect[];
  readonly events: DpeEventDraft[];
}

export const absentAssembly: AssemblyState = {
  instance: { kind: 'none' },
  isConnected: false,
  mayStartAt: 0,
  since: 0,
  reason: '',
};

export function assemblyState(work: Work, name: string): AssemblyState {
  return work.durable.assemblies[name] ?? absentAssembly;
}

export function setAssembly(work: Work, name: string, change: Partial<AssemblyState>): void {
  const next = { ...assemblyState(work, name), ...change };
  work.durable = { ...work.durable, assemblies: { ...work.durable.assemblies, [name]: next } };
}

/** Moves the assembly's instance to another state, keeping its id. */
export function moveInstance(
  work: Work,
  name: string,
  kind: Exclude<InstanceRecord['kind'], 'none'>,
  reason: string,
): void {
  const { instance } = assemblyState(work, name);
  if (instance.kind === 'none') return;
  const { id, host } = instance;
  setAssembly(work, name, { instance: { kind, id, host, at: work.now }, since: work.now, reason });
}

export function setVolatile(work: Work, change: Partial<VolatileState>): void {
  work.volatile = { ...work.volatile, ...change };
}

export function addOrder(work: Work, operationId: string, order: Order): void {
  setVolatile(work, { orders: { ...work.volatile.orders, [operationId]: order } });
}

export function dropOrder(work: Work, operationId: string): void {
  const { [operationId]: _dropped, ...orders } = work.volatile.orders;
  setVolatile(work, { orders });
}

/**
 * Operation ids are unique over all deciders of all deployables: a launcher keeps one table for everybody, and the
 * deployables of one process share its incarnation.
 */
export function nextOperationId(work: Work): string {
  const count = work.volatile.operationCount + 1;
  setVolatile(work, { operationCount: count });
  return `${work.durable.name}.${work.volatile.epoch}-${work.volatile.incarnation}-${count}`;
}

/** Call ids of operations that the DPE performs itself (VM, connection): monotonic, as the scheduler needs them. */
export function nextCallId(work: Work): number {
  const call = work.durable.counters.call + 1;
  work.durable = { ...work.durable, counters: { ...work.durable.counters, call } };
  return call;
}

export function emit(work: Work, draft: Omit<DpeEventDraft, 'time'> & { readonly time?: number }): void {
  work.events.push({ time: work.now, ...draft });
}

/**
 * Something changed that the graph in flight did not expect: what is under way ends, nothing new begins, and then the
 * scheduler is asked again (daemons/controld/controld_te_utils.c abort_transition_graph).
 */
export function wantDecision(work: Work, trigger: string): void {
  const { engine, pendingTrigger } = work.volatile;
  setVolatile(work, { pendingTrigger: pendingTrigger ?? trigger, isSettled: false });
  if (engine.kind === 'executing') {
    abort(engine.transition, { priority: INFINITE_SCORE, completion: 'restart', reason: trigger });
  }
}

export function assemblyModel(work: Work, name: string): Assembly | undefined {
  return work.durable.definition.deployable.assemblies.find((assembly) => assembly.name === name);
}

/** Whether its image has no agent: then only its launcher watches it. */
export function isPassive(work: Work, name: string): boolean {
  return assemblyModel(work, name)?.monitoring === 'passive';
}

export function resourceModel(work: Work, id: string): { assembly: Assembly; resource: Resource } | undefined {
  const [assemblyName = '', resourceName = ''] = id.split('.');
  const assembly = assemblyModel(work, assemblyName);
  const resource = assembly?.resources.find((candidate) => candidate.name === resourceName);
  return assembly === undefined || resource === undefined ? undefined : { assembly, resource };
}

/** An instance that may run: everything but none and proven dead. */
export function mayRun(instance: InstanceRecord): boolean {
  return instance.kind !== 'none' && instance.kind !== 'dead';
}
