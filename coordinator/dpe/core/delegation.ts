import { resourceId } from '../../model/deployable.js';
import { containment } from '../../policy/containment.js';
import type { DelegationOrder } from './dpe-effect.js';
import { assemblyModel, assemblyState, type Work } from './work.js';

/** Tells the agent of an assembly, if it is there, what it may recover by itself, and how often. */
export function delegate(work: Work, assembly: string): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind !== 'running' || work.volatile.agents[instance.id]?.isAdopted !== true) return;
  work.effects.push({ kind: 'delegate', instance: instance.id, delegations: delegationsOf(work, assembly) });
}

function delegationsOf(work: Work, assembly: string): DelegationOrder[] {
  const verdicts = containment(work.durable.definition.deployable);
  return (assemblyModel(work, assembly)?.resources ?? []).flatMap((resource) => {
    const id = resourceId({ assembly, resource: resource.name });
    if (verdicts.get(id)?.kind !== 'delegated') return [];
    return [
      {
        resource: id,
        failures: resource.escalation.failures,
        periodMs: resource.escalation.periodMs,
        startTimeoutMs: resource.start.timeoutMs,
        stopTimeoutMs: resource.stop.timeoutMs,
        monitorTimeoutMs: resource.monitor.timeoutMs,
        isExclusive: resource.isExclusive,
        window: work.durable.windows.resources[id] ?? [],
      },
    ];
  });
}
