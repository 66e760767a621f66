/** The store's contract on a JetStream cluster of three servers. */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { audit } from '../../coordinator/store/audit.js';
import { api, type StreamInfo } from '../../coordinator/store/jetstream-api.js';
import { follow, startingReplica } from '../../coordinator/store/jetstream-follower.js';
import { openJetStreamStore } from '../../coordinator/store/jetstream-store.js';
import { ensureStreams } from '../../coordinator/store/jetstream-streams.js';
import { storeSubjects } from '../../coordinator/store/jetstream-subjects.js';
import { startCluster, until } from './store-jetstream-cluster.js';
import { type StoreUnderTest, storeContract } from './store-suite.js';

const MiB = 1024 * 1024;
const cluster = await startCluster(3);
let isOver = false;
after(async () => {
  isOver = true;
  await Promise.all(made);
  await cluster.close();
});
let stores = 0;
/** Streams take a second to have a leader: some are made ahead. */
const made: Promise<unknown>[] = [];

/** Snapshots all the time, so that the contract also holds across them. */
const snapshotEvery = { messages: 40, bytes: 1024 * 1024 };

storeContract('JetStream store', async (): Promise<StoreUnderTest> => {
  const number = stores++;
  while (made.length < number + 8) made.push(makeStreams(`t${made.length}`));
  await made[number];
  const name = `t${number}`;
  const subjects = storeSubjects(name);
  return {
    async open(limits = {}) {
      const { store } = await openJetStreamStore({
        servers: cluster.urls,
        credentialsFile: cluster.credentialsFile,
        name,
        limits,
        snapshotEvery,
        onProblem: (message) => assert.fail(message),
      });
      return store;
    },
    async dispose() {
      const { outside: connection } = cluster;
      const onProblem = (message: string): void => assert.fail(message);
      const info = await api<StreamInfo>(connection, `STREAM.INFO.${subjects.logStream}`);
      assert.ok(info.kind === 'ok');
      const start = await startingReplica({ connection, subjects, onProblem });
      assert.ok(start.kind === 'followed');
      const followed = await follow(start.replica, info.value.state.last_seq, {
        connection,
        subjects,
        own: new Map(),
        observe: () => undefined,
        onProblem,
      });
      assert.ok(followed.kind === 'followed');
      assert.equal(audit(followed.replica.tables), undefined);
      for (const stream of [subjects.logStream, subjects.snapshotStream])
        await api(connection, `STREAM.DELETE.${stream}`);
    },
  };
});

function makeStreams(name: string): Promise<unknown> {
  const sizes = { replicas: 3, maxLogBytes: 64 * MiB, maxSnapshotsBytes: 64 * MiB };
  return until(
    'streams',
    async () => isOver || !('kind' in (await ensureStreams(cluster.outside, storeSubjects(name), sizes))),
  );
}
