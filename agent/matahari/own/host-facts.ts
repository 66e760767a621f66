/** What the kernel's text files say about a machine (proc(5)), as Matahari's Host shows it. Pure. */

export interface MemoryFacts {
  /** kB, all of them. */
  readonly memory: number;
  readonly swap: number;
  readonly freeMem: number;
  readonly freeSwap: number;
}

export interface CpuFacts {
  /** Logical CPUs. */
  readonly cpuCount: number;
  readonly cpuCores: number;
  readonly cpuModel: string;
  /** Separated by blanks. */
  readonly cpuFlags: string;
}

/** @param text of /proc/meminfo */
export function parseMemory(text: string): MemoryFacts {
  const value = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return {
    memory: value('MemTotal'),
    swap: value('SwapTotal'),
    freeMem: value('MemFree'),
    freeSwap: value('SwapFree'),
  };
}

/**
 * Every architecture has its own form of it: x86 has a section per CPU, arm64 and ppc64 as well, with other names;
 * s390x has one section for all, and a line per CPU.
 *
 * @param text of /proc/cpuinfo
 */
export function parseCpus(text: string): CpuFacts {
  const sections = text.split(/\n\s*\n/).map(parseSection);
  const cpus = sections.filter((section) => /^\d+$/.test(section.get('processor') ?? ''));
  const counted = first(sections, '# processors');
  const cpuCount = counted === undefined ? cpus.length : Number(counted);
  const cores = new Set<string>();
  for (const cpu of cpus) {
    const core = cpu.get('core id');
    if (core !== undefined) cores.add(`${cpu.get('physical id') ?? ''}.${core}`);
  }
  return {
    cpuCount,
    cpuCores: cores.size > 0 ? cores.size : cpuCount,
    cpuModel: first(sections, 'model name') ?? mainframeModel(text) ?? first(sections, 'cpu') ?? '',
    cpuFlags: first(sections, 'flags') ?? first(sections, 'features') ?? powerFlags(first(sections, 'cpu')),
  };
}

/** @param text of /proc/loadavg */
export function parseLoad(text: string): Readonly<Record<string, number>> {
  const [one = 0, five = 0, fifteen = 0] = text.split(' ').map(Number);
  return { '1': one, '5': five, '15': fifteen };
}

/** State of a process, one letter; undefined when the line cannot be understood. */
export function parseProcessState(stat: string): string | undefined {
  // The name stands in parentheses and may contain any character, also a closing one.
  return stat[stat.lastIndexOf(')') + 2];
}

/** Matahari's six keys; every process is counted in `total` and in one of the others. */
export function countProcesses(states: readonly string[]): Readonly<Record<string, number>> {
  const count = { total: 0, idle: 0, running: 0, sleeping: 0, stopped: 0, zombie: 0 };
  for (const state of states) {
    count.total += 1;
    count[kindOfState(state)] += 1;
  }
  return count;
}

/** Bits of a machine's word, by the name that uname(2) has for its hardware. */
export function wordsizeOf(arch: string): number {
  return /64|s390x|^alpha$/.test(arch) ? 64 : 32;
}

function kindOfState(state: string): 'idle' | 'running' | 'sleeping' | 'stopped' | 'zombie' {
  switch (state) {
    case 'R':
      return 'running';
    case 'I':
      return 'idle';
    case 'T':
    case 't':
      return 'stopped';
    case 'Z':
    case 'X':
      return 'zombie';
    default:
      return 'sleeping';
  }
}

function parseSection(text: string): ReadonlyMap<string, string> {
  const section = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at < 0) continue;
    const name = line.slice(0, at).trim();
    // arm64 writes `Features`.
    section.set(name === 'Features' ? 'features' : name, line.slice(at + 1).trim());
  }
  return section;
}

function first(sections: readonly ReadonlyMap<string, string>[], name: string): string | undefined {
  return sections.find((section) => section.has(name))?.get(name);
}

function mainframeModel(text: string): string | undefined {
  return /^processor \d+:.*\bmachine = (\w+)/m.exec(text)?.[1];
}

function powerFlags(cpu: string | undefined): string {
  return cpu?.includes('altivec supported') === true ? 'altivec' : '';
}
