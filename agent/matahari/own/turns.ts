/** Work under one name is done one after the other, in the order in which it came; different names at the same time. */
export interface Turns {
  /** Undefined when too much waits under that name already. Work must not reject. */
  take<T>(name: string, work: () => Promise<T>): Promise<T> | undefined;
}

export function turns(maxWaiting: number): Turns {
  const queues = new Map<string, { last: Promise<unknown>; length: number }>();
  return {
    take(name, work) {
      const queue = queues.get(name) ?? { last: Promise.resolve(), length: 0 };
      if (queue.length > maxWaiting) return undefined;
      queues.set(name, queue);
      queue.length += 1;
      const ended = queue.last.then(work).finally(() => {
        queue.length -= 1;
        if (queue.length === 0) queues.delete(name);
      });
      queue.last = ended;
      return ended;
    },
  };
}
