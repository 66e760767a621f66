import { readFileSync } from 'node:fs';

/** How long this process's event loop was kept from a timer that is always due. */
export interface LoopWatch {
  /** The longest of these times so far, and the most that the loop itself worked in one of them; in ms. */
  longest(): { readonly wallMs: number; readonly workMs: number };
  stop(): void;
}

const tickMs = 1;

/**
 * On a busy machine a loop is mostly kept by other processes: what it worked itself is told apart by the time that the
 * kernel let its thread run.
 */
export function watchLoop(): LoopWatch {
  let [wallMs, workMs] = [0, 0];
  let [lastAt, lastRunMs] = [performance.now(), mainThreadRunMs()];
  const look = () => {
    const [now, runMs] = [performance.now(), mainThreadRunMs()];
    wallMs = Math.max(wallMs, now - lastAt - tickMs);
    workMs = Math.max(workMs, runMs - lastRunMs);
    [lastAt, lastRunMs] = [now, runMs];
  };
  const timer = setInterval(look, tickMs);
  return {
    longest() {
      look();
      return { wallMs, workMs };
    },
    stop: () => clearInterval(timer),
  };
}

/** Documentation/scheduler/sched-stats.rst: the first number is the time on a CPU, in ns. */
function mainThreadRunMs(): number {
  return Number.parseInt(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1'), 10) / 1e6;
}
