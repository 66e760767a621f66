import { type BusErrorCode, busError } from '../../proto/bus-error.js';
import type { DeployableStatus, Event } from '../../proto/messages.js';
import type { Answered, Coordinator, Question } from './coordinator.js';

/** An event log and a row of answers behind the port that commands speak to, for tests. */
export interface ScriptedCoordinator extends Coordinator {
  readonly events: Event[];
  /** Answers to getStatus, one after the other; the last one stays. */
  statuses: (DeployableStatus | BusErrorCode)[];
  /** Answers to other questions (or a code to refuse them with), made from what was asked. */
  readonly replies: Map<Question, (value: object) => object | BusErrorCode>;
  /** Failures of the next getEvents. */
  readonly eventErrors: BusErrorCode[];
  /** Called before each question is answered. */
  onQuestion: (question: Question) => void;
}

export function scriptedCoordinator(): ScriptedCoordinator {
  const scripted: ScriptedCoordinator = {
    events: [],
    statuses: [],
    replies: new Map(),
    eventErrors: [],
    onQuestion: () => {},
    async ask(question, value) {
      scripted.onQuestion(question);
      // The compiler does not relate the question to its answer inside of a generic function.
      return answer(scripted, question, value) as Answered<typeof question>;
    },
  };
  return scripted;
}

function answer(scripted: ScriptedCoordinator, question: Question, value: object): Answered<Question> {
  const reply = scripted.replies.get(question);
  if (reply !== undefined) return wrap(reply(value));
  if (question === 'getEvents') {
    const code = scripted.eventErrors.shift();
    if (code !== undefined) return { kind: 'error', error: busError(code, 'as scripted') };
    const { since, limit, deployable } = value as { since: number; limit: number; deployable: string };
    const events = scripted.events.filter(
      (event) => event.seq > since && (deployable === '' || event.deployable === deployable),
    );
    const page = events.slice(0, limit);
    return { kind: 'answer', value: { events: page, lastSeq: (page.at(-1) ?? scripted.events.at(-1))?.seq ?? 0 } };
  }
  const next = scripted.statuses.length > 1 ? scripted.statuses.shift() : scripted.statuses[0];
  if (question !== 'getStatus' || next === undefined) throw new Error(`no answer to ${question} is scripted`);
  return wrap(next);
}

function wrap(reply: object | BusErrorCode): Answered<Question> {
  if (typeof reply === 'string') return { kind: 'error', error: busError(reply, 'as scripted') };
  return { kind: 'answer', value: reply } as Answered<Question>;
}

export function sampleEvent(seq: number, change: Partial<Event> = {}): Event {
  const subject = { deployable: 'shop', assembly: 'db', resource: 'redis', instance: 'shop.db.local.1-1' };
  return {
    seq,
    timeUnixMs: 1_000 * seq,
    ...subject,
    kind: 'resource-started',
    reason: 'started',
    evidenceJson: '',
    ...change,
  };
}
