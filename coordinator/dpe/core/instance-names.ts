import type { DpeState } from './dpe-state.js';

/** The assembly whose current instance this is; undefined for instances of the past and for strangers. */
export function assemblyOf({ durable }: DpeState, instance: string): string | undefined {
  return Object.entries(durable.assemblies).find(
    ([, state]) => state.instance.kind !== 'none' && state.instance.id === instance,
  )?.[0];
}
