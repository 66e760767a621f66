import type { OwnLog } from './own-options.js';

/** Who hears an event. One that fails is logged, and harms nobody else. */
export interface Listeners<T> {
  /** Returns its own removal; the same function added twice is called twice. */
  add(listener: (event: T) => void): () => void;
  tell(event: T): void;
  size(): number;
  clear(): void;
}

export function listenersOf<T>(what: string, log: OwnLog): Listeners<T> {
  const listeners = new Set<(event: T) => void>();
  return {
    add(listener) {
      const own = (event: T): void => listener(event);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    tell(event) {
      for (const listener of [...listeners]) {
        try {
          listener(event);
        } catch (error) {
          log('error', `a listener of ${what} has failed`, { reason: (error as Error).message });
        }
      }
    },
    size: () => listeners.size,
    clear: () => listeners.clear(),
  };
}
