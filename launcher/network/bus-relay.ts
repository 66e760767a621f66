import { connect, createServer, type Server, type Socket } from 'node:net';

/** The bus as guests reach it: on their launcher host's address, where nothing else has to be routed for them. */
export interface BusRelay {
  readonly port: number;
  /** Ends every connection through it. */
  close(): Promise<void>;
}

export interface BusRelayOptions {
  /** Port 0: any. */
  readonly listen: { readonly address: string; readonly port: number };
  readonly server: { readonly host: string; readonly port: number };
  /** Others are refused, also those who reach the address from another network of the machine. */
  readonly mayUse: (address: string) => boolean;
  /** What operators should know: once when the server cannot be reached, once when a limit is met. */
  readonly onTrouble: (reason: string) => void;
  readonly limits?: Partial<RelayLimits>;
}

export interface RelayLimits {
  readonly connections: number;
  /** Of one guest: an agent has one, and more while it reconnects. */
  readonly connectionsPerGuest: number;
  readonly connectMs: number;
  /** How long one direction may stay open after the other has ended. */
  readonly lingerMs: number;
}

const defaults: RelayLimits = { connections: 1024, connectionsPerGuest: 16, connectMs: 5_000, lingerMs: 10_000 };
const keepAliveMs = 15_000;

/**
 * Passes bytes between guests and one bus server, and knows nothing of them. A connection ends when either end does,
 * and at once when the server cannot be reached: a client sees what it would see there. What a slow reader does not
 * take waits in the kernel and then at the sender, which on the bus is the server, whose rules apply.
 *
 * Rejects when the address cannot be listened on (EADDRINUSE, EADDRNOTAVAIL).
 */
export async function openBusRelay(options: BusRelayOptions): Promise<BusRelay> {
  const relay = new Relay(options);
  const port = await relay.listen();
  return { port, close: () => relay.close() };
}

/** Owns the listening socket and the connections through it. */
class Relay {
  readonly #options: BusRelayOptions;
  readonly #limits: RelayLimits;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #guests = new Map<string, number>();
  #isReachable = true;
  #isWithinLimits = true;

  constructor(options: BusRelayOptions) {
    this.#options = options;
    this.#limits = { ...defaults, ...options.limits };
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) =>
      this.#welcome(socket),
    );
  }

  listen(): Promise<number> {
    const { address, port } = this.#options.listen;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: address, port }, () => {
        this.#server.off('error', reject);
        // Out of descriptors, for instance: the next connection may be luckier.
        this.#server.on('error', (error) => this.#options.onTrouble(`guests cannot reach the bus: ${error.message}`));
        const bound = this.#server.address();
        resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #welcome(guest: Socket): void {
    const address = guest.remoteAddress ?? '';
    const ofGuest = this.#guests.get(address) ?? 0;
    const { connections, connectionsPerGuest } = this.#limits;
    if (!this.#options.mayUse(address)) {
      guest.resetAndDestroy();
      return;
    }
    if (ofGuest >= connectionsPerGuest || this.#guestConnections() >= connections) {
      if (this.#isWithinLimits)
        this.#options.onTrouble(`${address} has too many connections to the bus; more are refused`);
      this.#isWithinLimits = false;
      guest.resetAndDestroy();
      return;
    }
    this.#guests.set(address, ofGuest + 1);
    guest.once('close', () => this.#farewell(address));
    this.#connect(guest);
  }

  #farewell(address: string): void {
    const left = (this.#guests.get(address) ?? 1) - 1;
    if (left > 0) this.#guests.set(address, left);
    else this.#guests.delete(address);
    this.#isWithinLimits = true;
  }

  #guestConnections(): number {
    let sum = 0;
    for (const connections of this.#guests.values()) sum += connections;
    return sum;
  }

  #connect(guest: Socket): void {
    const { host, port } = this.#options.server;
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    this.#join(guest, server);
    const timer = setTimeout(
      () => server.destroy(new Error(`no answer in ${this.#limits.connectMs} ms`)),
      this.#limits.connectMs,
    );
    const onRefused = (error: Error) => {
      if (this.#isReachable) this.#options.onTrouble(`the bus at ${host}:${port} cannot be reached: ${error.message}`);
      this.#isReachable = false;
    };
    server.once('error', onRefused);
    server.once('close', () => clearTimeout(timer));
    server.once('connect', () => {
      clearTimeout(timer);
      server.off('error', onRefused);
      this.#isReachable = true;
      guest.pipe(server);
      server.pipe(guest);
    });
  }

  /** Makes two sockets end together. */
  #join(one: Socket, other: Socket): void {
    let linger: NodeJS.Timeout | undefined;
    for (const [socket, peer] of [
      [one, other],
      [other, one],
    ] as const) {
      this.#sockets.add(socket);
      socket.setKeepAlive(true, keepAliveMs);
      socket.on('error', () => peer.resetAndDestroy());
      socket.once('end', () => {
        linger ??= setTimeout(() => {
          // Not a mere end: that was told already on one side, and would look complete on the other.
          one.resetAndDestroy();
          other.resetAndDestroy();
        }, this.#limits.lingerMs);
      });
      socket.once('close', () => {
        this.#sockets.delete(socket);
        // After a half-close the peer may still have something to say, which has nowhere to go now.
        if (!peer.destroyed) peer.destroySoon();
        if (one.destroyed && other.destroyed) clearTimeout(linger);
      });
    }
  }
}
