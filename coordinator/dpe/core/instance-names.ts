import { resourceId } from '../../model/deployable.js';
import { configuredResource } from '../../policy/configure-id.js';
import type { DpeState } from './dpe-state.js';

/** The assembly whose current instance this is; undefined for instances of the past and for strangers. */
export function assemblyOf({ durable }: DpeState, instance: string): string | undefined {
  return Object.entries(durable.assemblies).find(
    ([, state]) => state.instance.kind !== 'none' && state.instance.id === instance,
  )?.[0];
}

/** Which decider started an instance, and which of its starts that was; later ones have higher numbers. */
export function incarnationOf(instance: string): { readonly epoch: number; readonly count: number } | undefined {
  const [, epoch, count] = /\.(\d+)-(\d+)$/.exec(instance) ?? [];
  return epoch === undefined || count === undefined ? undefined : { epoch: Number(epoch), count: Number(count) };
}

/** Under which the newest call-id of an instance's agent is kept, beside the newest report (DurableState.reports). */
export function callsOf(instance: string): string {
  return `calls:${instance}`;
}

/** A resource of this assembly, by its CIB id: of the definition, or recorded from an earlier one. */
export function isKnownResource({ durable }: DpeState, assembly: string, id: string): boolean {
  const recorded = durable.history[assembly]?.resources;
  if (recorded !== undefined && Object.hasOwn(recorded, id)) return true;
  const model = durable.definition.deployable.assemblies.find(({ name }) => name === assembly);
  const resource = configuredResource(id) ?? id;
  return model?.resources.some(({ name }) => resourceId({ assembly, resource: name }) === resource) === true;
}

/** Sequence of the newest report of an instance that was processed; 0 before the first. */
export function newestReport({ durable }: DpeState, instance: string): number {
  return durable.reports[instance] ?? 0;
}

/** The report is the result of an operation that this decider, or the one before it, ordered. */
export function awaitsResult({ volatile }: DpeState, operationId: string): boolean {
  return Object.hasOwn(volatile.orders, operationId) || Object.hasOwn(volatile.inherited, operationId);
}
