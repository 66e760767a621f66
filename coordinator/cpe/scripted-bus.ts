import type { Answer, Bus, BusStatus, MessageHandler, RequestOutcome } from '../../proto/bus.js';
import { busError, isBusError } from '../../proto/bus-error.js';
import { decodeEnvelope, encodeEnvelope } from '../../proto/codec.js';
import type { BodyDraft, Envelope, MessageDraft, Sender } from '../../proto/messages.js';

/** A bus inside of one process, for tests: messages go through the codec and nowhere else. */
export interface ScriptedBus extends Bus {
  /** Sends as somebody else would. */
  requestAs(sender: Sender, subject: string, body: BodyDraft): Promise<Answer>;
  publishAs(sender: Sender, subject: string, body: BodyDraft): void;
  /** Everything that was requested of others, in order. */
  readonly requested: { readonly subject: string; readonly envelope: Envelope }[];
}

const self: Sender = { role: 'cpe', id: 'main', incarnation: 'i1' };

export function scriptedBus(): ScriptedBus {
  const handlers = new Map<string, MessageHandler>();
  const requested: ScriptedBus['requested'] = [];
  let messages = 0;
  const envelopeOf = (draft: MessageDraft, sender: Sender): Envelope => {
    messages += 1;
    const decoded = decodeEnvelope(encodeEnvelope({ ...draft, messageId: `m${messages}`, sender }));
    if (decoded.kind !== 'envelope') throw new Error(decoded.reason.message);
    return decoded.envelope;
  };
  const deliver = async (subject: string, envelope: Envelope): Promise<Answer> => {
    const handler = [...handlers].find(([pattern]) => matches(pattern, subject))?.[1];
    if (handler === undefined) return busError('no-responder', `nobody listens on ${subject}`);
    return (await handler({ envelope, subject, wantsReply: true })) ?? undefined;
  };
  return {
    requested,
    publish: () => ({ kind: 'sent' }),
    async request(subject, draft): Promise<RequestOutcome> {
      const envelope = envelopeOf(draft, self);
      requested.push({ subject, envelope });
      const answer = await deliver(subject, envelope);
      if (answer === undefined) return { kind: 'error', error: busError('deadline', 'no answer') };
      if (isBusError(answer)) return { kind: 'error', error: answer };
      return { kind: 'reply', envelope: envelopeOf({ body: answer }, { role: 'dpe', id: 'x', incarnation: 'i1' }) };
    },
    subscribe(pattern, handler) {
      handlers.set(pattern, handler);
      return { unsubscribe: () => void handlers.delete(pattern) };
    },
    onStatus: (_listener: (status: BusStatus) => void) => () => {},
    isConnected: () => true,
    counters: () => ({ received: 0, garbage: 0, overflowed: 0, handlerFailures: 0, reconnects: 0 }),
    flush: async () => true,
    close: async () => {},
    requestAs: (sender, subject, body) => deliver(subject, envelopeOf({ body }, sender)),
    publishAs(sender, subject, body) {
      void deliver(subject, envelopeOf({ body }, sender));
    },
  };
}

function matches(pattern: string, subject: string): boolean {
  const [wanted, given] = [pattern.split('.'), subject.split('.')];
  return wanted.length === given.length && wanted.every((token, index) => token === '*' || token === given[index]);
}
