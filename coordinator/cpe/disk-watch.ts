/** Says in events when the disk of the store is nearly full, full, and has space again. */
import { statfs } from 'node:fs/promises';
import type { Logger } from '../dpe/runtime-ports.js';
import type { Store } from '../store/store.js';

export interface DiskWatchOptions {
  /** Of the store. */
  readonly directory: string;
  readonly store: Pick<Store, 'appendEvents'>;
  readonly log: Logger;
  readonly now: () => number;
}

type Level = 'enough' | 'nearly-full' | 'full';

const mib = 1024 * 1024;
/** Or a twentieth of the file system, if that is less. */
const littleBytes = 64 * mib;
/** What a store of some size writes at once. */
const noneBytes = mib;

export interface DiskWatch {
  /** Looks once. Never rejects: an event that cannot be written is tried again with the next look. */
  look(): Promise<void>;
}

export function openDiskWatch({ directory, store, log, now }: DiskWatchOptions): DiskWatch {
  let told: Level = 'enough';
  let logged: Level = 'enough';
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      const { bsize, blocks, bavail } = await statfs(directory);
      const left = bsize * bavail;
      const level = levelOf(left, bsize * blocks, told);
      if (level === told) return;
      const { kind, reason } = words(level, directory, left);
      if (level !== logged) log[level === 'enough' ? 'info' : 'error']({ leftBytes: left }, reason);
      logged = level;
      await store.appendEvents([{ time: now(), deployable: '', kind, reason }]);
      told = level;
    } catch (error) {
      // Where not even an event has room it is told as soon as it has.
      log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'the disk cannot be told of');
    } finally {
      isLooking = false;
    }
  }
  return { look };
}

/** Twice as much has to be left before it is enough again. */
function levelOf(left: number, size: number, before: Level): Level {
  const little = Math.min(littleBytes, size / 20);
  const none = Math.min(noneBytes, little / 4);
  if (left < none) return 'full';
  if (left < little) return 'nearly-full';
  return before === 'enough' || left >= 2 * little ? 'enough' : 'nearly-full';
}

function words(level: Level, directory: string, left: number): { readonly kind: string; readonly reason: string } {
  const what = `the file system of ${directory}`;
  switch (level) {
    case 'full':
      return {
        kind: 'disk-full',
        reason: `${what} is full: nothing can be changed or recorded until space is freed; what runs goes on`,
      };
    case 'nearly-full': {
      const reason = `${(left / mib).toFixed(1)} MiB are left on ${what}; without any nothing can be changed or recorded`;
      return { kind: 'disk-nearly-full', reason };
    }
    case 'enough':
      return { kind: 'disk-has-space', reason: `${what} has space again: ${(left / mib).toFixed(0)} MiB` };
  }
}
