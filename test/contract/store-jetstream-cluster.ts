import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type NatsConnection } from 'nats';
import { api, publish, type StreamInfo } from '../../coordinator/store/jetstream-api.js';

/** Real nats-servers with JetStream on loopback: three that form a cluster, or one alone. */
export interface TestCluster {
  readonly directory: string;
  readonly urls: readonly string[];
  readonly credentialsFile: string;
  /** With the client's own reconnecting: what looks at the streams from outside. */
  readonly outside: NatsConnection;
  signal(index: number, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  start(index: number): void;
  /** Keeps what is on the disks of all servers. */
  keepDisks(): Promise<void>;
  /** Kills all servers at once; they come back with the disks that were kept, as after a loss of power before anything was synced. */
  loseSinceKept(): Promise<void>;
  /** Index of the server that leads the stream; waits until there is one. */
  leaderOf(stream: string): Promise<number>;
  close(): Promise<void>;
}

/** Of no identity: these servers ask for none. */
const credentials = `-----BEGIN NATS USER JWT-----
none
------END NATS USER JWT------
-----BEGIN USER NKEY SEED-----
SU${'A'.repeat(56)}
------END USER NKEY SEED------
`;

export async function startCluster(size: 1 | 3): Promise<TestCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'cpe-jetstream-'));
  const credentialsFile = join(directory, 'none.creds');
  await writeFile(credentialsFile, credentials);
  const ports = await freePorts(2 * size);
  const routes = ports.slice(size).map((port) => `nats://127.0.0.1:${port}`);
  const urls = ports.slice(0, size).map((port) => `nats://127.0.0.1:${port}`);
  const children: ChildProcess[] = [];
  for (let index = 0; index < size; index++) {
    const lines = [
      `listen: 127.0.0.1:${ports[index]}`,
      `server_name: s${index}`,
      `jetstream { store_dir: "${directory}/s${index}", max_file_store: 1TB, max_memory_store: 16MB }`,
      ...(size === 1 ? [] : [`cluster { name: test, listen: 127.0.0.1:${ports[size + index]}, routes: [${routes}] }`]),
    ];
    await writeFile(join(directory, `s${index}.conf`), `${lines.join('\n')}\n`);
  }
  const start = (index: number): void => {
    children[index] = spawn(
      'nats-server',
      ['-c', join(directory, `s${index}.conf`), '-l', join(directory, `s${index}.log`)],
      {
        stdio: 'ignore',
      },
    );
  };
  for (let index = 0; index < size; index++) start(index);
  const outside = await connectSoon(urls);
  // Until the cluster has a leader for its own matters no stream can be made.
  await until('JetStream to be ready', async () => (await api(outside, 'STREAM.NAMES')).kind === 'ok');

  const signal: TestCluster['signal'] = async (index, name) => {
    const child = children[index];
    assert.ok(child);
    const exited = name === 'SIGKILL' ? once(child, 'exit') : undefined;
    child.kill(name);
    await exited;
  };
  const all = children.map((_, index) => index);
  const copyDisks = (from: string, to: string) =>
    Promise.all(
      all.map(async (index) => {
        await rm(join(directory, `${to}${index}`), { recursive: true, force: true });
        await cp(join(directory, `${from}${index}`), join(directory, `${to}${index}`), { recursive: true });
      }),
    );
  return {
    directory,
    urls,
    credentialsFile,
    outside,
    start,
    signal,
    async keepDisks() {
      await Promise.all(all.map((index) => signal(index, 'SIGSTOP')));
      await copyDisks('s', 'kept');
      await Promise.all(all.map((index) => signal(index, 'SIGCONT')));
    },
    async loseSinceKept() {
      await Promise.all(all.map((index) => signal(index, 'SIGKILL')));
      await copyDisks('kept', 's');
      for (const index of all) start(index);
    },
    leaderOf: (stream) =>
      until(`a leader of ${stream}`, async () => {
        const info = await api<StreamInfo>(outside, `STREAM.INFO.${stream}`);
        const leader = info.kind === 'ok' ? info.value.cluster?.leader : undefined;
        return leader === undefined ? undefined : Number(leader.slice(1));
      }),
    async close() {
      await outside.close();
      await Promise.all(
        children.map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const exited = once(child, 'exit');
          child.kill('SIGKILL');
          await exited;
        }),
      );
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Publishes to a stream as anyone with the permission could. */
export async function publishRaw(cluster: TestCluster, subject: string, data: Uint8Array): Promise<number> {
  const ack = await publish(cluster.outside, subject, data);
  assert.equal(ack.kind, 'ok');
  return ack.kind === 'ok' ? ack.value.seq : 0;
}

/** Polls: what it waits for is in another process. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  deadlineMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    assert.ok(performance.now() < deadline, `waited in vain for ${what}`);
    await delay(50);
  }
}

function connectSoon(urls: readonly string[]): Promise<NatsConnection> {
  return until('a server', () =>
    connect({ servers: [...urls], maxReconnectAttempts: -1, reconnectTimeWait: 100, timeout: 5000 }).catch(
      () => undefined,
    ),
  );
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  for (const server of servers) server.close();
  return ports;
}
