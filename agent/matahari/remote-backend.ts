import type { MessageBus } from '../dbus/message-bus.js';
import { busNames, findBusNames, watchBusNames } from './bus-names.js';
import type { Matahari, MatahariBackend, MatahariObjectName } from './matahari.js';

/** Who is behind each object. */
export type Choice = Readonly<Record<MatahariObjectName, MatahariBackend>>;

export const allOwn: Choice = { Host: 'own', Services: 'own', Resources: 'own', Network: 'own', Sysconfig: 'own' };

export interface RemoteBackendSettings {
  /** A connection to the system bus, which stays the caller's; undefined when there is none. */
  readonly bus: () => Promise<MessageBus | undefined>;
  /** Whether it is worth asking for the bus. */
  readonly isBusThere: () => boolean;
  /** Answers what the services do not implement. */
  readonly fallback: () => Promise<Matahari>;
  /** A service has come or gone, or the bus has: what `look` would say may be something else now. */
  readonly onChange: (isBusThere: boolean) => void;
}

/** Matahari's services on the system bus, as far as they are there. */
export interface RemoteBackend {
  /** Whether changes are told: there is a connection, though it may be broken for now. */
  isWatched(): boolean;
  /** Looks which services are there; connects, and loads the D-Bus backend, when it is needed first. */
  look(): Promise<Choice>;
  /** Undefined before `look` has found a service. */
  matahari(): Matahari | undefined;
  close(): Promise<void>;
}

export function remoteBackend({ bus, isBusThere, fallback, onChange }: RemoteBackendSettings): RemoteBackend {
  let watched: { readonly bus: MessageBus; readonly stop: () => void } | undefined;
  let matahari: Matahari | undefined;
  let isClosed = false;

  const connect = async (): Promise<MessageBus | undefined> => {
    if (watched !== undefined) return watched.bus;
    const connection = isBusThere() ? await bus() : undefined;
    if (connection === undefined || isClosed) return undefined;
    watched = { bus: connection, stop: watchBusNames(connection, onChange) };
    return connection;
  };
  return {
    isWatched: () => watched !== undefined,
    async look() {
      const connection = await connect();
      if (connection === undefined) return allOwn;
      const found = await findBusNames(connection);
      if (found.size === 0) return allOwn;
      const { carriesParameters, dbusMatahari } = await import('./dbus/dbus-matahari.js');
      matahari ??= dbusMatahari(connection, { fallback });
      const backend = (object: MatahariObjectName) => (found.has(busNames[object]) ? 'dbus' : 'own');
      const isFaithful = backend('Resources') === 'dbus' && (await carriesParameters(connection));
      return {
        Host: backend('Host'),
        Services: backend('Services'),
        Resources: isFaithful ? 'dbus' : 'own',
        Network: backend('Network'),
        Sysconfig: backend('Sysconfig'),
      };
    },
    matahari: () => matahari,
    async close() {
      isClosed = true;
      watched?.stop();
      await matahari?.close();
    },
  };
}
