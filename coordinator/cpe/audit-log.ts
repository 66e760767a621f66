/**
 * Who changed what: an entry in the store before anything is done, and its outcome before it is answered. An entry
 * without an outcome is of a change whose coordinator ended in the middle of it.
 */
import type { JsonValue } from '../state/json.js';
import type { Store } from '../store/store.js';

export interface AuditDraft {
  /** Unix ms. */
  readonly time: number;
  /** `<role> <id>` by the credentials of the connection, not by the message's word. */
  readonly who: string;
  /** The request: `createDeployable` ... */
  readonly what: string;
  readonly deployable: string;
  /** Assembly, resource, launcher host or identity; empty where it is about none. */
  readonly subject: string;
}

export interface AuditOutcome {
  readonly outcome: 'done' | 'refused';
  readonly reason: string;
  /** Where only the outcome knows it: what a document named. */
  readonly deployable?: string;
  /** Where the connection came from: ADDRESS:PORT; empty when the bus did not say. */
  readonly from: string;
}

export interface RecordedEntry extends AuditDraft {
  readonly seq: number;
  /** Empty as well while the outcome is unknown. */
  readonly from: string;
  readonly outcome: AuditOutcome['outcome'] | 'unknown';
  readonly reason: string;
}

export type BegunEntry =
  | { readonly kind: 'begun'; readonly end: (outcome: AuditOutcome) => Promise<void> }
  /** Nothing was written: what was asked for must not be done. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface AuditLog {
  begin(draft: AuditDraft): Promise<BegunEntry>;
  /** Entries with a `seq` above `since`, ascending, at most `limit`; of one deployable, or of all when it is empty. */
  read(query: { readonly since: number; readonly limit: number; readonly deployable: string }): Promise<{
    readonly entries: readonly RecordedEntry[];
    readonly lastSeq: number;
  }>;
}

/** Oldest entries beyond this number are dropped. */
export const maxAuditEntries = 10_000;
const prefix = 'audit/';
const maxReasonLength = 300;
/** Coordinators of several machines number their entries in one row. */
const attempts = 50;

export function openAuditLog(store: Store, keep = maxAuditEntries): AuditLog {
  let lastSeq: number | undefined;

  async function findLast(): Promise<number> {
    return (await readAll(store, keep)).at(-1)?.seq ?? 0;
  }

  return {
    async begin(draft) {
      const entry = { ...draft, from: '', outcome: 'unknown', reason: '' } as const;
      for (let attempt = 0; attempt < attempts; attempt++) {
        lastSeq ??= await findLast();
        const seq = lastSeq + 1;
        lastSeq = seq;
        const stored = await store.put(keyOf(seq), entry as unknown as JsonValue, 'absent');
        if (stored.kind === 'conflict') {
          lastSeq = undefined;
          continue;
        }
        if (stored.kind !== 'stored') {
          lastSeq = undefined;
          return { kind: 'unavailable', reason: stored.kind === 'refused' ? stored.message : 'the store refuses it' };
        }
        if (seq > keep) await store.remove(keyOf(seq - keep), 'any');
        const { revision } = stored;
        const end = async ({ outcome, reason, from, deployable = entry.deployable }: AuditOutcome): Promise<void> => {
          const ended = { ...entry, deployable, from, outcome, reason: reason.slice(0, maxReasonLength) };
          await store.put(keyOf(seq), ended as unknown as JsonValue, revision);
        };
        return { kind: 'begun', end };
      }
      return { kind: 'unavailable', reason: 'others write to it all the time' };
    },
    async read({ since, limit, deployable }) {
      const all = await readAll(store, keep);
      const wanted = all.filter((entry) => entry.seq > since && (deployable === '' || entry.deployable === deployable));
      return { entries: wanted.slice(0, limit), lastSeq: all.at(-1)?.seq ?? 0 };
    },
  };
}

async function readAll(store: Store, keep: number): Promise<readonly RecordedEntry[]> {
  const records = await store.list(prefix, keep * 2);
  return records.map(({ key, value }) => ({
    ...(value as unknown as Omit<RecordedEntry, 'seq'>),
    seq: Number(key.slice(prefix.length)),
  }));
}

/** In the order of their numbers by ASCII as well. */
function keyOf(seq: number): string {
  return `${prefix}${String(seq).padStart(16, '0')}`;
}
