import type { DpeState } from './dpe-state.js';

/** The assembly whose current instance this is; undefined for instances of the past and for strangers. */
export function assemblyOf({ durable }: DpeState, instance: string): string | undefined {
  return Object.entries(durable.assemblies).find(
    ([, state]) => state.instance.kind !== 'none' && state.instance.id === instance,
  )?.[0];
}

/** Under which the newest call-id of an instance's agent is kept, beside the newest report (DurableState.reports). */
export function callsOf(instance: string): string {
  return `calls:${instance}`;
}
