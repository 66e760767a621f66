import type { MessageBus } from '../dbus/message-bus.js';
import { hasSystemBus } from './bus-names.js';
import { lateNetwork, lateServices, lateSysconfig } from './late-objects.js';
import type { Matahari, MatahariObjectName } from './matahari.js';
import { movingHost } from './moving-host.js';
import { movingResources } from './moving-resources.js';
import type { OwnLog } from './own/own-options.js';
import { allOwn, type Choice, remoteBackend } from './remote-backend.js';

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
  const remote = remoteBackend({
    bus,
    isBusThere,
    fallback: openOwn,
    onChange: (isUp) => void lookAgain(isUp),
  });
  const backendOf = async (object: MatahariObjectName): Promise<Matahari> =>
    (choice[object] === 'dbus' ? remote.matahari() : undefined) ?? openOwn();

  const look = async (isBusUp: boolean): Promise<void> => {
    const isFirst = lookedAtMs === Number.NEGATIVE_INFINITY;
    const next = isBusUp ? await remote.look() : allOwn;
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
    const isStale = !remote.isWatched() && performance.now() - lookedAtMs >= lookAgainMs;
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
    services: lateServices(async () => (await current('Services')).services),
    network: lateNetwork(async () => (await current('Network')).network),
    sysconfig: lateSysconfig(async () => (await current('Sysconfig')).sysconfig),
    backends: () => choice,
    close: async () => {
      isClosed = true;
      resources.close();
      await remote.close();
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
