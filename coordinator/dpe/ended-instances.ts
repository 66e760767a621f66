import type { DurableState, InstanceRecord } from './core/dpe-state.js';

/** Instances that are proven dead in `after` and were not in `before`, or have been replaced: id and unix ms. */
export function endedInstances(
  before: DurableState | undefined,
  after: DurableState,
): readonly { readonly instance: string; readonly at: number }[] {
  if (before?.assemblies === after.assemblies) return [];
  const ended = new Map<string, number>();
  for (const [name, { instance: now }] of Object.entries(after.assemblies)) {
    const was = before?.assemblies[name]?.instance;
    if (was === now) continue;
    if (was !== undefined && was.kind !== 'none' && idOf(now) !== was.id) ended.set(was.id, was.at);
    if (now.kind === 'dead') ended.set(now.id, now.at);
  }
  return [...ended].map(([instance, at]) => ({ instance, at }));
}

function idOf(instance: InstanceRecord): string | undefined {
  return instance.kind === 'none' ? undefined : instance.id;
}
