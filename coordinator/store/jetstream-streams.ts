import type { NatsConnection } from 'nats';
import { api, apiCodes, type StreamConfig, type StreamInfo, type Unavailable } from './jetstream-api.js';
import type { StoreSubjects } from './jetstream-subjects.js';
import { storeError } from './store-error.js';

export interface StreamSizes {
  /** Wanted; 3 is what keeps the store through the loss of a server. */
  readonly replicas: number;
  readonly maxLogBytes: number;
  readonly maxSnapshotsBytes: number;
}

/** In what the server keeps less than the store's port promises (written to disk before anyone is told). */
export interface WeakerPromise {
  readonly kind: 'acknowledged-before-fsync' | 'replicas' | 'storage' | 'replica-missing' | 'server-version';
  /** One sentence for an operator: what may be lost when, and what helps. */
  readonly message: string;
}

const oldestServer = [2, 9, 0] as const;
/** From here on servers can be told `sync_interval: always`, although they do not tell whether they were. */
const syncAlwaysServer = [2, 10, 0] as const;

/**
 * Finds or creates both streams and looks at what they, and the server, really promise.
 * @throws StoreError `failed` when the server is too old, has no JetStream, or when a stream would drop messages by
 * itself: the message names it. Returns `unavailable` when the cluster does not answer now.
 */
export async function ensureStreams(
  connection: NatsConnection,
  subjects: StoreSubjects,
  sizes: StreamSizes,
): Promise<readonly WeakerPromise[] | Unavailable> {
  const version = connection.info?.version;
  if (version === undefined) return { kind: 'unavailable', message: 'the connection has just ended' };
  if (isOlder(version, oldestServer)) {
    throw storeError('failed', `the bus server has version ${version}, and the store needs ${oldestServer.join('.')}`);
  }
  const wanted: readonly Partial<StreamConfig>[] = [
    { name: subjects.logStream, subjects: [subjects.logSubject], max_bytes: sizes.maxLogBytes },
    {
      name: subjects.snapshotStream,
      subjects: [subjects.chunkSubject, `${subjects.snapshotSubject}.*`],
      max_bytes: sizes.maxSnapshotsBytes,
    },
  ];
  const weaker: WeakerPromise[] = [...describeServer(version)];
  for (const config of wanted) {
    const info = await findOrCreate(connection, config, sizes.replicas);
    if ('kind' in info) return info;
    checkConfig(info.config, config);
    weaker.push(...describeStream(info, sizes.replicas));
  }
  return weaker;
}

async function findOrCreate(
  connection: NatsConnection,
  config: Partial<StreamConfig>,
  replicas: number,
): Promise<StreamInfo | Unavailable> {
  const { name = '' } = config;
  const found = await api<StreamInfo>(connection, `STREAM.INFO.${name}`);
  if (found.kind === 'ok') return found.value;
  if (found.kind === 'unavailable') return found;
  if (found.code !== apiCodes.streamNotFound) throw unusable(name, found.message);
  const created = await api<StreamInfo>(connection, `STREAM.CREATE.${name}`, newStream(config, replicas));
  if (created.kind === 'ok') return created.value;
  if (created.kind === 'unavailable') return created;
  // Another process was first, with other sizes: theirs hold.
  if (created.code === apiCodes.streamNameInUse) return { kind: 'unavailable', message: created.message };
  // One server alone keeps one copy, and says so.
  if (created.code === apiCodes.replicasNotSupported && replicas > 1) return findOrCreate(connection, config, 1);
  // A cluster of which a part is still starting.
  if (created.code === apiCodes.noSuitablePeers) return { kind: 'unavailable', message: created.message };
  throw unusable(name, created.message);
}

function newStream(config: Partial<StreamConfig>, replicas: number): Partial<StreamConfig> {
  return {
    ...config,
    retention: 'limits',
    storage: 'file',
    discard: 'new',
    num_replicas: replicas,
    max_consumers: -1,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_age: 0,
    max_msg_size: -1,
    deny_delete: true,
    deny_purge: false,
  };
}

/** What makes a stream lose messages by itself, or keeps the store from working, is no weakness but a refusal. */
function checkConfig(actual: StreamConfig, wanted: Partial<StreamConfig>): void {
  const faults = [
    actual.retention !== 'limits' && `its retention is ${actual.retention} instead of limits`,
    actual.discard !== 'new' && `it discards ${actual.discard} messages when it is full, instead of new ones`,
    actual.max_age > 0 && 'it drops messages by age (max_age)',
    actual.max_msgs > 0 && 'it drops messages by number (max_msgs)',
    actual.max_msgs_per_subject > 0 && 'it drops messages by number (max_msgs_per_subject)',
    actual.deny_purge && 'it cannot be purged (deny_purge), so it would fill up',
    [...actual.subjects].sort().join() !== [...(wanted.subjects ?? [])].sort().join() &&
      `its subjects are ${actual.subjects.join(', ')} instead of ${wanted.subjects?.join(', ')}`,
  ].filter((fault) => fault !== false);
  if (faults.length > 0) throw unusable(actual.name, faults.join(', and '));
}

function describeServer(version: string): readonly WeakerPromise[] {
  const remedy = isOlder(version, syncAlwaysServer)
    ? `version ${version} has no setting for it (2.10 has sync_interval: always)`
    : 'set sync_interval: always in the jetstream block of every server; a server does not tell whether it is set';
  return [
    {
      kind: 'acknowledged-before-fsync',
      message:
        'the bus servers acknowledge a write once a majority of them has it in memory, and fsync it later (after up to ' +
        `two minutes by default): when a majority loses its power, or is killed, at once, acknowledged writes can be lost; ${remedy}`,
    },
  ];
}

function describeStream({ config, cluster }: StreamInfo, wantedReplicas: number): readonly WeakerPromise[] {
  const found: WeakerPromise[] = [];
  if (config.num_replicas < Math.max(3, wantedReplicas)) {
    found.push({
      kind: 'replicas',
      message:
        `the stream ${config.name} has ${config.num_replicas} of 3 replicas: ` +
        (config.num_replicas === 1
          ? 'while its server is away nothing can be read or written, and its disk is the only copy'
          : 'both servers are needed to write'),
    });
  }
  if (config.storage !== 'file') {
    found.push({
      kind: 'storage',
      message: `the stream ${config.name} is kept in ${config.storage}: everything is lost when its servers restart`,
    });
  }
  for (const { name, current, offline } of cluster?.replicas ?? []) {
    if (current && offline !== true) continue;
    const state = offline ? 'is offline' : 'is not up to date';
    found.push({
      kind: 'replica-missing',
      message: `the replica of the stream ${config.name} on ${name} ${state}: the loss of one more server stops the store`,
    });
  }
  return found;
}

function unusable(stream: string, why: string): Error {
  return storeError('failed', `the stream ${stream} cannot be used for the store: ${why}`);
}

function isOlder(version: string, than: readonly number[]): boolean {
  const numbers = version.split(/[.-]/).map(Number);
  const differing = than.findIndex((part, index) => (numbers[index] ?? 0) !== part);
  return differing !== -1 && (numbers[differing] ?? 0) < (than[differing] ?? 0);
}
