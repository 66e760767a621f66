/** Verbs about the deployable as a whole. */
import { delegate } from './delegation.js';
import type { VerbReply } from './operator-verb.js';
import { setOverrides } from './overrides.js';
import { liftStorm } from './storm.js';
import { type Asked, delays, done, tellOrdered, unchanged } from './verb-reply.js';
import type { Work } from './work.js';

/** While on, nothing is started, stopped or monitored, by nobody: the agents lose their delegations as well. */
export function setMaintenance(asked: Asked, isOn: boolean): VerbReply {
  const { work } = asked;
  const { name, overrides, definition } = work.durable;
  const isDocumented = definition.deployable.isInMaintenance;
  const warnings = isDocumented && !isOn ? ['the document itself says maintenance; change it there'] : [];
  if (overrides.isInMaintenance === isOn) {
    return unchanged(`deployable ${name} is ${isOn ? '' : 'not '}in maintenance already`, warnings);
  }
  setOverrides(work, { isInMaintenance: isOn });
  delegateAll(work);
  tellOrdered(asked, `deployable-maintenance-${isOn ? 'on' : 'off'}`, {});
  const message = isOn
    ? `deployable ${name} is in maintenance: nothing is started, stopped, monitored or repaired until: cpectl deployable maintenance ${name} off`
    : `deployable ${name} is out of maintenance: what runs is probed and monitored again`;
  return done(message, warnings);
}

/** No decision is made any more; a graph in flight ends with the actions that are under way. */
export function hold(asked: Asked, reason: string): VerbReply {
  const { work, by } = asked;
  const { name, overrides } = work.durable;
  const resume = `cpectl deployable resume ${name}`;
  if (overrides.hold !== undefined) {
    const { by: holder, reason: why } = overrides.hold;
    return unchanged(`deployable ${name} is held already, by ${holder}${why === '' ? '' : `: ${why}`}`);
  }
  setOverrides(work, { hold: { since: work.now, by, reason } });
  tellOrdered(asked, 'deployable-hold', { why: reason, evidence: { resume } });
  const left = 'agents go on repairing what is delegated to them, and nothing else happens';
  return done(`deployable ${name} is held: ${left}, until: ${resume}`);
}

export function resume(asked: Asked): VerbReply {
  const { work, by } = asked;
  const { name, overrides } = work.durable;
  const { hold: held, ...others } = overrides;
  const isLifted = liftStorm(work, by);
  if (held === undefined) {
    if (!isLifted) return unchanged(`deployable ${name} is not held`);
    return done(`recovery of what is silent in deployable ${name} goes on`, delays(asked));
  }
  work.durable = { ...work.durable, overrides: others };
  tellOrdered(asked, 'deployable-resume', { evidence: { heldMs: work.now - held.since } });
  return done(`deployable ${name} is decided for again`, delays(asked));
}

function delegateAll(work: Work): void {
  for (const assembly of Object.keys(work.durable.assemblies)) delegate(work, assembly);
}
