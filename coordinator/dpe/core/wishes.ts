/** What operators want: a definition, and whether it is to run. */
import { tryFailedAgain } from './cleanup.js';
import { delegate } from './delegation.js';
import type { DpeEvent } from './dpe-event.js';
import { forgetAllFailures } from './failures.js';
import { forgetLostOverrides } from './overrides.js';
import { forgetFullHosts } from './room.js';
import { beginAnew } from './settled.js';
import { emit, mayRun, type Work, wantDecision } from './work.js';

type EventOf<K extends DpeEvent['kind']> = Extract<DpeEvent, { kind: K }>;

export function onDefinitionChanged(work: Work, event: EventOf<'definition-changed'>): void {
  const { durable } = work;
  if (event.revision <= durable.definition.revision) return;
  const { revision, deployable } = event;
  work.durable = { ...durable, definition: { revision, deployable } };
  forgetLostOverrides(work);
  if (durable.definition.revision > 0) {
    emit(work, { kind: 'definition-changed', reason: `revision ${revision} is in force` });
  }
  for (const { name } of deployable.assemblies) {
    delegate(work, name);
    forgetFullHosts(work, name);
  }
  wantDecision(work, `definition revision ${revision}`);
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
    tryFailedAgain(work);
    // An operator's start is a new beginning for every budget, the deployable's too.
    forgetAllFailures(work);
    for (const name of Object.keys(work.durable.assemblies)) {
      delegate(work, name);
      forgetFullHosts(work, name);
    }
    work.durable = { ...work.durable, windows: { ...work.durable.windows, deployable: [] } };
  } else {
    work.durable = { ...work.durable, recovery: { kind: 'none' } };
  }
  wantDecision(work, `desired state is ${event.state}`);
}
