/** Operators' verbs: each changes the durable overrides (or the history), asks for a decision, and is answered. */
import type { DpeEvent } from './dpe-event.js';
import type { VerbReply } from './operator-verb.js';
import type { Work } from './work.js';

export function onOperatorVerb(work: Work, event: Extract<DpeEvent, { kind: 'operator-verb' }>): void {
  const reply: VerbReply = {
    kind: 'refused',
    code: 'invalid-request',
    message: `"${event.verb.kind}" is not known`,
  };
  work.effects.push({ kind: 'reply', token: event.token, reply });
}
