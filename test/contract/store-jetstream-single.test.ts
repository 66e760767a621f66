/** What a JetStream store says of one server alone, of a stream that is full, and of messages that are not its own. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { api } from '../../coordinator/store/jetstream-api.js';
import { type JetStreamStoreOptions, openJetStreamStore } from '../../coordinator/store/jetstream-store.js';
import { isStoreError } from '../../coordinator/store/store-error.js';
import { publishRaw, startCluster } from './store-jetstream-cluster.js';

const timeout = 120_000;
const MiB = 1024 * 1024;
const cluster = await startCluster(1);
after(() => cluster.close());

describe('a JetStream store on one server', () => {
  it('says that it has one replica, and acknowledges before fsync', { timeout }, async () => {
    const { store, weaker } = await open('single');
    const kinds = new Set(weaker.map(({ kind }) => kind));
    assert.deepEqual([...kinds], ['acknowledged-before-fsync', 'replicas']);
    await store.close();
  });

  it('names a corrupt message, to whoever has the store open and to whoever opens it', { timeout }, async () => {
    const { store } = await open('corrupt');
    assert.equal((await store.put('k', 1, 'absent')).kind, 'stored');
    const seq = await publishRaw(cluster, 'cpe.store.corrupt.log', Buffer.from('not a frame at all'));
    const isNamed = (error: unknown): boolean =>
      isStoreError(error) && error.code === 'damaged' && error.message.includes(`message ${seq} of`);
    await assert.rejects(store.get('k'), isNamed);
    await assert.rejects(store.put('k', 2, 1), isNamed);
    await store.close();
    await assert.rejects(open('corrupt'), isNamed);
  });

  it('whoever had read what the servers have lost ends, and the others go on', { timeout }, async () => {
    const ended: string[] = [];
    const { store } = await open('lost', { onEnd: ({ code, message }) => ended.push(`${code}: ${message}`) });
    assert.equal((await store.put('k', 'lost', 'absent')).kind, 'stored');
    for (const stream of ['CPE_STORE_lost', 'CPE_STORE_lost_SNAPS'])
      await api(cluster.outside, `STREAM.DELETE.${stream}`);
    const others = await open('lost');
    assert.equal(await others.store.get('k'), undefined);
    for (let count = 1; count <= 5; count++) await others.store.put('k', count, 'any');

    const isNamed = (error: unknown): boolean =>
      isStoreError(error) && error.code === 'damaged' && error.message.includes('has lost acknowledged writes');
    await assert.rejects(store.put('other', 'built on what was lost', 'absent'), isNamed);
    await assert.rejects(store.get('k'), isNamed);
    assert.equal(ended.length, 1);
    assert.match(ended[0] ?? '', /^damaged: the stream CPE_STORE_lost has lost/);
    await store.close();

    assert.equal((await others.store.get('k'))?.value, 5);
    assert.equal(await others.store.get('other'), undefined);
    await others.store.close();
    const again = await open('lost');
    assert.equal((await again.store.get('k'))?.value, 5);
    await again.store.close();
  });

  it('takes a snapshot far larger than a message', { timeout }, async () => {
    const { store } = await open('large', { streams: { maxLogBytes: 256 * MiB, maxSnapshotsBytes: 64 * MiB } });
    const state = 'é'.repeat(15 * MiB);
    assert.deepEqual(await store.writeSnapshot('shop', 0, state), { kind: 'written' });
    await store.close();
    const again = await open('large');
    assert.equal((await again.store.readSnapshot('shop'))?.state, state);
    await again.store.close();
  });

  it('refuses writes that do not fit its stream, still reads, and makes room by a snapshot', { timeout }, async () => {
    const { store } = await open('full', { streams: { maxLogBytes: MiB, maxSnapshotsBytes: 16 * MiB } });
    const kinds: string[] = [];
    for (let round = 0; round < 40; round++) {
      const outcome = await store.put('k', `${round} ${'x'.repeat(100_000)}`, 'any');
      kinds.push(outcome.kind === 'refused' ? outcome.reason : outcome.kind);
      assert.ok(await store.get('k'));
    }
    assert.deepEqual([...new Set(kinds)].sort(), ['disk-full', 'stored']);
    assert.ok(kinds.lastIndexOf('stored') > kinds.lastIndexOf('disk-full'), kinds.join());
    await store.close();
  });
});

function open(name: string, options: Partial<JetStreamStoreOptions> = {}) {
  const { urls: servers, credentialsFile } = cluster;
  return openJetStreamStore({ servers, credentialsFile, name, onProblem: () => undefined, ...options });
}
