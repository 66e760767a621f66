/** What a round may have led to, and whether it led to anything else. */
import type { EventJson } from '../../tools/cpectl/views/event-view.js';
import { chaosResources, type Testimony } from './chaos-site.js';

/** What was really done in a round. */
export type Done =
  | { readonly kind: 'failure' | 'restart'; readonly resource: string; readonly text: string }
  | { readonly kind: 'instance'; readonly deployable: string; readonly assembly: string; readonly text: string }
  /** Nothing that runs may be touched by it. */
  | { readonly kind: 'harmless'; readonly text: string };

/** Why a resource may have been started anew: each cause once. */
export type Cause = 'failure' | 'restart' | 'instance' | 'dependency';
export type Causes = ReadonlyMap<string, readonly Cause[]>;

export function causesOf(done: readonly Done[]): Causes {
  const causes = new Map<string, Cause[]>(chaosResources.map(({ id }) => [id, []]));
  const add = (id: string, cause: Cause) => causes.get(id)?.push(cause);
  for (const each of done) {
    if (each.kind === 'harmless') continue;
    const touched = chaosResources.filter(({ id, deployable, assembly }) =>
      each.kind === 'instance' ? deployable === each.deployable && assembly === each.assembly : id === each.resource,
    );
    const dependents = new Set(touched.flatMap((resource) => resource.dependents));
    for (const { id } of touched) add(id, each.kind);
    for (const id of dependents) if (!touched.some((resource) => resource.id === id)) add(id, 'dependency');
  }
  return causes;
}

/** Starts that nothing explains. */
export function judgeStarts(causes: Causes, before: Testimony, after: Testimony): readonly string[] {
  return chaosResources.flatMap(({ id }) => {
    const starts = (after.starts.get(id) ?? 0) - (before.starts.get(id) ?? 0);
    const explained = causes.get(id) ?? [];
    if (starts <= explained.length) return [];
    return [`${id} was started ${starts} times, explained are ${explained.length} (${explained.join(' ') || 'none'})`];
  });
}

/**
 * Failures that were not told, and such as nobody caused. One that something else came together with may have been
 * noticed by nobody: its resource was being stopped anyway.
 */
export function judgeFailures(
  causes: Causes,
  events: readonly EventJson[],
): { readonly missing: readonly string[]; readonly surplus: readonly string[] } {
  const missing: string[] = [];
  const surplus: string[] = [];
  for (const { id, deployable, assembly, name } of chaosResources) {
    const told = events.filter(
      (event) =>
        event.kind === 'resource-failed' &&
        event.deployable === deployable &&
        event.assembly === assembly &&
        event.resource === name,
    ).length;
    const all = causes.get(id) ?? [];
    const caused = all.filter((cause) => cause === 'failure').length;
    if (told > caused) surplus.push(`${id} failed ${caused} times and is said to have failed ${told} times`);
    if (told < caused && all.length === caused) missing.push(`${id} failed ${caused} times, told are ${told}`);
  }
  return { missing, surplus };
}
