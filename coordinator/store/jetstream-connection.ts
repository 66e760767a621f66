import type { NatsConnection } from 'nats';
import { keepConnected } from '../../proto/nats-connection.js';

export interface Connections {
  /** The connection that works now; waits for one up to `deadline` (`performance.now()`), then undefined. */
  current(deadline: number): Promise<NatsConnection | undefined>;
  close(): Promise<void>;
}

/** Connections to the bus, one after the other, for as long as the store is open. */
export function openConnections(options: {
  readonly servers: readonly string[];
  readonly credentialsFile: string;
  readonly name: string;
  readonly inboxPrefix?: string | undefined;
  readonly onTrouble: (reason: string) => void;
}): Connections {
  const { onTrouble } = options;
  const end = new AbortController();
  let present: NatsConnection | undefined;
  const waiting = new Set<() => void>();
  const keeping = keepConnected({
    servers: options.servers,
    credentialsFile: options.credentialsFile,
    name: options.name,
    inboxPrefix: options.inboxPrefix,
    onOpen: (connection) => {
      present = connection;
    },
    onConnected: () => {
      for (const wake of waiting) wake();
    },
    onDisconnected: () => {
      present = undefined;
    },
    onRefused: (subject, operation) => onTrouble(`the bus does not allow ${operation} on ${subject}`),
    onTrouble,
    signal: end.signal,
  });

  return {
    async current(deadline) {
      while (present === undefined || present.isClosed()) {
        const restMs = deadline - performance.now();
        if (restMs <= 0 || end.signal.aborted) return undefined;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(wake, restMs);
          waiting.add(wake);
          function wake(): void {
            clearTimeout(timer);
            waiting.delete(wake);
            resolve();
          }
        });
      }
      return present;
    },
    async close() {
      end.abort();
      const closing = present?.close();
      for (const wake of waiting) wake();
      await closing;
      await keeping;
    },
  };
}
