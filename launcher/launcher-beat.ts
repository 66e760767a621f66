import type { Draft, LauncherBeat } from '../proto/messages.js';
import type { LauncherDriver } from './driver.js';

export interface BeatFacts {
  readonly launcherHost: string;
  readonly driverName: string;
  /** From 1, of this launcherd. */
  readonly sequence: number;
  /** Undefined while, or where, the launcher host does not tell. */
  readonly capacity: Capacity;
}

type Capacity = Awaited<ReturnType<LauncherDriver['capacity']>>;

/** Quotas are changed and memory is added; a platform that did not answer is asked again. */
const capacityIntervalMs = 60_000;

/** What a launcher says of itself every second. */
export function launcherBeatOf(
  driver: LauncherDriver,
  { launcherHost, driverName, sequence, capacity }: BeatFacts,
): Draft<LauncherBeat> {
  return {
    launcherHost,
    driver: driverName,
    sequence,
    atUnixMs: Date.now(),
    running: driver.running(),
    conditions: driver.conditions().map(({ instance, condition: { kind, evidence } }) => ({
      instance,
      condition: kind,
      evidence,
    })),
    capacityCpus: capacity?.cpus,
    capacityMemoryMib: capacity?.memoryMiB,
  };
}

/** Keeps asking what the launcher host has in all. */
export function watchCapacity(driver: LauncherDriver): { readonly latest: () => Capacity; readonly close: () => void } {
  let latest: Capacity;
  let isAsking = false;
  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    latest = await driver.capacity().catch(() => latest);
    isAsking = false;
  };
  void ask();
  const timer = setInterval(() => void ask(), capacityIntervalMs);
  return { latest: () => latest, close: () => clearInterval(timer) };
}
