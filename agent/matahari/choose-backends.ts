import type { MessageBus } from '../dbus/message-bus.js';
import { busNames, findBusNames, hasSystemBus, watchBusNames } from './bus-names.js';
import type { Matahari, MatahariBackend, MatahariObjectName } from './matahari.js';
import { movingHost } from './moving-host.js';
import { movingResources } from './moving-resources.js';
import type { OwnLog } from './own/own-options.js';

export interface ChooseOptions {
  /** Our own implementation; asked for once, when it is needed first. */
  readonly own: () => Matahari | Promise<Matahari>;
  /** A connection to the system bus, which stays the caller's; undefined when there is none. */
  readonly bus: () => Promise<MessageBus | undefined>;
  readonly log: OwnLog;
  /** Resources that only our own backend knows: those that the agent itself runs. */
  readonly isManaged?: (name: string) => boolean;
  /** Whether it is worth asking for the bus. */
  readonly isBusThere?: () => boolean;
}

type Choice = Readonly<Record<MatahariObjectName, MatahariBackend>>;

const allOwn: Choice = { Host: 'own', Services: 'own', Resources: 'own', Network: 'own', Sysconfig: 'own' };
/** An agent that starts early in the boot is there before the bus. */
const lookAgainMs = 10_000;

/**
 * Matahari's objects, each from its service on the system bus where there is one (running, or started by the bus), else our
 * own; Resources are our own also where the service would not hand parameters on as they are. The choice is made at the
 * first call, and again when a service or the bus comes or goes; recurring operations, the update interval and listeners
 * go on with the next backend. The D-Bus backend is loaded when it is needed first.
 */
export function chooseMatahari(options: ChooseOptions): Matahari {
  const { own, bus, log, isManaged = () => false, isBusThere = () => hasSystemBus() } = options;
  let choice = allOwn;
  let ownBackend: Promise<Matahari> | undefined;
  let remote: { readonly bus: MessageBus; readonly stopWatching: () => void; matahari?: Matahari } | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let wanted: boolean | undefined;
  let isClosed = false;

  const logTrouble = (error: unknown): void =>
    log('warn', 'trouble with a backend of the Matahari objects', { reason: String(error) });
  const openOwn = (): Promise<Matahari> => {
    ownBackend ??= (async () => own())();
    return ownBackend;
  };
  const backendOf = async (object: MatahariObjectName): Promise<Matahari> =>
    choice[object] === 'dbus' && remote?.matahari !== undefined ? remote.matahari : openOwn();

  const connect = async (): Promise<MessageBus | undefined> => {
    if (remote !== undefined) return remote.bus;
    const connection = isBusThere() ? await bus() : undefined;
    if (connection === undefined || isClosed) return undefined;
    remote = { bus: connection, stopWatching: watchBusNames(connection, (isThere) => void lookAgain(isThere)) };
    return connection;
  };
  const decide = async (isBusUp: boolean): Promise<Choice> => {
    const connection = await connect();
    if (connection === undefined || remote === undefined || !isBusUp) return allOwn;
    const found = await findBusNames(connection);
    if (found.size === 0) return allOwn;
    const { carriesParameters, dbusMatahari } = await import('./dbus/dbus-matahari.js');
    remote.matahari ??= dbusMatahari(connection, { fallback: openOwn });
    const backend = (object: MatahariObjectName) => (found.has(busNames[object]) ? 'dbus' : 'own');
    const isFaithful = backend('Resources') === 'dbus' && (await carriesParameters(connection));
    return {
      Host: backend('Host'),
      Services: backend('Services'),
      Resources: isFaithful ? 'dbus' : 'own',
      Network: backend('Network'),
      Sysconfig: backend('Sysconfig'),
    };
  };
  const look = async (isBusUp: boolean): Promise<void> => {
    const isFirst = lookedAtMs === Number.NEGATIVE_INFINITY;
    const next = await decide(isBusUp);
    lookedAtMs = performance.now();
    const before = choice;
    if (isClosed) return;
    choice = next;
    if (!isFirst && isSame(before, next)) return;
    log('info', 'backends of the Matahari objects', next);
    if (isFirst) return;
    // Not waited for: what is asked of the next backend may take its time, and the bus may change meanwhile.
    if (before.Host !== next.Host) host.moved().catch(logTrouble);
    if (before.Resources !== next.Resources) resources.moved().catch(logTrouble);
  };
  /** One look after the other; what happens during one calls for one more. */
  const lookAgain = (isBusUp: boolean): Promise<void> => {
    wanted = isBusUp;
    looking ??= (async () => {
      while (wanted !== undefined && !isClosed) {
        const next = wanted;
        wanted = undefined;
        try {
          await look(next);
        } catch (error) {
          logTrouble(error);
        }
        lookedAtMs = performance.now();
      }
      looking = undefined;
    })();
    return looking;
  };
  const current = async (object: MatahariObjectName): Promise<Matahari> => {
    const isFirst = lookedAtMs === Number.NEGATIVE_INFINITY;
    const isStale = remote === undefined && performance.now() - lookedAtMs >= lookAgainMs;
    if (isFirst) await (looking ?? lookAgain(true));
    else if (isStale && looking === undefined) await lookAgain(true);
    return backendOf(object);
  };

  const host = movingHost(() => current('Host'), log);
  const resources = movingResources(
    (name) => (name !== undefined && isManaged(name) ? openOwn() : current('Resources')),
    log,
  );
  return {
    host,
    resources,
    services: {
      get: async () => (await current('Services')).services.get(),
      list: async () => (await current('Services')).services.list(),
      enable: async (name) => (await current('Services')).services.enable(name),
      disable: async (name) => (await current('Services')).services.disable(name),
      start: async (name, timeoutMs) => (await current('Services')).services.start(name, timeoutMs),
      stop: async (name, timeoutMs) => (await current('Services')).services.stop(name, timeoutMs),
      status: async (name, timeoutMs) => (await current('Services')).services.status(name, timeoutMs),
      describe: async (name) => (await current('Services')).services.describe(name),
    },
    network: {
      get: async () => (await current('Network')).network.get(),
      list: async () => (await current('Network')).network.list(),
      start: async (iface) => (await current('Network')).network.start(iface),
      stop: async (iface) => (await current('Network')).network.stop(iface),
      status: async (iface) => (await current('Network')).network.status(iface),
      getIpAddress: async (iface) => (await current('Network')).network.getIpAddress(iface),
      getMacAddress: async (iface) => (await current('Network')).network.getMacAddress(iface),
    },
    sysconfig: {
      get: async () => (await current('Sysconfig')).sysconfig.get(),
      setPostbootConfigured: async (value) => (await current('Sysconfig')).sysconfig.setPostbootConfigured(value),
      runUri: async (uri, flags, scheme, key) => (await current('Sysconfig')).sysconfig.runUri(uri, flags, scheme, key),
      runString: async (text, flags, scheme, key) =>
        (await current('Sysconfig')).sysconfig.runString(text, flags, scheme, key),
      query: async (text, flags, scheme) => (await current('Sysconfig')).sysconfig.query(text, flags, scheme),
      isConfigured: async (key) => (await current('Sysconfig')).sysconfig.isConfigured(key),
    },
    backends: () => choice,
    close: async () => {
      isClosed = true;
      remote?.stopWatching();
      resources.close();
      await remote?.matahari?.close();
      await ownBackend?.then(
        (backend) => backend.close(),
        () => undefined,
      );
    },
  };
}

function isSame(a: Choice, b: Choice): boolean {
  return (Object.keys(a) as MatahariObjectName[]).every((object) => a[object] === b[object]);
}
