import type { EventJson } from '../cpectl/views/event-view.js';
import type { PageChange } from './page.js';

/** One thing that happened. `atMs` is in Unix ms. */
export interface Moment {
  readonly atMs: number;
  readonly subject: string;
  readonly kind: string;
  readonly detail: string;
}

export function momentOfEvent(event: EventJson): Moment {
  const { kind, reason, timeUnixMs } = event;
  return { atMs: timeUnixMs ?? 0, subject: subjectOf(event), kind, detail: reason };
}

export function momentOfPage({ atMs, page }: PageChange): Moment {
  return page.kind === 'answer'
    ? { atMs, subject: 'page', kind: 'answers again', detail: '' }
    : { atMs, subject: 'page', kind: 'fails', detail: page.reason };
}

const detailWidth = 72;

/** One line a moment, in order of time, each with its distance from the first one in ms. */
export function renderTimeline(moments: readonly Moment[]): string[] {
  const sorted = [...moments].sort((a, b) => a.atMs - b.atMs);
  const startMs = sorted[0]?.atMs ?? 0;
  return sorted.map(({ atMs, subject, kind, detail }) => {
    const cut = detail.length > detailWidth ? `${detail.slice(0, detailWidth - 3)}...` : detail;
    return `  ${`+${atMs - startMs} ms`.padStart(9)}  ${subject.padEnd(14)}  ${kind.padEnd(18)}  ${cut}`.trimEnd();
  });
}

/** A kind of event and what it is about: `db.redis`, `db`, or the deployable's name. */
export type Expected = readonly [kind: string, subject: string];

export function isThis(event: EventJson, [kind, subject]: Expected): boolean {
  return event.kind === kind && subjectOf(event) === subject;
}

/** The first of the expected events that the log does not have after those before it; undefined when it has all. */
export function firstOutOfOrder(events: readonly EventJson[], expected: readonly Expected[]): Expected | undefined {
  let from = 0;
  for (const step of expected) {
    const at = events.findIndex((event, index) => index >= from && isThis(event, step));
    if (at < 0) return step;
    from = at + 1;
  }
  return undefined;
}

function subjectOf({ deployable, assembly, resource }: EventJson): string {
  return [assembly, resource].filter((part) => part !== '').join('.') || deployable;
}
