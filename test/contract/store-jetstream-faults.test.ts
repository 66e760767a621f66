/** Several processes on one JetStream store while its servers die, stand still and come back. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openJetStreamStore } from '../../coordinator/store/jetstream-store.js';
import type { Store } from '../../coordinator/store/store.js';
import { isStoreError } from '../../coordinator/store/store-error.js';
import { startCluster, until } from './store-jetstream-cluster.js';

const timeout = 240_000;
const MiB = 1024 * 1024;
const cluster = await startCluster(3);
const children: ChildProcess[] = [];
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await cluster.close();
});

const { urls: servers, credentialsFile } = cluster;
const streams = { maxLogBytes: 64 * MiB, maxSnapshotsBytes: 64 * MiB };
const snapshotEvery = { messages: 1000, bytes: MiB };
const program = fileURLToPath(new URL('./store-jetstream-process.js', import.meta.url));

describe('processes that share a JetStream store', () => {
  it('of two that race for every sequence of one log exactly one wins each', { timeout }, async () => {
    await withStore('race', async (store) => {
      const racers = [1, 2].map(() => start('append-shared', 'race', 'shop', '150'));
      const won = await Promise.all(racers.map((racer) => racer.finished()));
      assert.deepEqual(won.flat().sort(ascending), numbers(1, 150));
      assert.equal((await store.read('shop', 0, 1000)).length, 150);
      assert.equal(await store.latestEventSequence(), 150);
    });
  });

  it('no epoch of a lease is taken twice by three that contend for it', { timeout }, async () => {
    await withStore('lease', async () => {
      const contenders = [1, 2, 3].map(() => start('lease', 'lease', 'lease/shop', '40'));
      const taken = await Promise.all(contenders.map((contender) => contender.finished()));
      assert.deepEqual(taken.flat().sort(ascending), numbers(1, 120));
    });
  });

  it('what writers were told is there once, whatever happens to one server or a writer', { timeout }, async () => {
    const names = ['alpha', 'beta', 'gamma'];
    await withStore('chaos', async (store) => {
      const writers = names.map((name) => start('append-own', 'chaos', name));
      const progress = async (): Promise<void> => {
        await Promise.all(writers.map((writer) => writer.more(30)));
      };
      await progress();

      const first = await cluster.leaderOf('CPE_STORE_chaos');
      await cluster.signal(first, 'SIGKILL');
      await progress();
      cluster.start(first);

      const paused = (await cluster.leaderOf('CPE_STORE_chaos_SNAPS')) % 3;
      await settled('chaos');
      await cluster.signal(paused, 'SIGSTOP');
      await progress();
      await cluster.signal(paused, 'SIGCONT');

      // A writer dies in the middle of a write, and another takes its place.
      const told = await Promise.all(writers.splice(0, 1).map((writer) => writer.kill()));
      writers.unshift(start('append-own', 'chaos', names[0] ?? ''));
      await progress();

      // All of them, but one after the other.
      for (const index of [0, 1, 2]) {
        await settled('chaos');
        await cluster.signal(index, 'SIGKILL');
        cluster.start(index);
        await progress();
      }
      const rest = await Promise.all(writers.map((writer) => writer.kill()));
      await verify(store, names, [[...(told[0] ?? []), ...(rest[0] ?? [])], rest[1] ?? [], rest[2] ?? []]);
    });
    // As a process sees it that was not there.
    await withStore('chaos', async (store) => {
      assert.ok((await store.latestEventSequence()) >= 600);
    });
  });

  // Servers acknowledge before fsync, and nobody can promise what they do not; see `acknowledged-before-fsync`.
  it('what servers that lost their power at once have lost is noticed by whoever was told of it', {
    timeout,
  }, async () => {
    const names = ['alpha', 'beta', 'gamma'];
    await withStore('power', async () => undefined);
    const writers = names.map((name) => start('append-own', 'power', name));
    await Promise.all(writers.map((writer) => writer.more(30)));
    await cluster.keepDisks();
    await Promise.all(writers.map((writer) => writer.more(30)));
    await cluster.loseSinceKept();
    for (const writer of writers) assert.match(await writer.failed(), /has lost acknowledged writes/);

    const again = names.map((name) => start('append-own', 'power', name));
    await Promise.all(again.map((writer) => writer.more(30)));
    const told = await Promise.all(again.map((writer) => writer.kill()));
    await withStore('power', (store) => verify(store, names, told));
  });

  it('without a majority calls end within their time, and go on by themselves when it is back', {
    timeout,
  }, async () => {
    await withStore(
      'minority',
      async (store) => {
        assert.equal((await store.put('k', 1, 'absent')).kind, 'stored');
        await Promise.all([0, 1].map((index) => cluster.signal(index, 'SIGKILL')));
        const startedAt = performance.now();
        const isBusy = (error: unknown): boolean => isStoreError(error) && error.code === 'busy';
        const [write, read, late] = await Promise.allSettled([
          store.put('k', 2, 1),
          store.get('k'),
          (async () => store.put('k', 3, 1))(),
        ]);
        const tookMs = performance.now() - startedAt;
        assert.ok(tookMs < 12_000, `${tookMs} ms`);
        assert.ok(read.status === 'rejected' && isBusy(read.reason), JSON.stringify(read));
        for (const outcome of [write, late]) {
          if (outcome.status === 'fulfilled') assert.equal(outcome.value.kind, 'refused');
          else assert.ok(isStoreError(outcome.reason) && outcome.reason.code === 'failed', String(outcome.reason));
        }
        for (const index of [0, 1]) cluster.start(index);
        const now = await until('the store to answer', () => store.get('k').catch(() => undefined));
        // Not known is one of two, and stays what the first read has shown.
        assert.ok([1, 2].includes(Number(now.value)), JSON.stringify(now));
        assert.deepEqual(await store.get('k'), now);
        assert.equal((await store.put('k', 4, now.revision)).kind, 'stored');
      },
      3000,
    );
  });
});

async function verify(store: Store, names: readonly string[], told: readonly (readonly unknown[])[]): Promise<void> {
  const events = await store.events({ since: 0, limit: 100_000 });
  const gap = events.findIndex(({ seq }, index) => seq !== index + 1);
  assert.equal(gap, -1, `event ${gap + 1} is ${events[gap]?.seq}`);
  const bySeq = new Map(events.map((event) => [event.seq, `${event.deployable} ${event.reason}`]));
  for (const [index, name] of names.entries()) {
    const reasons = events.filter(({ deployable }) => deployable === name).map(({ reason }) => reason);
    // Records come with both of their events or not at all, in order, each once.
    const wrong = reasons.findIndex((reason, at) => reason !== `${Math.floor(at / 2) + 1}${at % 2 === 0 ? 'a' : 'b'}`);
    assert.equal(wrong, -1, `event ${wrong} of ${name} is ${reasons.slice(wrong - 2, wrong + 3)}`);
    const log = await store.read(name, 0, 100_000);
    assert.equal(log.at(-1)?.sequence, reasons.length / 2);
    assert.equal(log.length, reasons.length / 2);
    for (const [sequence, one, two] of (told[index] ?? []) as [number, number, number][]) {
      const what = `${name} was told of ${sequence} as ${one} and ${two}`;
      assert.deepEqual([bySeq.get(one), bySeq.get(two)], [`${name} ${sequence}a`, `${name} ${sequence}b`], what);
    }
  }
}

/** All replicas of the log are there and up to date: one server may go. */
function settled(name: string): Promise<unknown> {
  return until('all replicas to catch up', async () => {
    const opened = await openJetStreamStore({ ...options(name), onProblem: () => undefined }).catch(() => undefined);
    await opened?.store.close();
    return opened !== undefined && !opened.weaker.some(({ kind }) => kind === 'replica-missing');
  });
}

