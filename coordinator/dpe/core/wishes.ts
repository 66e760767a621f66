/** What operators want: a definition, and whether it is to run. */
import type { Deployable } from '../../model/deployable.js';
import { delegate } from './delegation.js';
import type { DpeEvent } from './dpe-event.js';
import { beginAnew, namesIn } from './settled.js';
import { emit, mayRun, type Work, wantDecision } from './work.js';

type EventOf<K extends DpeEvent['kind']> = Extract<DpeEvent, { kind: K }>;

export function onDefinitionChanged(work: Work, event: EventOf<'definition-changed'>): void {
  const { durable } = work;
  if (event.revision <= durable.definition.revision) return;
  const before = durable.definition.deployable;
  const names = new Set(event.deployable.assemblies.map(({ name }) => name));
  const retiring = before.assemblies.filter(({ name }) => {
    const instance = durable.assemblies[name]?.instance;
    return !names.has(name) && instance !== undefined && mayRun(instance);
  });
  work.durable = {
    ...durable,
    definition: { revision: event.revision, deployable: withRetiring(event.deployable, before, retiring) },
    retiring: retiring.map(({ name }) => name),
  };
  if (durable.definition.revision > 0) {
    emit(work, { kind: 'definition-changed', reason: `revision ${event.revision} is in force` });
  }
  for (const { name } of event.deployable.assemblies) delegate(work, name);
  wantDecision(work, `definition revision ${event.revision}`);
}

/** Removed assemblies stay known, and ordered as before, until they are stopped. */
function withRetiring(next: Deployable, before: Deployable, retiring: Deployable['assemblies']): Deployable {
  if (retiring.length === 0) return next;
  const leaving = new Set(retiring.map(({ name }) => name));
  const known = new Set(
    [...next.assemblies, ...retiring].flatMap(({ name, resources }) =>
      resources.map((resource) => `${name}.${resource.name}`),
    ),
  );
  const constraints = before.constraints.filter((constraint) => {
    const references = constraint.kind === 'order' ? constraint.sequence : [constraint.resource, constraint.with];
    const isKnown = references.every(({ assembly, resource }) => known.has(`${assembly}.${resource}`));
    return isKnown && namesIn(constraint).some((assembly) => leaving.has(assembly));
  });
  const kept = constraints.map((constraint) => ({ ...constraint, id: `${constraint.id}-retiring` }));
  return { ...next, assemblies: [...next.assemblies, ...retiring], constraints: [...next.constraints, ...kept] };
}

export function onDesiredChanged(work: Work, event: EventOf<'desired-changed'>): void {
  const { durable } = work;
  if (event.revision <= durable.desired.revision) return;
  work.durable = { ...durable, desired: { revision: event.revision, state: event.state } };
  if (event.state === 'running') {
    const isDown = !Object.values(durable.assemblies).some(({ instance }) => mayRun(instance));
    if (isDown) {
      beginAnew(work);
    } else if (durable.recovery.kind === 'halted') {
      // Still stopping: the rest is stopped first, then started in order.
      work.durable = { ...work.durable, recovery: { kind: 'restarting', since: work.now, reason: 'operator' } };
    }
    // An operator's start is a new beginning for every budget, the deployable's too.
    work.durable = { ...work.durable, windows: { ...work.durable.windows, deployable: [] } };
  } else {
    work.durable = { ...work.durable, recovery: { kind: 'none' } };
  }
  wantDecision(work, `desired state is ${event.state}`);
}
