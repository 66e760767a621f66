import { readdirSync, readFileSync } from 'node:fs';

/**
 * What these processes have for themselves alone, in kB: private pages of /proc/PID/smaps_rollup (proc(5)), summed up.
 * What they share with others (the program, libraries) is counted for none.
 */
export function privateKilobytes(pids: readonly number[]): number {
  return sum(pids, (pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    return sum(['Private_Clean', 'Private_Dirty'], (name) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0),
    );
  });
}

/** How long the kernel has let the threads of these processes run, in ms: first field of /proc/PID/task/TID/schedstat. */
export function runMilliseconds(pids: readonly number[]): number {
  return sum(pids, (pid) =>
    sum(readdirSync(`/proc/${pid}/task`), (thread) => {
      try {
        return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
      } catch {
        // A thread that has just ended.
        return 0;
      }
    }),
  );
}

/** Pids of the processes with one of these names (/proc/PID/comm). */
export function findByName(names: ReadonlySet<string>): readonly number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) && names.has(readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

/** The agent of an instance: the child of its init that runs one. Undefined between two of them. */
export function findAgent(initPid: number): number | undefined {
  return findChild(initPid, /cpe-agent\.mjs|agent\/main\.js/);
}

/** An agent and what runs beside it for itself: the spawner of its commands, once it has had one to start. */
export function findAgentProcesses(agentPid: number): readonly number[] {
  return [agentPid, findChild(agentPid, /\/cpe-spawner-[0-9a-f]+\0$/) ?? []].flat();
}

function findChild(parent: number, commandLine: RegExp): number | undefined {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'latin1').trim().split(' ');
  const found = children.find((pid) => {
    try {
      return commandLine.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : Number(found);
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
