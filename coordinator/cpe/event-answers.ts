/** What cped answers from the event log. */
import type { Answer } from '../../proto/bus.js';
import type { Draft, Event, GetEvents, GetFailures } from '../../proto/messages.js';
import type { Store, StoredEvent } from '../store/store.js';
import type { EventWatch } from './event-watch.js';
import { listFailures } from './failure-list.js';

const maxEventsPerReply = 1_000;
const maxWaitMs = 60_000;
const maxListed = 10_000;

/** A page of events after `since`; waits up to `waitMs` for the first one. `limit` 0: as many as a page has. */
export async function answerEvents(store: Store, watch: EventWatch, query: GetEvents): Promise<Answer> {
  const { since, deployable, waitMs } = query;
  const limit = Math.min(query.limit || maxEventsPerReply, maxEventsPerReply);
  const filter = deployable === '' ? {} : { deployable };
  const until = Date.now() + Math.min(waitMs, maxWaitMs);
  for (;;) {
    const woken = watch.next(Math.max(0, Math.min(1_000, until - Date.now())));
    const found = await store.events({ since, limit, ...filter });
    if (found.length > 0 || Date.now() >= until) {
      const lastSeq = found[found.length - 1]?.seq ?? (await store.latestEventSequence());
      return { kind: 'eventList', value: { events: found.map(wireEvent), lastSeq } };
    }
    await woken;
  }
}

/** Failures among the latest events, newest first, each with what was done about it. */
export async function answerFailures(store: Store, { deployable, limit }: GetFailures): Promise<Answer> {
  const filter = deployable === '' ? {} : { deployable };
  const latest = await store.latestEventSequence();
  const found = await store.events({ since: Math.max(0, latest - maxListed), limit: maxListed, ...filter });
  return { kind: 'failureList', value: { failures: listFailures(found, limit || maxEventsPerReply) } };
}

function wireEvent({ time, evidence, ...event }: StoredEvent): Draft<Event> {
  const evidenceJson = evidence === undefined ? '' : JSON.stringify(evidence);
  return { ...event, timeUnixMs: Math.round(time), evidenceJson };
}
