/** Operations that must not overlap, one after the other per key, in the order in which they came. */
export interface Turns {
  take<T>(key: string, operate: () => Promise<T>): Promise<T>;
  /** Resolves when everything taken so far is done; never rejects. */
  idle(): Promise<void>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    take: (key, operate) => {
      const turn = (last.get(key) ?? Promise.resolve()).then(operate);
      const done = turn.then(
        () => undefined,
        () => undefined,
      );
      last.set(key, done);
      void done.then(() => {
        if (last.get(key) === done) last.delete(key);
      });
      return turn;
    },
    idle: async () => {
      await Promise.all(last.values());
    },
  };
}
