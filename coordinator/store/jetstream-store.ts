import { setTimeout as delay } from 'node:timers/promises';
import { createStore } from './create-store.js';
import type { Unavailable } from './jetstream-api.js';
import { type Connections, openConnections } from './jetstream-connection.js';
import { createEngine } from './jetstream-engine.js';
import { startingReplica } from './jetstream-follower.js';
import type { Replica } from './jetstream-replica.js';
import { ensureStreams, type StreamSizes, type WeakerPromise } from './jetstream-streams.js';
import { type StoreSubjects, storeSubjects } from './jetstream-subjects.js';
import { defaultStoreLimits, type Store, type StoreLimits } from './store.js';
import { type StoreError, storeError } from './store-error.js';

export interface JetStreamStoreOptions {
  /** URLs of the cluster's servers. */
  readonly servers: readonly string[];
  readonly credentialsFile: string;
  /** Where the credentials allow to hear answers; default: `_INBOX`. */
  readonly inboxPrefix?: string | undefined;
  /** Which store: part of the names of its streams. */
  readonly name: string;
  readonly limits?: Partial<StoreLimits>;
  /** How the streams are made if they are not there yet; those that are there stay as they are. */
  readonly streams?: Partial<StreamSizes>;
  /** How long to wait for the cluster at the start, and for the outcome of one call. */
  readonly openMs?: number;
  readonly callMs?: number;
  readonly snapshotEvery?: { readonly messages: number; readonly bytes: number };
  /** Sentences for the log; the same one may come again and again. */
  readonly onProblem: (message: string) => void;
  /**
   * Called once when the store, after it was opened, has become of no use: its servers have lost what they had acknowledged, or
   * it holds what cannot be read. What this process had read of it must not be relied on: end it, and open the store again.
   */
  readonly onEnd?: (error: StoreError) => void;
}

export interface OpenedJetStreamStore {
  readonly store: Store;
  /** What the servers keep less than the port promises: to be logged, shown and made an event of. Never empty. */
  readonly weaker: readonly WeakerPromise[];
}

const MiB = 1024 * 1024;
const defaultSizes: StreamSizes = { replicas: 3, maxLogBytes: 512 * MiB, maxSnapshotsBytes: 2048 * MiB };
const defaultSnapshotEvery = { messages: 20_000, bytes: 64 * MiB };
/** A cluster takes 6 s to elect a leader after the last one was lost; this is time for two. */
const defaultCallMs = 15_000;
const defaultOpenMs = 30_000;
/** A leader that is cut off notices within 10 s (server/raft.go: lostQuorumInterval). */
const missingMs = 20_000;
const retryMs = 200;

/**
 * The store in two streams of a NATS cluster, shared by any number of processes on any machine. Every process keeps all
 * of it in memory; see jetstream-replica.ts for how they agree.
 *
 * While the cluster does not answer, calls fail after `callMs`: writes that were never sent are refused as `busy`, reads
 * reject as `busy`, and a write that was sent rejects as `failed`: it may take effect until the next call of this store
 * has succeeded, and what that shows is final. The store then goes on by itself.
 *
 * Rejects with a `StoreError`: `busy` when the cluster does not answer within `openMs`, `failed` when it cannot be used
 * (the message says why), `damaged`, `newer-format`. After one of the last two every later call rejects too.
 */
export async function openJetStreamStore(options: JetStreamStoreOptions): Promise<OpenedJetStreamStore> {
  const subjects = storeSubjects(options.name);
  const limits = { ...defaultStoreLimits, ...options.limits };
  let trouble = '';
  let isOpen = false;
  const onTrouble = (message: string): void => {
    trouble = message;
    options.onProblem(message);
  };
  const { servers, credentialsFile, inboxPrefix } = options;
  const name = `store ${options.name}`;
  const connections = openConnections({ servers, credentialsFile, inboxPrefix, name, onTrouble });
  try {
    const { replica, weaker } = await prepare(connections, subjects, options, () => trouble);
    const engine = createEngine({
      connections,
      subjects,
      limits,
      replica,
      callMs: options.callMs ?? defaultCallMs,
      missingMs,
      snapshotEvery: options.snapshotEvery ?? defaultSnapshotEvery,
      onProblem: options.onProblem,
      onEnd: (error) => {
        if (isOpen) options.onEnd?.(error);
      },
    });
    // Read up to its end, the log can be understood.
    await engine.execute('latestEventSequence', {});
    isOpen = true;
    return { store: createStore(engine, limits), weaker };
  } catch (error) {
    await connections.close();
    throw error;
  }
}

async function prepare(
  connections: Connections,
  subjects: StoreSubjects,
  options: JetStreamStoreOptions,
  trouble: () => string,
): Promise<{ readonly replica: Replica; readonly weaker: readonly WeakerPromise[] }> {
  const deadline = performance.now() + (options.openMs ?? defaultOpenMs);
  let failure: Unavailable | undefined;
  do {
    const connection = await connections.current(deadline);
    if (!connection) break;
    const weaker = await ensureStreams(connection, subjects, { ...defaultSizes, ...options.streams });
    if ('kind' in weaker) failure = weaker;
    else {
      const outcome = await startingReplica({ connection, subjects, onProblem: options.onProblem });
      if (outcome.kind === 'followed') return { replica: outcome.replica, weaker };
      failure = outcome;
    }
    await delay(retryMs);
  } while (performance.now() < deadline);
  if (failure?.isMissing) throw storeError('damaged', failure.message);
  const reason = failure?.message ?? trouble();
  throw storeError('busy', `the bus servers ${options.servers.join(', ')} do not answer: ${reason}`);
}
