/** Bounded concurrency, bounded waiting: tasks start in the order in which they came. */
export interface WorkQueue {
  /** False when the queue is full: the task was not taken. */
  push(task: () => Promise<void>): boolean;
  /** Forgets what has not started. */
  clear(): void;
}

/** Tasks must not reject: whoever pushes them owns their failures. */
export function createWorkQueue(options: { readonly concurrency: number; readonly limit: number }): WorkQueue {
  let waiting: (() => Promise<void>)[] = [];
  // Taken from the front by index: shift() on a long array costs its length.
  let next = 0;
  let running = 0;

  function start(task: () => Promise<void>): void {
    running += 1;
    void task().finally(() => {
      running -= 1;
      const following = waiting[next];
      if (following === undefined) return;
      next += 1;
      if (next === waiting.length || next >= 1024) {
        waiting = waiting.slice(next);
        next = 0;
      }
      start(following);
    });
  }

  return {
    push(task) {
      if (running < options.concurrency) start(task);
      else if (waiting.length - next < options.limit) waiting.push(task);
      else return false;
      return true;
    },
    clear() {
      waiting = [];
      next = 0;
    },
  };
}
