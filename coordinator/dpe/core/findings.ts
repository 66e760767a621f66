/** What agents find without anybody having changed it: resources that run, or do not, by no order of ours. */
import { configuredResource } from '../../policy/configure-id.js';
import { isExpected } from './agent-results.js';
import type { OperationOutcome } from './dpe-event.js';
import { standingOf, whyLeftAlone } from './overrides.js';
import { assemblyState, emit, type Work } from './work.js';

/**
 * Tells what a probe has found, where it is news: a resource that is active unexpectedly, and one that is not and that
 * nobody starts. Every other resource that is found stopped is about to be started, and that is told.
 */
export function tellProbe(work: Work, assembly: string, result: OperationOutcome): void {
  const { resource, rc } = result;
  if (result.operation !== 'monitor' || result.intervalMs > 0 || result.status !== 'done') return;
  if (configuredResource(resource) !== undefined) return;
  const left = leftAlone(work, resource);
  if (rc === 0 || rc === 8) {
    const found = rc === 8 ? 'found promoted' : 'found running';
    if (!isExpected(result)) tell(work, assembly, result, { kind: 'resource-found', reason: `${found}${left}` });
    return;
  }
  const isWanted = work.durable.desired.state === 'running' && standingOf(work.durable, resource)?.target === 'started';
  if (rc !== 7 || left === '' || !isWanted) return;
  tell(work, assembly, result, { kind: 'resource-stopped', reason: `found stopped${left}` });
}

/** A recurring monitor that had failed succeeds, though nothing was ordered: somebody else has mended it. */
export function tellWell(work: Work, assembly: string, result: OperationOutcome): void {
  tell(work, assembly, result, { kind: 'resource-found', reason: 'its monitor finds it well again' });
}

/** The end of a sentence about a resource: that the system does nothing about it, and why; empty when it does. */
export function leftAlone({ durable }: Work, resource: string): string {
  const why = whyLeftAlone(durable, resource);
  return why === undefined ? '' : `; it is ${why}, nothing is done`;
}

function tell(
  work: Work,
  assembly: string,
  { resource, rc, endedAt, operation }: OperationOutcome,
  about: { readonly kind: string; readonly reason: string },
): void {
  const { instance } = assemblyState(work, assembly);
  emit(work, {
    ...about,
    time: endedAt,
    assembly,
    resource: resource.split('.')[1] ?? '',
    ...(instance.kind === 'none' ? {} : { instance: instance.id }),
    evidence: { operation, rc },
  });
}
