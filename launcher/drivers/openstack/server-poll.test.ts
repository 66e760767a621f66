import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseServer, type Server } from './server.js';
import { createServerPoll } from './server-poll.js';

function cloudOf(...ids: readonly string[]) {
  const statuses = new Map(ids.map((id) => [id, 'BUILD']));
  let listings = 0;
  let failure: string | undefined;
  let gate = Promise.resolve();
  return {
    statuses,
    get listings() {
      return listings;
    },
    fail: (reason: string | undefined) => {
      failure = reason;
    },
    /** Listings that begin from now on see what is there, and answer when the returned function is called. */
    hold: () => {
      let release = () => {};
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    list: async (): Promise<readonly Server[]> => {
      listings += 1;
      if (failure !== undefined) throw new Error(failure);
      const seen = [...statuses].map(([id, status]) => parseServer({ id, status }));
      await gate;
      return seen;
    },
  };
}

test('however many ask for however many servers, it is listed once', async () => {
  const cloud = cloudOf('a', 'b', 'c');
  const poll = createServerPoll({ list: cloud.list, intervalMs: 60_000, expectingMs: 10 });
  const found = await Promise.all(['a', 'b', 'c', 'a', 'd'].map((id) => poll.find(id)));
  assert.deepEqual(
    found.map((server) => server?.id),
    ['a', 'b', 'c', 'a', undefined],
  );
  await poll.find('a');
  assert.equal(cloud.listings, 1);
  await poll.close();
});

test('a server that is watched is not shown as it was before', async () => {
  const cloud = cloudOf('a', 'b');
  const poll = createServerPoll({ list: cloud.list, intervalMs: 60_000, expectingMs: 10 });
  assert.equal((await poll.find('a'))?.status, 'BUILD');
  cloud.statuses.set('a', 'ACTIVE');
  const watch = poll.watch('a', () => {});
  assert.equal((await poll.find('a'))?.status, 'ACTIVE');
  watch.close();
  await poll.close();
});

test('a listing that began before a server was watched does not count for it', async () => {
  const cloud = cloudOf('a');
  const poll = createServerPoll({ list: cloud.list, intervalMs: 60_000, expectingMs: 10 });
  const release = cloud.hold();
  const before = poll.find('a');
  cloud.statuses.set('a', 'ACTIVE');
  const watch = poll.watch('a', () => {});
  const after = poll.find('a');
  release();
  assert.equal((await before)?.status, 'BUILD');
  assert.equal((await after)?.status, 'ACTIVE');
  watch.close();
  await poll.close();
});

test('a change is hinted at, soon where it is expected', async () => {
  const cloud = cloudOf('a');
  const poll = createServerPoll({ list: cloud.list, intervalMs: 60_000, expectingMs: 5 });
  await poll.find('a');
  let hear = () => {};
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const watch = poll.watch('a', hear);
  cloud.statuses.delete('a');
  watch.expect();
  await heard;
  assert.equal(await poll.find('a'), undefined);
  watch.close();
  await poll.close();
});

test('a cloud that does not answer is told of, not asked by everyone, and asked again later', async () => {
  const cloud = cloudOf('a');
  const poll = createServerPoll({ list: cloud.list, intervalMs: 60_000, expectingMs: 20 });
  cloud.fail('the cloud is out of order');
  for (let round = 0; round < 5; round += 1) await assert.rejects(poll.find('a'), /out of order/);
  assert.equal(cloud.listings, 1);
  cloud.fail(undefined);
  const deadline = performance.now() + 10_000;
  while ((await poll.find('a').catch(() => undefined)) === undefined) assert.ok(performance.now() < deadline);
  await poll.close();
});
