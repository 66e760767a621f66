/** The scheduler has nothing to do: phases end here. */
import { forgetAllFailures } from './failures.js';
import { endRestarts } from './overrides.js';
import { mayRun, type Work, wantDecision } from './work.js';

export function onSettled(work: Work): void {
  forgetRemoved(work);
  endRestarts(work);
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

/** Assemblies of an earlier definition are forgotten once they are stopped. */
function forgetRemoved(work: Work): void {
  const named = new Set(work.durable.definition.deployable.assemblies.map(({ name }) => name));
  const kept = Object.entries(work.durable.assemblies).filter(
    ([name, { instance }]) => named.has(name) || mayRun(instance),
  );
  if (kept.length === Object.keys(work.durable.assemblies).length) return;
  work.durable = { ...work.durable, assemblies: Object.fromEntries(kept) };
}
