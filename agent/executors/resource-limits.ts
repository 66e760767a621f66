import { readFileSync } from 'node:fs';

/** Of each limit: the option of prlimit(1), and its line in /proc/PID/limits (proc(5)). */
const kernelNames: Readonly<Record<string, { readonly option: string; readonly line: string }>> = {
  'open-files': { option: '--nofile', line: 'Max open files' },
  processes: { option: '--nproc', line: 'Max processes' },
  memory: { option: '--as', line: 'Max address space' },
  stack: { option: '--stack', line: 'Max stack size' },
  core: { option: '--core', line: 'Max core file size' },
  'file-size': { option: '--fsize', line: 'Max file size' },
  'cpu-time': { option: '--cpu', line: 'Max cpu time' },
};
/** CAP_SYS_RESOURCE of linux/capability.h: may raise a hard limit. */
const capSysResource = 24n;

export interface Limits {
  readonly [name: string]: number;
}

/**
 * Why a command cannot get these limits; undefined when it can. Judged before it is started: one that failed half-way
 * would look like a program that ended by itself. They are set before it becomes another user, so what counts is what the
 * agent may.
 */
export function findImpossibleLimit(limits: Limits): string | undefined {
  const own = readOwn('limits');
  for (const [name, value] of Object.entries(limits)) {
    const known = Object.hasOwn(kernelNames, name) ? kernelNames[name] : undefined;
    if (known === undefined) return `this agent has no limit ${JSON.stringify(name)}`;
    if (name === 'open-files' && value > mostOpenFiles()) {
      return `open-files: ${value} is more than the kernel allows (fs.nr_open: ${mostOpenFiles()})`;
    }
    const hard = hardLimit(own, known.line);
    if (value > hard && !mayRaise()) {
      return `${name}: ${value} is above the agent's hard limit of ${hard}, which it may not raise here`;
    }
  }
  return undefined;
}

/** What prlimit(1) is given before the command: soft and hard limit alike. */
export function limitArguments(limits: Limits): readonly string[] {
  return Object.entries(limits).map(([name, value]) => `${kernelNames[name]?.option}=${value}:${value}`);
}

function hardLimit(text: string, line: string): number {
  const hard = new RegExp(`^${line}\\s+\\S+\\s+(\\S+)`, 'm').exec(text)?.[1];
  return hard === undefined || hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}

function mayRaise(): boolean {
  const effective = /^CapEff:\s+([0-9a-f]+)/m.exec(readOwn('status'))?.[1];
  return effective !== undefined && ((BigInt(`0x${effective}`) >> capSysResource) & 1n) === 1n;
}

function mostOpenFiles(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/nr_open', 'latin1'));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function readOwn(file: string): string {
  try {
    return readFileSync(`/proc/self/${file}`, 'latin1');
  } catch {
    return '';
  }
}
