/** The durable state of a DPE in the store: a snapshot and the deltas since. */
import { applyDelta, type Delta, diff } from '../state/delta.js';
import type { JsonValue } from '../state/json.js';
import type { EventDraft, LeaseFence, Store, StoredEvent } from '../store/store.js';
import type { DpeEventDraft } from './core/dpe-effect.js';
import type { DurableState } from './core/dpe-state.js';
import { emptyState } from './core/empty-state.js';

const readBatch = 200;
/** A snapshot replaces the log after so many records. */
const snapshotEvery = 200;

export interface PersistedState {
  readonly state: DurableState;
  readonly sequence: number;
}

/** The state as of the last committed record. */
export async function loadState(store: Store, name: string): Promise<PersistedState> {
  const snapshot = await store.readSnapshot(name);
  let sequence = snapshot?.sequence ?? 0;
  // The store holds what `commit` wrote: JSON of these types, and nobody else writes under the lease.
  // Members that an earlier version did not know are there before a delta leads into them.
  let state: DurableState = { ...emptyState(name), ...(snapshot?.state as unknown as DurableState | undefined) };
  for (;;) {
    const records = await store.read(name, sequence, readBatch);
    for (const record of records) {
      if (record.delta !== null) state = applyDelta(state, record.delta as unknown as Delta);
      sequence = record.sequence;
    }
    if (records.length < readBatch) return { state: ofThisVersion(state, name), sequence };
  }
}

/**
 * What an earlier version wrote, with the members that it did not know. A definition in its words is read from the
 * document again: what it means is for this version's parser to say.
 */
function ofThisVersion(state: DurableState, name: string): DurableState {
  const isOlder = Object.values(state.hosts).some(({ standing }) => standing === undefined);
  const hosts = Object.entries(state.hosts).map(([host, known]) => [host, { ...plainHost, ...known }] as const);
  const { groups, assemblies } = state.definition.deployable;
  const isUnread = groups === undefined || assemblies.some(({ disks }) => disks === undefined);
  return {
    ...state,
    ...(isOlder ? { hosts: Object.fromEntries(hosts) } : {}),
    ...(isUnread ? { definition: emptyState(name).definition } : {}),
  };
}

const plainHost = { standing: 'in-service', isDrained: false } as const;

export type Committed =
  | { readonly kind: 'committed'; readonly sequence: number; readonly events: readonly StoredEvent[] }
  /** Another decider writes: this one must stop. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** Not written, may be tried again: no space, too busy. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Commits what changed from `before` to `after` together with the events; nothing changed is committed already. */
export async function commit(
  store: Store,
  fence: LeaseFence,
  before: PersistedState,
  after: DurableState,
  events: readonly DpeEventDraft[],
): Promise<Committed> {
  const delta = before.state === after ? undefined : diff(before.state, after);
  if (delta === undefined && events.length === 0) {
    return { kind: 'committed', sequence: before.sequence, events: [] };
  }
  const drafts: EventDraft[] = events.map((event) => ({ deployable: after.name, ...event }));
  const outcome = await store.append(after.name, before.sequence, {
    delta: (delta ?? null) as unknown as JsonValue,
    events: drafts,
    fence,
  });
  switch (outcome.kind) {
    case 'appended':
      if (outcome.sequence % snapshotEvery === 0) {
        await store.writeSnapshot(after.name, outcome.sequence, after as unknown as JsonValue, { fence });
      }
      return { kind: 'committed', sequence: outcome.sequence, events: outcome.events };
    case 'conflict':
      return { kind: 'lost', reason: `its log went on to ${outcome.actualSequence} without this process` };
    case 'fenced':
      return { kind: 'lost', reason: `epoch ${outcome.epoch} has taken over` };
    case 'refused':
      return { kind: 'refused', reason: outcome.message };
  }
}
