/** The store as `cpectl up` has chosen it: of this machine, or of the whole site. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Role } from '../../proto/messages.js';
import { openJetStreamStore } from '../store/jetstream-store.js';
import { openLmdbStore } from '../store/lmdb-store.js';
import type { Store } from '../store/store.js';
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
}

/** Part of the names of the site's streams. */
const siteStoreName = 'site';

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
      const { store, weaker } = await openJetStreamStore({
        ...{ servers, credentialsFile, name: siteStoreName, onProblem },
        inboxPrefix: inboxPrefix(identity),
      });
      return { store, weaker: weaker.map(({ message }) => message) };
    }
    default:
      throw new Error(`there is no store "${kind}"`);
  }
}

/** Within what the identity may hear (proto/subjects.ts, `inbox`), and no one's else: not even of its own bus connection. */
function inboxPrefix({ role, id }: SiteStoreOptions['identity']): string {
  const identity = createHash('sha256').update(id).digest('hex').slice(0, 24);
  return `_INBOX.${role}.${identity}.store${randomBytes(8).toString('hex')}`;
}
