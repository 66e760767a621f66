/** Lets so much be done at the same time; the rest waits in the order in which it came. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function slots(limit: number): Slots {
  const waiting: (() => void)[] = [];
  let free = limit;
  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
