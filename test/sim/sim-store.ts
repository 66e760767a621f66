import { type MemoryDisk, openMemoryStore } from '../../coordinator/store/memory-store.js';
import type { Store } from '../../coordinator/store/store.js';
import type { Chance } from './chance.js';
import type { SimProcess, VirtualTime } from './virtual-time.js';

export interface StoreFaults {
  /** It takes no writes (no space): every write is refused. */
  isFull: boolean;
}

const writes: readonly string[] = [
  'append',
  'writeSnapshot',
  'put',
  'appendEvents',
  'remove',
  'removeLog',
] satisfies (keyof Store)[];

/**
 * The coordinator's store as one process sees it: a transaction takes a while to be on the shared disk, and a while more
 * to be told of. A process that dies first has written nothing; one that dies then never learns that it has.
 */
export function openSimStore(options: {
  readonly disk: MemoryDisk;
  readonly faults: StoreFaults;
  readonly process: SimProcess;
  readonly time: VirtualTime;
  readonly chance: Chance;
}): Store {
  const { disk, faults, process, time, chance } = options;
  let doneAt = 0;
  const store = openMemoryStore(disk, {
    schedule: (run) => {
      // One after the other, as in one environment.
      doneAt = Math.max(doneAt, time.now + chance.between(1, 4));
      time.after(doneAt - time.now, run, process);
    },
  });
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        if (faults.isFull && writes.includes(String(name))) {
          await time.pause(2, process);
          return { kind: 'refused', reason: 'disk-full', message: 'simulated: no space' };
        }
        const outcome = await (method.apply(target, args) as Promise<unknown>);
        await time.pause(chance.between(0, 1), process);
        return outcome;
      };
    },
  });
}
