/**
 * What a delegated resource needs in its own instance (mandatory orders, groups). While that is down the resource is not
 * repaired: it could only fail, and use up its budget. Its decider repairs both in order as soon as it hears of them.
 */
import { lookUp } from './id-map.js';
import type { Moment } from './operation.js';
import { isExpected, Ocf } from './operation.js';
import type { Draft } from './recording.js';
import { withRecord } from './recording.js';
import type { ResourceState } from './state.js';

/** While one of them is being looked at: what becomes of it is known in a moment. */
const busyRetryMs = 100;
const downRetryMs = 1000;
/** A monitor that takes longer holds up nobody else's repair. */
const maxBusyMs = 2000;

/** An attempt to repair a resource that is due waits while something that the resource needs is down. */
export function awaitPrerequisites(draft: Draft, id: string, at: Moment): Draft {
  const record = lookUp(draft.state.resources, id)?.record;
  const { recovery, delegation } = record ?? {};
  if (record === undefined || recovery?.phase.kind !== 'waiting' || recovery.phase.until > at.bootMs) return draft;
  const needed = (delegation?.after ?? []).flatMap((other) => lookUp(draft.state.resources, other) ?? []);
  const isDown = needed.some(isKnownDown);
  if (!isDown && !needed.some((resource) => isBusy(resource, at))) return draft;
  const until = at.bootMs + (isDown ? downRetryMs : busyRetryMs);
  return withRecord(draft, { ...record, recovery: { ...recovery, phase: { kind: 'waiting', until } } });
}

function isKnownDown({ record }: ResourceState): boolean {
  const { monitors, recovery, lastOperation } = record;
  const running = Object.values(monitors).filter(({ expectedRc }) => expectedRc !== Ocf.notRunning);
  if (recovery !== undefined || running.some(({ last, expectedRc }) => !isExpected(last, expectedRc))) return true;
  return running.length === 0 && lastOperation?.operation === 'stop';
}

function isBusy({ isTriggered, activity }: ResourceState, at: Moment): boolean {
  return isTriggered || (activity !== undefined && at.bootMs - activity.run.at.bootMs < maxBusyMs);
}
