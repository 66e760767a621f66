import { resourceId } from '../../model/deployable.js';
import { prerequisites } from '../../policy/prerequisites.js';
import type { DelegationOrder } from './dpe-effect.js';
import { containmentOf } from './overrides.js';
import { assemblyModel, assemblyState, type Work } from './work.js';

/** Tells the agent of an assembly, if it is there, what it may recover by itself, and how often. */
export function delegate(work: Work, assembly: string): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind !== 'running' || work.volatile.agents[instance.id]?.isAdopted !== true) return;
  work.effects.push({ kind: 'delegate', instance: instance.id, delegations: delegationsOf(work, assembly) });
}

function delegationsOf(work: Work, assembly: string): DelegationOrder[] {
  const verdicts = containmentOf(work.durable);
  // Windows are kept in our time, and counted there in the agent's.
  const { clockOffsetMs = 0 } = assemblyState(work, assembly);
  return (assemblyModel(work, assembly)?.resources ?? []).flatMap((resource) => {
    const id = resourceId({ assembly, resource: resource.name });
    const isDelegated = verdicts.get(id)?.kind === 'delegated';
    if (!isDelegated && !resource.isExclusive) return [];
    return [
      {
        resource: id,
        // A budget of none: only the lease is the agent's business.
        failures: isDelegated ? resource.escalation.failures : 0,
        periodMs: resource.escalation.periodMs,
        startTimeoutMs: resource.start.timeoutMs,
        stopTimeoutMs: resource.stop.timeoutMs,
        monitorTimeoutMs: resource.monitor.timeoutMs,
        isExclusive: resource.isExclusive,
        after: prerequisites(work.durable.definition.deployable, id),
        window: (work.durable.windows.resources[id] ?? []).map((at) => at + clockOffsetMs),
      },
    ];
  });
}
