import { LRUCache } from 'lru-cache';

/**
 * The requests of the last half minute and their answers. A network may deliver a message twice, and whoever lost the
 * bus while it waited asks again: such a copy gets the answer of the first one, and nothing is done a second time.
 */
export interface KnownRequests {
  /** `new`, and known from now on; `pending` while it is not answered; or what it was answered with. */
  meet(key: string): 'new' | 'pending' | Uint8Array;
  answered(key: string, answer: Uint8Array): void;
  /** It was not done: a copy of it may be. */
  forget(key: string): void;
}

const KEPT_MS = 30_000;
const MAX_BYTES = 4_194_304;
/** A larger answer is that of a question, which may be answered again. */
const MAX_ANSWER_BYTES = 65_536;
/** What an entry takes beside its key and its answer, about. */
const ENTRY_BYTES = 300;

export function createKnownRequests(): KnownRequests {
  const answers = new LRUCache<string, { readonly answer?: Uint8Array }>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ answer }, key) => ENTRY_BYTES + key.length + (answer?.length ?? 0),
    ttl: KEPT_MS,
    ttlAutopurge: true,
  });
  return {
    meet(key) {
      const known = answers.get(key);
      if (known !== undefined) return known.answer ?? 'pending';
      answers.set(key, {});
      return 'new';
    },
    answered(key, answer) {
      if (answer.length <= MAX_ANSWER_BYTES) answers.set(key, { answer });
      else answers.delete(key);
    },
    forget: (key) => answers.delete(key),
  };
}
