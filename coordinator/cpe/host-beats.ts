/** What cped hears of launcher hosts. */
import type { Bus } from '../../proto/bus.js';
import { allLauncherBeats, parseSubject } from '../../proto/subjects.js';

export interface HeardHost {
  /** Unix ms, by this machine's clock. */
  readonly lastBeatAt: number;
  /** Instances that its launcher named as running then. */
  readonly running: readonly string[];
  readonly driver: string;
  /** In all; 0: its launcher does not tell. */
  readonly capacity: { readonly cpus: number; readonly memoryMiB: number };
}

/** A launcher beats every second; one that is silent for so long is not there, or cannot be heard. */
export const hostSilentAfterMs = 5_000;

export interface HostBeats {
  heard(host: string): HeardHost | undefined;
  hosts(): readonly string[];
  /**
   * Since when silence means something: what is not heard while the bus is gone, or was not listened to yet, says
   * nothing about a launcher. Undefined while the bus is gone.
   */
  listeningSince(): number | undefined;
}

const maxHosts = 10_000;

/** Listens from now on; `onBeat` is told of every beat. */
export function listenForBeats(bus: Bus, onBeat: (host: string, at: number) => void): HostBeats {
  const heard = new Map<string, HeardHost>();
  let since = bus.isConnected() ? Date.now() : undefined;
  bus.onStatus(({ kind }) => {
    since = kind === 'connected' ? Date.now() : undefined;
  });
  bus.subscribe(allLauncherBeats, ({ envelope, subject }) => {
    const from = parseSubject(subject);
    if (from?.kind !== 'launcher-beat' || envelope.body.kind !== 'launcherBeat') return;
    if (!heard.has(from.host) && heard.size >= maxHosts) return;
    const lastBeatAt = Date.now();
    const { running, driver, capacityCpus: cpus, capacityMemoryMib: memoryMiB } = envelope.body.value;
    heard.set(from.host, { lastBeatAt, running, driver, capacity: { cpus, memoryMiB } });
    onBeat(from.host, lastBeatAt);
  });
  return {
    heard: (host) => heard.get(host),
    hosts: () => [...heard.keys()],
    listeningSince: () => since,
  };
}
