/** The scheduler has nothing to do: phases end here. */
import { forgetAllFailures } from './failures.js';
import { mayRun, type Work, wantDecision } from './work.js';

export function onSettled(work: Work): void {
  dropRetired(work);
  if (Object.values(work.durable.assemblies).some(({ instance }) => mayRun(instance))) return;
  if (work.durable.recovery.kind === 'restarting') {
    beginAnew(work);
    wantDecision(work, 'everything is stopped: starting the deployable again');
  }
}

/** Everything is stopped, and an operator or the ladder starts it again: what was recorded no longer matters. */
export function beginAnew(work: Work): void {
  work.durable = { ...work.durable, history: {}, recovery: { kind: 'none' }, hasRun: false };
  forgetAllFailures(work);
}

/** Assemblies of an earlier definition go once they are stopped. */
function dropRetired(work: Work): void {
  const { durable } = work;
  const gone = durable.retiring.filter((name) => {
    const instance = durable.assemblies[name]?.instance;
    return instance === undefined || !mayRun(instance);
  });
  if (gone.length === 0) return;
  const { deployable, revision } = durable.definition;
  const isGone = (name: string) => gone.includes(name);
  const without = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !isGone(key.split('.')[0] ?? '')));
  const history = Object.entries(without(durable.history)).map(
    ([node, entry]) => [node, { ...entry, resources: without(entry.resources) }] as const,
  );
  work.durable = {
    ...durable,
    definition: {
      revision,
      deployable: {
        ...deployable,
        assemblies: deployable.assemblies.filter(({ name }) => !isGone(name)),
        constraints: deployable.constraints.filter(
          (constraint) => !namesIn(constraint).some((assembly) => isGone(assembly)),
        ),
      },
    },
    retiring: durable.retiring.filter((name) => !isGone(name)),
    assemblies: without(durable.assemblies),
    history: Object.fromEntries(history),
  };
  wantDecision(work, `removed: ${gone.join(', ')}`);
}

type Constraint = Work['durable']['definition']['deployable']['constraints'][number];

/** Assemblies that a constraint is about. */
export function namesIn(constraint: Constraint): string[] {
  const references = constraint.kind === 'order' ? constraint.sequence : [constraint.resource, constraint.with];
  return references.map(({ assembly }) => assembly);
}
