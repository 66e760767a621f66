/**
 * What everybody knows of a launcher host, in the store: one record `host/<name>` each, changed by compare-and-set, so
 * that an operator's word and a fencer's proof never undo each other.
 */
import { type FencingClaim, type HostFact, plainHostFact } from '../state/host-fact.js';
import type { JsonObject, JsonValue } from '../state/json.js';
import type { Store } from '../store/store.js';

const prefix = 'host/';
const maxHosts = 10_000;
/** Writers are few: whoever loses so often has met a broken store, not another writer. */
const attempts = 20;

export type HostChange =
  /** `isChanged` is false when it was so already; nothing was written then. */
  | { readonly kind: 'stored'; readonly fact: HostFact; readonly isChanged: boolean }
  | { readonly kind: 'refused'; readonly reason: string };

/** What is known of the host; of one without a record, that nothing is. */
export async function readHost(store: Store, name: string): Promise<HostFact> {
  return asFact(name, (await store.get(hostKey(name)))?.value);
}

/** All launcher hosts with a record, by name. */
export async function readHosts(store: Store): Promise<Readonly<Record<string, HostFact>>> {
  const found = await store.list(prefix, maxHosts);
  return Object.fromEntries(
    found.map(({ key, value }) => {
      const name = key.slice(prefix.length);
      return [name, asFact(name, value)];
    }),
  );
}

/** Gives a launcher host that was heard a record, so that whoever starts later waits for it as well. */
export async function rememberHost(store: Store, name: string): Promise<void> {
  await store.put(hostKey(name), asJson(plainHostFact(name)), 'absent');
}

/** Replaces what is known by what `change` makes of it; asked again when another writer came first. */
export async function changeHost(
  store: Store,
  name: string,
  change: (before: HostFact) => HostFact,
): Promise<HostChange> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await store.get(hostKey(name));
    const before = asFact(name, found?.value);
    const fact = change(before);
    if (JSON.stringify(asJson(fact)) === JSON.stringify(asJson(before))) {
      return { kind: 'stored', fact: before, isChanged: false };
    }
    const stored = await store.put(hostKey(name), asJson(fact), found?.revision ?? 'absent');
    if (stored.kind === 'stored') return { kind: 'stored', fact, isChanged: true };
    if (stored.kind === 'refused') return { kind: 'refused', reason: stored.message };
  }
  return { kind: 'refused', reason: `the record of launcher host ${name} is being changed all the time` };
}

/** `refused`: the store takes no writes. */
export type ClaimOutcome =
  | { readonly kind: 'ours' }
  | { readonly kind: 'theirs'; readonly by: string }
  | { readonly kind: 'dead'; readonly death: NonNullable<HostFact['death']> }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * One at a time has a host fenced. Whoever claims it again under the same name (its successor) holds it anew; a claim
 * that has expired by `now` is nobody's, and a host that is proven dead since it was heard needs none (unix ms both).
 */
export async function claimFencing(
  store: Store,
  name: string,
  claim: FencingClaim,
  { now, heardAt }: { readonly now: number; readonly heardAt: number },
): Promise<ClaimOutcome> {
  const isDead = ({ death }: HostFact) => death !== undefined && death.at > heardAt;
  const changed = await changeHost(store, name, (before) => {
    const { fencing } = before;
    const isFree = fencing === undefined || fencing.by === claim.by || fencing.until <= now;
    return isFree && !isDead(before) ? { ...before, fencing: claim } : before;
  });
  if (changed.kind === 'refused') return changed;
  const { death, fencing } = changed.fact;
  if (death !== undefined && isDead(changed.fact)) return { kind: 'dead', death };
  const { by = claim.by } = fencing ?? {};
  return by === claim.by ? { kind: 'ours' } : { kind: 'theirs', by };
}

/** Ends a claim that is `by`'s; that of another stays. */
export function releaseFencing(store: Store, name: string, by: string): Promise<HostChange> {
  return changeHost(store, name, (before) => (before.fencing?.by === by ? { ...before, fencing: undefined } : before));
}

/** A proof of death for all deployables, which ends its fencing. A proof that is newer already stays. */
export function recordHostDeath(
  store: Store,
  name: string,
  death: NonNullable<HostFact['death']>,
): Promise<HostChange> {
  return changeHost(store, name, (before) =>
    before.death !== undefined && before.death.at >= death.at ? before : { ...before, death, fencing: undefined },
  );
}

/** Its launcher was heard at `at` (unix ms): a proof of death that is older is over. */
export function recordHostBack(store: Store, name: string, at: number): Promise<HostChange> {
  return changeHost(store, name, (before) =>
    before.death === undefined || before.death.at >= at ? before : { ...before, death: undefined },
  );
}

function hostKey(name: string): string {
  return `${prefix}${name}`;
}

/** Only this module writes these keys, and only this type; members that were undefined are absent. */
function asFact(name: string, value: JsonValue | undefined): HostFact {
  return { ...plainHostFact(name), ...(value as Partial<HostFact> | undefined) };
}

function asJson({ name, isDrained, death, fencer, fencing }: HostFact): JsonObject {
  const { command = [], parameters = {}, timeoutMs = 0 } = fencer ?? {};
  return {
    name,
    isDrained,
    ...(death === undefined ? {} : { death: { ...death } }),
    ...(fencer === undefined ? {} : { fencer: { command, parameters: { ...parameters }, timeoutMs } }),
    ...(fencing === undefined ? {} : { fencing: { ...fencing } }),
  };
}
