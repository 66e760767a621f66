import { setTimeout as delay } from 'node:timers/promises';
import { connect, Events, type NatsConnection } from 'nats';
import { type BusCredentials, credentialsReader } from './bus-credentials.js';
import { busTls, explainTlsError } from './bus-tls.js';

export interface ConnectionPlan {
  readonly servers: readonly string[];
  readonly credentialsFile: string;
  readonly name: string;
  /** Of the client library's own requests; default: `_INBOX`. What an identity may hear is under a prefix of its own. */
  readonly inboxPrefix?: string | undefined;
  /** A new connection, before anything is sent on it: the place to subscribe. */
  readonly onOpen: (connection: NatsConnection) => void;
  /** The newest connection works. */
  readonly onConnected: () => void;
  /** May come twice for one loss. */
  readonly onDisconnected: () => void;
  /** The server does not allow us to publish or subscribe there. */
  readonly onRefused: (subject: string, operation: string) => void;
  readonly onTrouble: (reason: string) => void;
  /** Ends it for good. */
  readonly signal: AbortSignal;
}

const RECONNECT_WAIT_MS = 100;
const RECONNECT_JITTER_MS = 50;
/** A peer that vanished without closing (a restored VM, a dead link) is noticed with the third unanswered ping. */
const PING_INTERVAL_MS = 5_000;
/** Whoever has another server to go to is to be there before its silence counts as its loss (agents: 15 s by default). */
const PING_INTERVAL_OF_SEVERAL_MS = 2_000;
const HANDSHAKE_TIMEOUT_MS = 5_000;
/** While there are others to ask, one that does not answer is not waited for as long. */
const FIRST_ROUND_TIMEOUT_MS = 2_000;

/**
 * One connection after the other until the signal, each new from the ground. The client library (nats 2.29) could
 * reconnect by itself, but an attempt that it has given up (the server stood still) may yet be answered, and end: it
 * takes that for the end of the connection it has meanwhile, makes one more, and leaves the other open. Everything
 * would be heard, and done, twice.
 */
export async function keepConnected(plan: ConnectionPlan): Promise<void> {
  // One for all connections: it knows the last good credentials.
  const readCredentials = credentialsReader(plan.credentialsFile, plan.onTrouble);
  const servers = serverRound(plan.servers);
  while (!plan.signal.aborted) {
    const dialled = dial(plan, servers, readCredentials);
    const connection = await orAborted(dialled, plan.signal);
    if (plan.signal.aborted) {
      // Not waited for: a server that stands still would keep whoever wants to end.
      void dialled.then((late) => late?.close());
      return;
    }
    if (connection === undefined) continue;
    servers.connected();
    plan.onOpen(connection);
    plan.onConnected();
    void followStatus(connection, plan);
    const openedAt = performance.now();
    await connection.closed();
    plan.onDisconnected();
    servers.next();
    // A server that ends every connection at once is not to be dialled all the time.
    if (performance.now() - openedAt < RECONNECT_WAIT_MS) await pause(plan.signal);
  }
}

interface ServerRound {
  readonly server: string;
  readonly timeoutMs: number;
  /** This one is lost, or did not answer. True when all have been asked in vain since the last connection. */
  next(): boolean;
  connected(): void;
}

/** Each in turn, from one that chance has picked: clients spread, and after a loss the lost one is asked last. */
function serverRound(servers: readonly string[]): ServerRound {
  let at = Math.floor(Math.random() * servers.length);
  let failures = 0;
  return {
    get server() {
      return servers[at] ?? '';
    },
    get timeoutMs() {
      return failures < servers.length && servers.length > 1 ? FIRST_ROUND_TIMEOUT_MS : HANDSHAKE_TIMEOUT_MS;
    },
    next() {
      at = (at + 1) % servers.length;
      failures += 1;
      return failures % servers.length === 0;
    },
    connected() {
      failures = 0;
    },
  };
}

/** One attempt; undefined when it failed, after a pause when all servers have. */
async function dial(
  plan: ConnectionPlan,
  servers: ServerRound,
  readCredentials: () => BusCredentials,
): Promise<NatsConnection | undefined> {
  const { server } = servers;
  let authorities = '';
  try {
    const credentials = readCredentials();
    ({ authorities } = credentials);
    const tls = busTls(authorities);
    return await connect({
      servers: server,
      authenticator: credentials.authenticator,
      ...(tls === undefined ? {} : { tls }),
      name: plan.name,
      ...(plan.inboxPrefix === undefined ? {} : { inboxPrefix: plan.inboxPrefix }),
      timeout: servers.timeoutMs,
      pingInterval: plan.servers.length > 1 ? PING_INTERVAL_OF_SEVERAL_MS : PING_INTERVAL_MS,
      maxPingOut: 2,
      reconnect: false,
      noAsyncTraces: true,
    });
  } catch (error) {
    const reason = explainTlsError(error, authorities) ?? (error instanceof Error ? error.message : String(error));
    plan.onTrouble(`cannot connect to ${server}: ${reason}`);
    if (servers.next()) await pause(plan.signal);
    return undefined;
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve) => {
    const onAbort = (): void => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    void work.then((value) => {
      signal.removeEventListener('abort', onAbort);
      resolve(value);
    });
  });
}

async function pause(signal: AbortSignal): Promise<void> {
  const pauseMs = RECONNECT_WAIT_MS + Math.random() * RECONNECT_JITTER_MS;
  await delay(pauseMs, undefined, { signal }).catch(() => undefined);
}

/** The iterator never ends, not even with its connection: it is left to the garbage collector, together with it. */
async function followStatus(connection: NatsConnection, plan: ConnectionPlan): Promise<void> {
  for await (const { type, data, permissionContext } of connection.status()) {
    if (connection.isClosed()) return;
    if (type === Events.Disconnect) plan.onDisconnected();
    else if (type === Events.Error) {
      if (permissionContext === undefined) plan.onTrouble(String(data));
      else plan.onRefused(permissionContext.subject, permissionContext.operation);
    }
  }
}
