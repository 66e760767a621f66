import type { Draft, TransitionSummary } from '../../proto/messages.js';
import type { ArchivedTransition } from './decision-archive.js';

/** An archived transition as a message. */
export function renderSummary({ number, at, executed, ...rest }: ArchivedTransition): Draft<TransitionSummary> {
  return {
    number,
    timeUnixMs: Math.round(at),
    trigger: rest.trigger,
    actions: rest.actions,
    executed: executed.length,
    failed: rest.failed,
    outcome: rest.outcome,
    reason: rest.reason,
    decideMs: rest.decideMs,
    durationMs: Math.round(rest.durationMs),
    directory: rest.directory,
  };
}
