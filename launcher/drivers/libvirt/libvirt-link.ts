import { access } from 'node:fs/promises';
import {
  authList,
  authPolkit,
  type Call,
  connectOpen,
  getLibraryVersion,
  type LifecycleEvent,
  subscribeToLifecycle,
} from './libvirt-calls.js';
import type { LibvirtAddress } from './libvirt-uri.js';
import { ConnectionError, connectRpc, type RpcConnection } from './rpc-connection.js';

/** A connection to a libvirtd that is made again whenever it is lost. */
export interface LibvirtLink {
  /**
   * Rejects with a LibvirtError where libvirtd refuses; with a ConnectionError while it cannot be reached (at once), or
   * when it does not answer in time.
   */
  call<A, R>(call: Call<A, R>, args: A, deadlineMs?: number): Promise<R>;
  close(): void;
}

export interface LinkOptions {
  readonly address: LibvirtAddress;
  /** Events are asked for only where somebody listens. */
  readonly onEvent: ((event: LifecycleEvent) => void) | undefined;
  /** The link has come up, or gone down for a reason. Events may have been missed in between. */
  readonly onChange: (reason: string | undefined) => void;
}

/** What is not answered by then: libvirtd hangs, or the machine does. Its own work on a question takes milliseconds. */
const QUESTION_DEADLINE_MS = 5_000;
/** The first open waits until libvirtd has asked QEMU what it can, one binary after the other. */
const OPEN_DEADLINE_MS = 60_000;
const HEALTH_INTERVAL_MS = 5_000;
const RETRY_MS = { first: 100, most: 2_000 } as const;
const CLOSED = 'the connection was closed';
const AUTH = { none: 0, polkit: 2 } as const;

type LinkState =
  | { readonly kind: 'connecting'; readonly done: Promise<unknown> }
  | { readonly kind: 'up'; readonly connection: RpcConnection }
  | { readonly kind: 'down'; readonly reason: string };

/** Connects in the background; the first call waits for the first attempt. */
export function openLibvirtLink({ address, onEvent, onChange }: LinkOptions): LibvirtLink {
  let isClosed = false;
  let retryMs: number = RETRY_MS.first;
  let retry: NodeJS.Timeout | undefined;
  let state: LinkState = { kind: 'connecting', done: connectOnce() };
  const health = setInterval(() => void checkHealth(), HEALTH_INTERVAL_MS);

  async function connectOnce(): Promise<void> {
    try {
      const connection = await handshake(address, { onEvent: onEvent ?? (() => {}), onClose: goDown });
      if (isClosed) return connection.close(CLOSED);
      if (onEvent !== undefined) await subscribe(connection);
      retryMs = RETRY_MS.first;
      state = { kind: 'up', connection };
      onChange(undefined);
    } catch (error) {
      goDown(error instanceof Error ? error.message : String(error));
    }
  }

  async function subscribe(connection: RpcConnection): Promise<void> {
    try {
      await connection.call(subscribeToLifecycle, undefined, QUESTION_DEADLINE_MS);
    } catch (error) {
      connection.close(CLOSED);
      throw error;
    }
  }

  function goDown(reason: string): void {
    if (isClosed) return;
    const isNews = state.kind !== 'down' || state.reason !== reason;
    if (state.kind === 'up') state.connection.close(reason);
    state = { kind: 'down', reason };
    clearTimeout(retry);
    retry = setTimeout(() => void connectOnce(), retryMs * (0.75 + Math.random() / 2));
    retryMs = Math.min(2 * retryMs, RETRY_MS.most);
    if (isNews) onChange(reason);
  }

  /** A libvirtd that is stopped or stuck keeps its connections. */
  async function checkHealth(): Promise<void> {
    const asked = state;
    if (asked.kind !== 'up') return;
    try {
      await asked.connection.call(getLibraryVersion, undefined, QUESTION_DEADLINE_MS);
    } catch (error) {
      if (error instanceof ConnectionError && state === asked) goDown(error.message);
    }
  }

  return {
    call: async (call, args, deadlineMs = QUESTION_DEADLINE_MS) => {
      if (state.kind === 'connecting') await state.done;
      if (state.kind === 'up') return state.connection.call(call, args, deadlineMs);
      throw new ConnectionError(state.kind === 'down' ? state.reason : 'libvirtd cannot be reached yet');
    },
    close: () => {
      isClosed = true;
      clearInterval(health);
      clearTimeout(retry);
      if (state.kind === 'up') state.connection.close(CLOSED);
      state = { kind: 'down', reason: CLOSED };
    },
  };
}

async function handshake(
  { uri, sockets }: LibvirtAddress,
  listeners: Parameters<typeof connectRpc>[1],
): Promise<RpcConnection> {
  const connection = await connectRpc(await findSocket(sockets), listeners, QUESTION_DEADLINE_MS);
  try {
    const methods = await connection.call(authList, undefined, QUESTION_DEADLINE_MS);
    if (methods.includes(AUTH.polkit)) await connection.call(authPolkit, undefined, OPEN_DEADLINE_MS);
    else if (methods.some((method) => method !== AUTH.none)) {
      throw new Error(
        'libvirtd wants a password (SASL), and launcherd has none: run it as root, or allow it by polkit',
      );
    }
    await connection.call(connectOpen, { uri }, OPEN_DEADLINE_MS);
    return connection;
  } catch (error) {
    connection.close(CLOSED);
    throw error;
  }
}

async function findSocket(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new ConnectionError(`no libvirtd: there is no socket ${paths.join(' or ')}`);
}
