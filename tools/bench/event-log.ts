import type { EventJson } from '../cpectl/views/event-view.js';

/** Events in the order of their numbers, as they become known. */
export interface EventLog {
  add(event: EventJson): void;
  lastSeq(): number;
  since(seq: number): readonly EventJson[];
  /** Resolves with the first event after `seq` that is such a one; rejects when the log fails. */
  next(seq: number, isIt: (event: EventJson) => boolean): Promise<EventJson>;
  /** No more events will come. */
  fail(error: Error): void;
}

export function eventLog(): EventLog {
  const events: EventJson[] = [];
  const waiting = new Set<() => void>();
  let failure: Error | undefined;
  const wake = () => {
    for (const look of waiting) look();
  };
  return {
    add(event) {
      events.push(event);
      wake();
    },
    lastSeq: () => events.at(-1)?.seq ?? 0,
    since: (seq) => events.filter((event) => event.seq > seq),
    next: (seq, isIt) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = events.find((event) => event.seq > seq && isIt(event));
          if (found === undefined && failure === undefined) return;
          waiting.delete(look);
          if (found !== undefined) resolve(found);
          else reject(failure);
        };
        waiting.add(look);
        look();
      }),
    fail(error) {
      failure ??= error;
      wake();
    },
  };
}

/** When it happened, in Unix ms. */
export function timeOf(event: EventJson): number {
  if (event.timeUnixMs === null) throw new Error(`event ${event.seq} (${event.kind}) has no time`);
  return event.timeUnixMs;
}
