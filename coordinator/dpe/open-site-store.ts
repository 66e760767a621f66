/** The store as `cpectl up` has chosen it: of this machine, or of the whole site. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Role } from '../../proto/messages.js';
import { type JetStreamStoreOptions, openJetStreamStore } from '../store/jetstream-store.js';
import { openLmdbStore } from '../store/lmdb-store.js';
import type { Store } from '../store/store.js';
import type { StoreError } from '../store/store-error.js';
import { epochsForgotten, type LeaseRecord, leasesOf } from './lease.js';
import type { Logger } from './runtime-ports.js';

export interface SiteStore {
  readonly store: Store;
  /** What it promises less than the port does, one sentence each. */
  readonly weaker: readonly string[];
}

export interface SiteStoreOptions {
  readonly home: string;
  readonly kind: string;
  /** Of the bus: the store of a site is in its JetStream. */
  readonly servers: readonly string[];
  readonly credentialsFile: string;
  readonly identity: { readonly role: Role; readonly id: string };
  readonly log: Logger;
  /** It cannot be used any more, nor what was read of it: the process has to end. Said so in the log. */
  readonly onEnd: () => void;
}

/** Part of the names of the site's streams. */
const siteStoreName = 'site';
/** How long is waited for a store in which the loss of its writes can be noted. */
const lossNotedMs = 10_000;

/** Rejects with a `StoreError` when it cannot be used, or does not answer for half a minute. */
export async function openSiteStore(options: SiteStoreOptions): Promise<SiteStore> {
  const { home, kind, servers, credentialsFile, identity, log } = options;
  switch (kind) {
    case 'lmdb':
      return { store: await openLmdbStore(join(home, 'store')), weaker: [] };
    case 'jetstream': {
      let last = '';
      const onProblem = (problem: string) => {
        if (problem !== last) log.warn({ problem }, 'store');
        last = problem;
      };
      const place = { servers, credentialsFile, name: siteStoreName, onProblem, inboxPrefix: inboxPrefix(identity) };
      const onEnd = async ({ code, message }: StoreError): Promise<void> => {
        log.error({ reason: message }, 'the store cannot be used any more: this process ends');
        if (code === 'damaged') await noteLoss(place, `${identity.role} ${identity.id}: ${message}`);
        options.onEnd();
      };
      const { store, weaker } = await openJetStreamStore({ ...place, onEnd: (error) => void onEnd(error) });
      return { store, weaker: weaker.map(({ message }) => message) };
    }
    default:
      throw new Error(`there is no store "${kind}"`);
  }
}

/**
 * Writes an event of it, and raises every epoch above those that the store has forgotten: agents and launchers have seen
 * them, and an epoch that is given twice has two meanings. Never rejects; what cannot be written is in the log.
 */
async function noteLoss(place: JetStreamStoreOptions, reason: string): Promise<void> {
  try {
    const { store } = await openJetStreamStore({ ...place, openMs: lossNotedMs, callMs: lossNotedMs });
    await store.appendEvents([{ time: Date.now(), deployable: '', kind: 'store-writes-lost', reason }]);
    for (const { key } of await leasesOf(store)) await raiseEpoch(store, key);
    await store.close();
  } catch (error) {
    place.onProblem(`what was lost could not be noted in the store: ${(error as Error).message}`);
  }
}

/** Whoever holds the lease loses it, and takes it again. */
async function raiseEpoch(store: Store, key: string): Promise<void> {
  for (;;) {
    const current = await store.get(key);
    const lease = current?.value as unknown as LeaseRecord | undefined;
    if (current === undefined || lease === undefined) return;
    const stored = await store.put(key, { ...lease, epoch: lease.epoch + epochsForgotten }, current.revision);
    // It may have been renewed meanwhile, which is done every other second.
    if (stored.kind !== 'conflict') return;
  }
}

/** Within what the identity may hear (proto/subjects.ts, `inbox`), and no one's else: not even of its own bus connection. */
function inboxPrefix({ role, id }: SiteStoreOptions['identity']): string {
  const identity = createHash('sha256').update(id).digest('hex').slice(0, 24);
  return `_INBOX.${role}.${identity}.store${randomBytes(8).toString('hex')}`;
}
