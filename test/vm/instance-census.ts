/** Counts, from outside of everything that decides, how many instances of each assembly run at once. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { machineUuid } from '../../launcher/drivers/qemu/machine.js';

export interface InstanceCensus {
  /** How often was counted. */
  rounds(): number;
  /** What was seen that must never be: one sentence each. */
  violations(): readonly string[];
  close(): void;
}

const intervalMs = 25;

/** @param home of the coordinator whose instances are counted */
export function takeCensus(home: string): InstanceCensus {
  const violations: string[] = [];
  let rounds = 0;
  const timer = setInterval(() => {
    rounds += 1;
    const byAssembly = new Map<string, string[]>();
    for (const { instance } of machinesOf(home)) {
      const assembly = instance.split('.').slice(0, 2).join('.');
      byAssembly.set(assembly, [...(byAssembly.get(assembly) ?? []), instance]);
    }
    for (const [assembly, instances] of byAssembly) {
      if (instances.length > 1) violations.push(`${assembly} runs as ${instances.join(' and ')}`);
    }
  }, intervalMs);
  return {
    rounds: () => rounds,
    violations: () => [...new Set(violations)],
    close: () => clearInterval(timer),
  };
}

export interface Machine {
  readonly instance: string;
  /** Of its init, or of the QEMU that libvirt has started for it. */
  readonly pid: number;
}

/** The machines of a home that run, by the command lines of their processes. */
export function machinesOf(home: string): readonly Machine[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const text = read(`/proc/${name}/cmdline`);
      const domain = /\0guest=cpe-([^,\0]+)/.exec(text)?.[1];
      if (domain !== undefined) return isDomainOf(home, domain, text) ? [{ instance: domain, pid: Number(name) }] : [];
      const [program = '', ...rest] = text.split('\0');
      const directory = rest[0] === '--once' ? rest[1] : rest[0];
      if (!program.endsWith('/cpe-instance-init') || directory?.startsWith(home) !== true) return [];
      // The courier that starts an init, and the shell that it forks, are called the same: init is PID 1 of a namespace.
      const status = read(`/proc/${name}/status`);
      const isInit = /^NSpid:.*\t1$/m.test(status) && !/^State:\t[ZX]/m.test(status);
      return isInit ? [{ instance: basename(directory), pid: Number(name) }] : [];
    });
}

/** Nothing of a domain has to be below the home: its UUID follows from that. */
function isDomainOf(home: string, instance: string, commandLine: string): boolean {
  const [, , launcherHost = ''] = instance.split('.');
  return commandLine.includes(`\0-uuid\0${machineUuid(home, launcherHost, instance)}\0`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