interface Child {
  /** Resolves when it has printed `count` more lines. */
  more(count: number): Promise<void>;
  /** What it has written to its standard error, once it has ended by itself with another status. */
  failed(): Promise<string>;
  /** All it printed, once it has ended by itself with status 0. */
  finished(): Promise<readonly unknown[]>;
  /** SIGKILL; all it printed. */
  kill(): Promise<readonly unknown[]>;
}

function start(role: string, store: string, ...args: string[]): Child {
  const child = spawn(process.execPath, [program, role, JSON.stringify(options(store)), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const printed: unknown[] = [];
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
  });
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => printed.push(JSON.parse(line)));
  const closed = once(child, 'close');
  return {
    async more(count) {
      const goal = printed.length + count;
      await until(`${count} more of ${args[0]}`, async () => {
        assert.equal(child.exitCode, null, `the child process has ended: ${complaints}`);
        return printed.length >= goal;
      });
    },
    async finished() {
      assert.deepEqual(await closed, [0, null]);
      return printed;
    },
    async failed() {
      await closed;
      assert.ok(child.exitCode !== null && child.exitCode > 0, `${args[0]} ended with ${child.exitCode}`);
      return complaints;
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
      return printed;
    },
  };
}

function options(name: string) {
  return { servers, credentialsFile, name, streams, snapshotEvery };
}

async function withStore(name: string, run: (store: Store) => Promise<void>, callMs = 30_000): Promise<void> {
  const { store } = await openJetStreamStore({ ...options(name), callMs, onProblem: () => undefined });
  try {
    await run(store);
  } finally {
    await store.close();
  }
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function ascending(a: unknown, b: unknown): number {
  return Number(a) - Number(b);
}
