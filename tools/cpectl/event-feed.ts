import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '../../proto/messages.js';
import type { Answered, Coordinator } from './coordinator.js';
import { type CommandOutcome, done } from './exit-code.js';
import { explainError, isPassing } from './explain-error.js';

export interface EventRange {
  /** Empty: of all deployables. */
  readonly deployable: string;
  /** Events with a higher sequence number only. */
  readonly since: number;
  /** No more than so many. */
  readonly limit: number;
}

const pageSize = 500;
/** Higher than any sequence number: the answer has no events and tells the newest one's. */
const beyondAll = 2 ** 48;
const followWaitMs = 2_000;
const answerMarginMs = 1_500;
const retryPauseMs = 250;

/** At most `limit` events of the range, oldest first, waiting up to `waitMs` for the first one. */
export async function eventPage(
  coordinator: Coordinator,
  { deployable, since, limit }: EventRange,
  waitMs = 0,
): Promise<Answered<'getEvents'>> {
  for (let size = Math.min(limit, pageSize); ; size = Math.ceil(size / 2)) {
    const question = { deployable, since, limit: size, waitMs };
    const options = waitMs === 0 ? {} : { deadlineMs: waitMs + answerMarginMs };
    const page = await coordinator.ask('getEvents', question, options);
    const isTooLarge = page.kind === 'error' && page.error.code === 'too-large' && size > 1;
    if (!isTooLarge) return page;
  }
}

/** Hands over every event of the range that there is by now. */
export async function readEvents(
  coordinator: Coordinator,
  range: EventRange,
  take: (event: Event) => void,
): Promise<CommandOutcome> {
  let { since, limit } = range;
  while (limit > 0) {
    const page = await eventPage(coordinator, { ...range, since, limit });
    if (page.kind === 'error') return explainError(page.error);
    const events = newerThan(since, page.value.events).slice(0, limit);
    if (events.length === 0) break;
    for (const event of events) take(event);
    since = events.at(-1)?.seq ?? since;
    limit -= events.length;
  }
  return done;
}

export type LatestEvents =
  | {
      readonly kind: 'events';
      readonly events: readonly Event[];
      readonly hasOlder: boolean;
      /** Sequence number of the newest event of all deployables. */
      readonly newest: number;
    }
  | Exclude<CommandOutcome, { readonly kind: 'done' }>;

/** The newest `count` events, oldest first. A deployable's may lie far apart: looks back further until it has enough. */
export async function latestEvents(
  coordinator: Coordinator,
  { deployable, count }: { readonly deployable: string; readonly count: number },
): Promise<LatestEvents> {
  const head = await coordinator.ask('getEvents', { deployable, since: beyondAll, limit: 1 });
  if (head.kind === 'error') return explainError(head.error);
  const newest = head.value.lastSeq;
  for (let reach = count; ; reach *= 16) {
    const since = Math.max(0, newest - reach);
    const found: Event[] = [];
    const outcome = await readEvents(coordinator, { deployable, since, limit: Number.MAX_SAFE_INTEGER }, (event) => {
      found.push(event);
    });
    if (outcome.kind === 'failure') return outcome;
    if (found.length < count && since > 0) continue;
    const events = found.slice(-count);
    const hasOlder = found.length > count || (since > 0 && (events[0]?.seq ?? 0) > 1);
    return { kind: 'events', events, hasOlder, newest: Math.max(newest, events.at(-1)?.seq ?? 0) };
  }
}

/**
 * Hands over the events of the range as they come, for ever or until its limit: each one once and in order, also over
 * restarts of everything in between. `onGap` is told when the coordinator stops answering, and when it answers again.
 */
export async function followEvents(
  coordinator: Coordinator,
  range: EventRange,
  { take, onGap }: { readonly take: (event: Event) => void; readonly onGap: (isOpen: boolean) => void },
): Promise<CommandOutcome> {
  let { since, limit } = range;
  let isGap = false;
  while (limit > 0) {
    const page = await eventPage(coordinator, { ...range, since, limit }, followWaitMs);
    if (page.kind === 'error') {
      if (!isPassing(page.error)) return explainError(page.error);
      if (!isGap) onGap(true);
      isGap = true;
      await delay(retryPauseMs);
      continue;
    }
    if (isGap) onGap(false);
    isGap = false;
    const events = newerThan(since, page.value.events).slice(0, limit);
    for (const event of events) take(event);
    since = events.at(-1)?.seq ?? since;
    limit -= events.length;
  }
  return done;
}

function newerThan(since: number, events: readonly Event[]): Event[] {
  return events.filter(({ seq }) => seq > since);
}
