/**
 * Child process of the store's tests: `node store-process.js ROLE DIRECTORY ARGUMENTS...`. What it has been told is done
 * it prints at once, one JSON value a line, so that nothing it was told is lost with it.
 */
import { writeSync } from 'node:fs';
import { openEnvironment } from '../../coordinator/store/lmdb-environment.js';
import { openLmdbStore } from '../../coordinator/store/lmdb-store.js';
import type { Store } from '../../coordinator/store/store.js';
import { eventDraft } from './store-suite.js';

const roles: Readonly<Record<string, (directory: string, args: readonly string[]) => Promise<void>>> = {
  /** NAME: appends to a log of its own for ever, two events a record; prints [sequence, seq, seq]. */
  async 'append-own'(directory, [name = '']) {
    const store = await openLmdbStore(directory, { check: 'length' });
    let sequence = await logEnd(store, name);
    for (;;) {
      const events = [eventDraft(`${sequence + 1}a`, name), eventDraft(`${sequence + 1}b`, name)];
      const outcome = await store.append(name, sequence, { delta: { pad: 'x'.repeat(sequence % 3000) }, events });
      if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome));
      sequence = outcome.sequence;
      print([sequence, ...outcome.events.map(({ seq }) => seq)]);
      if (sequence % 50 === 0) await store.writeSnapshot(name, sequence - 10, { at: sequence - 10 });
    }
  },

  /** NAME END: races for every sequence of one log up to END; prints the sequences it won. */
  async 'append-shared'(directory, [name = '', end = '0']) {
    const store = await openLmdbStore(directory, { check: 'length' });
    for (let sequence = 0; sequence < Number(end); ) {
      const record = { delta: process.pid, events: [eventDraft('race', name)] };
      const outcome = await store.append(name, sequence, record);
      if (outcome.kind === 'appended') print(sequence + 1);
      sequence = outcome.kind === 'conflict' ? outcome.actualSequence : sequence + 1;
    }
    await store.close();
  },

  /** KEY COUNT: takes the lease with the next epoch again and again, COUNT times; prints each epoch that it took. */
  async lease(directory, [key = '', count = '0']) {
    const store = await openLmdbStore(directory, { check: 'length' });
    for (let taken = 0; taken < Number(count); ) {
      const current = await store.get(key);
      const epoch = ((current?.value as { epoch?: number } | undefined)?.epoch ?? 0) + 1;
      const outcome = await store.put(key, { epoch, holder: `${process.pid}` }, current?.revision ?? 'absent');
      if (outcome.kind !== 'stored') continue;
      print(epoch);
      taken++;
    }
    await store.close();
  },

  /** Takes the write lock and keeps it until it is killed; prints `true` once it has it. */
  async 'hold-lock'(directory) {
    const environment = openEnvironment(directory, { mapBytes: 1024 * 1024, isReadOnly: false });
    environment.transact(() => {
      print(true);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  },

  /** MS: starts a write, then keeps its event loop busy; prints `true` at the start and the outcome at the end. */
  async busy(directory, [ms = '0']) {
    const store = await openLmdbStore(directory, { check: 'length' });
    const appending = store.append('busy', 0, { delta: 0, events: [] });
    print(true);
    const end = Date.now() + Number(ms);
    while (Date.now() < end);
    print((await appending).kind);
    await store.close();
  },

  /** COUNT: opens the environment and closes it, again and again. */
  async 'open-again'(directory, [count = '0']) {
    for (let round = 0; round < Number(count); round++) {
      await openEnvironment(directory, { mapBytes: 1024 * 1024, isReadOnly: true }).close();
    }
  },

  /** COUNT: opens the store and closes it, again and again. */
  async 'come-and-go'(directory, [count = '0']) {
    for (let round = 0; round < Number(count); round++) {
      await (await openLmdbStore(directory, { check: 'length' })).close();
    }
  },

  /** Opens the store, prints `opened` or the error's code and message, and ends. */
  async open(directory) {
    await openLmdbStore(directory).then(
      async (store) => {
        print(['opened']);
        await store.close();
      },
      (error: { code?: string; message: string }) => print([error.code, error.message]),
    );
  },
};

const [role = '', directory = '', ...args] = process.argv.slice(2);
await roles[role]?.(directory, args);

function print(value: unknown): void {
  for (;;) {
    try {
      writeSync(1, `${JSON.stringify(value)}\n`);
      return;
    } catch (error) {
      // The pipe is full: a line is short enough to be written whole or not at all.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

async function logEnd(store: Store, name: string): Promise<number> {
  const probe = await store.append(name, Number.MAX_SAFE_INTEGER, { delta: null, events: [] });
  return probe.kind === 'conflict' ? probe.actualSequence : 0;
}
