import { setTimeout as delay } from 'node:timers/promises';
import { connect, Events, type NatsConnection } from 'nats';
import { credentialsAuthenticator } from './credentials-authenticator.js';

export interface ConnectionPlan {
  readonly servers: readonly string[];
  readonly credentialsFile: string;
  readonly name: string;
  /** A new connection, before anything is sent on it: the place to subscribe. */
  readonly onOpen: (connection: NatsConnection) => void;
  /** The connection works (again). */
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
/** A peer that vanished without closing (a restored VM, a dead link) is noticed after two unanswered pings. */
const PING_INTERVAL_MS = 5_000;
const HANDSHAKE_TIMEOUT_MS = 5_000;

/**
 * One connection after the other until the signal: the client library reconnects by itself, but never makes the first
 * connection by itself, and may give one up for good.
 */
export async function keepConnected(plan: ConnectionPlan): Promise<void> {
  while (!plan.signal.aborted) {
    const connection = await dial(plan);
    if (connection === undefined) continue;
    if (plan.signal.aborted) {
      await connection.close();
      return;
    }
    plan.onOpen(connection);
    plan.onConnected();
    void followStatus(connection, plan);
    await connection.closed();
    plan.onDisconnected();
  }
}

/** One attempt; undefined, after a pause, when it failed. */
async function dial(plan: ConnectionPlan): Promise<NatsConnection | undefined> {
  try {
    return await connect({
      servers: [...plan.servers],
      authenticator: credentialsAuthenticator(plan.credentialsFile, plan.onTrouble),
      name: plan.name,
      timeout: HANDSHAKE_TIMEOUT_MS,
      pingInterval: PING_INTERVAL_MS,
      maxPingOut: 2,
      reconnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      reconnectJitter: RECONNECT_JITTER_MS,
      reconnectJitterTLS: RECONNECT_JITTER_MS,
      ignoreAuthErrorAbort: true,
      noAsyncTraces: true,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    plan.onTrouble(`cannot connect to ${plan.servers.join(', ')}: ${reason}`);
    const pauseMs = RECONNECT_WAIT_MS + Math.random() * RECONNECT_JITTER_MS;
    await delay(pauseMs, undefined, { signal: plan.signal }).catch(() => undefined);
    return undefined;
  }
}

/** The iterator never ends, not even with its connection: it is left to the garbage collector, together with it. */
async function followStatus(connection: NatsConnection, plan: ConnectionPlan): Promise<void> {
  for await (const { type, data, permissionContext } of connection.status()) {
    if (connection.isClosed()) return;
    if (type === Events.Disconnect) plan.onDisconnected();
    else if (type === Events.Reconnect) plan.onConnected();
    else if (type === Events.Error) {
      if (permissionContext === undefined) plan.onTrouble(String(data));
      else plan.onRefused(permissionContext.subject, permissionContext.operation);
    }
  }
}
