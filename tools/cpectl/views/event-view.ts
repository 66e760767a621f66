import type { Event } from '../../../proto/messages.js';
import type { Colors } from '../terminal.js';
import { paintEventKind } from './paint-state.js';
import { printable } from './printable.js';
import { isoTime, localDateTime, localTime, unixTime } from './times.js';

/** An event as `events --json` prints it. Texts are empty where the event says nothing about them. */
export interface EventJson {
  readonly seq: number;
  readonly time: string | null;
  readonly timeUnixMs: number | null;
  readonly deployable: string;
  readonly assembly: string;
  readonly resource: string;
  readonly instance: string;
  readonly kind: string;
  readonly reason: string;
  /** What the event rests on: an object of its kind's own fields; null where there is none. */
  readonly evidence: unknown;
}

export function eventJson(event: Event): EventJson {
  const { seq, timeUnixMs, deployable, assembly, resource, instance, kind, reason, evidenceJson } = event;
  const time = { time: isoTime(timeUnixMs), timeUnixMs: unixTime(timeUnixMs) };
  const evidence = parseEvidence(evidenceJson);
  return { seq, ...time, deployable, assembly, resource, instance, kind, reason, evidence };
}

/** Evidence comes as JSON; what is none stays a text, so that nothing is hidden. */
export function parseEvidence(json: string): unknown {
  if (json === '') return null;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** What an event or a failure is about: `shop`, `shop/db` or `shop/db.redis`. */
export function subjectOf(about: Pick<Event, 'deployable' | 'assembly' | 'resource'>): string {
  const { deployable, assembly, resource } = about;
  const inner = [assembly, resource].filter((part) => part !== '').join('.');
  return inner === '' ? deployable || 'coordinator' : `${deployable}/${inner}`;
}

/** Lines come one by one, so their columns have usual widths instead of the widest value's. */
const usualWidths = { seq: 6, subject: 20, kind: 20 };

/** An event on one line, with its sequence number and date. */
export function renderEvent(event: Event, colors: Colors): string {
  const seq = String(event.seq).padStart(usualWidths.seq);
  return `${colors.dim(`${seq}  ${localDateTime(event.timeUnixMs)}`)}  ${renderRest(event, colors)}`;
}

/** An event on one line, as progress of something under way. */
export function renderProgressEvent(event: Event, colors: Colors): string {
  return `${colors.dim(localTime(event.timeUnixMs))}  ${renderRest(event, colors)}`;
}

function renderRest(event: Event, colors: Colors): string {
  const subject = printable(subjectOf(event)).padEnd(usualWidths.subject);
  const kind = printable(event.kind);
  const padding = ' '.repeat(Math.max(0, usualWidths.kind - kind.length));
  return `${subject}  ${paintEventKind(kind, colors)(kind)}${padding}  ${printable(event.reason)}`.trimEnd();
}
