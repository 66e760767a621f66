import { hasErrorCode } from '../error-code.js';
import { type BusRelay, openBusRelay } from './bus-relay.js';

export interface NetworkRelays {
  /** Where guests find each server, in order. */
  readonly urls: readonly string[];
  readonly ports: readonly number[];
  close(): Promise<void>;
}

export interface NetworkRelaysOptions {
  /** Of the launcher host on the bridge. */
  readonly address: string;
  readonly servers: readonly string[];
  /** What guests that run know; the rest is chosen. */
  readonly knownPorts: readonly number[];
  readonly mayUse: (address: string) => boolean;
  readonly onTrouble: (reason: string) => void;
}

const retryMs = 1_000;
const defaultPort = 4222;

/**
 * One relay for each bus server. A port that running guests know is waited for when it is taken, and does not hold up
 * the rest; a new relay has its server's port where that is free. Rejects when it cannot listen at all.
 */
export async function openNetworkRelays(options: NetworkRelaysOptions): Promise<NetworkRelays> {
  const open: Listening[] = [];
  try {
    for (const [index, url] of options.servers.entries()) {
      const server = parseServer(url);
      open.push(await openRelay(options, server, options.knownPorts[index]));
    }
  } catch (error) {
    await Promise.all(open.map(({ close }) => close()));
    throw error;
  }
  return {
    urls: open.map(({ scheme, port }) => `${scheme}://${options.address}:${port}`),
    ports: open.map(({ port }) => port),
    close: async () => {
      await Promise.all(open.map(({ close }) => close()));
    },
  };
}

interface BusServer {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

interface Listening {
  readonly scheme: string;
  readonly port: number;
  close(): Promise<void>;
}

/** As the client library reads it: a scheme and a port may be missing. Throws on what is no address. */
export function parseServer(url: string): BusServer {
  const [, scheme = 'nats', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/i.exec(url) ?? [];
  const { hostname, port } = new URL(`http://${rest}`);
  // URL takes the default port of its own scheme for none.
  const isExplicit = /:80\/?$/.test(rest);
  return {
    scheme: scheme.toLowerCase(),
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isExplicit ? 80 : defaultPort) : Number(port),
  };
}

async function openRelay(
  options: NetworkRelaysOptions,
  server: BusServer,
  known: number | undefined,
): Promise<Listening> {
  const { address, mayUse, onTrouble } = options;
  const listen = (port: number) => openBusRelay({ listen: { address, port }, server, mayUse, onTrouble });
  const { scheme } = server;
  for (const port of [known ?? server.port, 0]) {
    try {
      const relay = await listen(port);
      return { scheme, port: relay.port, close: relay.close };
    } catch (error) {
      if (!hasErrorCode(error, 'EADDRINUSE')) throw error;
      if (known !== undefined) {
        onTrouble(`${address}:${known}, where guests look for the bus, is taken; waiting for it`);
        return { scheme, port: known, close: keepTrying(() => listen(known)) };
      }
    }
  }
  throw new Error(`no port is free on ${address}`);
}

/** Opens it as soon as that is possible. Returns how to end that, and what was opened. */
function keepTrying(open: () => Promise<BusRelay>): () => Promise<void> {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  let attempt = Promise.resolve<BusRelay | undefined>(undefined);
  const retry = () => {
    attempt = open().catch(() => {
      if (!isOver) timer = setTimeout(retry, retryMs);
      return undefined;
    });
  };
  timer = setTimeout(retry, retryMs);
  return async () => {
    isOver = true;
    clearTimeout(timer);
    await (await attempt)?.close();
  };
}
