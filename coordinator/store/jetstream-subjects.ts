/**
 * The names of a store in JetStream. Two streams: the log of write requests, and snapshots of what they lead to.
 *
 * | stream                | subject                       | message                                      |
 * |-----------------------|-------------------------------|----------------------------------------------|
 * | CPE_STORE_name        | cpe.store.name.log            | one frame of a batch of writes               |
 * | CPE_STORE_name_SNAPS  | cpe.store.name.chunk          | a piece of a snapshot                        |
 * |                       | cpe.store.name.snapshot.N     | a complete snapshot at N: where its pieces are |
 */
export interface StoreSubjects {
  readonly logStream: string;
  readonly logSubject: string;
  readonly snapshotStream: string;
  readonly chunkSubject: string;
  readonly snapshotSubject: string;
}

/** @throws RangeError when `name` is not 1 to 32 characters of `A-Z a-z 0-9 _ -`: it becomes part of subjects. */
export function storeSubjects(name: string): StoreSubjects {
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(name)) {
    throw new RangeError(`store: the name ${JSON.stringify(name)} is not 1 to 32 of A-Z a-z 0-9 _ -`);
  }
  return {
    logStream: `CPE_STORE_${name}`,
    logSubject: `cpe.store.${name}.log`,
    snapshotStream: `CPE_STORE_${name}_SNAPS`,
    chunkSubject: `cpe.store.${name}.chunk`,
    snapshotSubject: `cpe.store.${name}.snapshot`,
  };
}

/**
 * What a process that uses the store publishes, and nobody else may: whoever may publish to `cpe.store.>` can write
 * anything to the store, and whoever may purge or delete its streams can empty it. It belongs to the roles `cpe` and
 * `dpe`, to no agent, launcher host, operator or viewer. Answers come to the identity's own inbox.
 *
 * Consumers, acknowledgements (`$JS.ACK`), direct gets, message deletion and stream deletion are not used and not in here.
 */
export const storePublishSubjects: readonly string[] = [
  'cpe.store.>',
  '$JS.API.INFO',
  // A name of a stream is one token; whoever shares an account with other streams narrows `*` to the store's two.
  '$JS.API.STREAM.INFO.*',
  '$JS.API.STREAM.CREATE.*',
  '$JS.API.STREAM.PURGE.*',
  '$JS.API.STREAM.MSG.GET.*',
];

/** The same with the names of one store filled in. */
export function publishSubjectsOf(name: string): readonly string[] {
  const { logStream, snapshotStream } = storeSubjects(name);
  const api = ['STREAM.INFO', 'STREAM.CREATE', 'STREAM.PURGE', 'STREAM.MSG.GET'];
  return [
    `cpe.store.${name}.>`,
    '$JS.API.INFO',
    ...[logStream, snapshotStream].flatMap((stream) => api.map((call) => `$JS.API.${call}.${stream}`)),
  ];
}
