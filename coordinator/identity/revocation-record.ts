/** Whose credentials are void although they have not ended: keyed records, which cped's leader makes the bus know. */
import type { Store } from '../store/store.js';

export interface Revocation {
  /** Of the user. */
  readonly publicKey: string;
  /** The identity, for people: `<role> <id>`. */
  readonly who: string;
  readonly reason: string;
  /** Unix ms, may lie ahead. From then on credentials that were made until then are void. */
  readonly at: number;
  /** Unix ms after which all of them have ended by themselves; undefined: some never do. */
  readonly until: number | undefined;
}

const prefix = 'revoked/';
const maxRevocations = 200_000;

/** Harmless when it is revoked already; of two times the earlier one counts. Rejects with a `StoreError`, or when the store refuses it. */
export async function revoke(store: Store, { until, ...revocation }: Revocation): Promise<void> {
  const key = `${prefix}${revocation.publicKey}`;
  const before = await store.get(key);
  if (before !== undefined && (before.value as unknown as Revocation).at <= revocation.at) return;
  const record = { ...revocation, ...(until === undefined ? {} : { until }) };
  const stored = await store.put(key, record, before?.revision ?? 'absent');
  if (stored.kind === 'refused') throw new Error(stored.message);
}

/** Those that have ended by themselves are forgotten on the way. */
export async function listRevocations(store: Store, now: number): Promise<readonly Revocation[]> {
  const found = await store.list(prefix, maxRevocations);
  const all = found.map(({ key, value, revision }) => ({ key, revision, value: value as unknown as Revocation }));
  const over = all.filter(({ value: { until } }) => until !== undefined && until < now);
  await Promise.all(over.map(({ key, revision }) => store.remove(key, revision)));
  return all.filter((each) => !over.includes(each)).map(({ value }) => ({ ...value, until: value.until }));
}
