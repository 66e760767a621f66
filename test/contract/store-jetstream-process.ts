/**
 * Child process of the JetStream store's tests: `node store-jetstream-process.js ROLE OPTIONS NAME [END]`, OPTIONS those
 * of `openJetStreamStore` as JSON. What it has been told is done it prints, one JSON value a line.
 */
import { writeSync } from 'node:fs';
import { type JetStreamStoreOptions, openJetStreamStore } from '../../coordinator/store/jetstream-store.js';
import type { Store } from '../../coordinator/store/store.js';
import { isStoreError } from '../../coordinator/store/store-error.js';
import { eventDraft } from './store-suite.js';

const roles: Readonly<Record<string, (store: Store, name: string, end: number) => Promise<void>>> = {
  /** Appends to a log of its own for ever, two events a record; prints [sequence, seq, seq]. */
  async 'append-own'(store, name) {
    let sequence: number | undefined;
    for (;;) {
      try {
        sequence ??= await logEnd(store, name);
        const events = [eventDraft(`${sequence + 1}a`, name), eventDraft(`${sequence + 1}b`, name)];
        const outcome = await store.append(name, sequence, { delta: 'x'.repeat(sequence % 300), events });
        if (outcome.kind === 'refused' && outcome.reason === 'busy') continue;
        if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome));
        sequence = outcome.sequence;
        print([sequence, ...outcome.events.map(({ seq }) => seq)]);
      } catch (error) {
        // Not known: ask where the log ends, and go on from there.
        if (!isStoreError(error) || !['busy', 'failed'].includes(error.code)) throw error;
        sequence = undefined;
      }
    }
  },

  /** Races for every sequence of one log up to END; prints the sequences it won. */
  async 'append-shared'(store, name, end) {
    for (let sequence = 0; sequence < end; ) {
      const outcome = await store.append(name, sequence, { delta: process.pid, events: [eventDraft('race', name)] });
      if (outcome.kind === 'appended') print(sequence + 1);
      sequence = outcome.kind === 'conflict' ? outcome.actualSequence : sequence + 1;
    }
    await store.close();
  },

  /** Takes a lease with the next epoch again and again, END times; prints each epoch that it took. */
  async lease(store, key, end) {
    for (let taken = 0; taken < end; ) {
      const current = await store.get(key);
      const epoch = ((current?.value as { epoch?: number } | undefined)?.epoch ?? 0) + 1;
      const outcome = await store.put(key, { epoch, holder: `${process.pid}` }, current?.revision ?? 'absent');
      if (outcome.kind !== 'stored') continue;
      print(epoch);
      taken++;
    }
    await store.close();
  },
};

const [role = '', options = '{}', name = '', end = '0'] = process.argv.slice(2);
const parsed = JSON.parse(options) as Omit<JetStreamStoreOptions, 'onProblem'>;
const { store } = await openJetStreamStore({ ...parsed, onProblem: () => undefined });
await roles[role]?.(store, name, Number(end));

function print(value: unknown): void {
  writeSync(1, `${JSON.stringify(value)}\n`);
}

async function logEnd(store: Store, name: string): Promise<number> {
  const probe = await store.append(name, Number.MAX_SAFE_INTEGER, { delta: null, events: [] });
  if (probe.kind === 'conflict') return probe.actualSequence;
  throw Object.assign(new Error(JSON.stringify(probe)), { name: 'StoreError', code: 'busy' });
}
