import { readdir, readFile } from 'node:fs/promises';
import { machineUuid } from './machine.js';

export interface FoundMachine {
  readonly instance: string;
  readonly pid: number;
  /** Its init. */
  readonly parentPid: number;
}

/**
 * The QEMU processes of this machine that were started for instances of a launcher host, by what their command line
 * says of them (qemu-arguments.ts): the name of the instance, and the UUID that follows from it.
 */
export async function findMachines(home: string, launcherHost: string): Promise<FoundMachine[]> {
  const found: FoundMachine[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const instance = await readInstance(`/proc/${name}`, home, launcherHost);
    const parentPid = instance === undefined ? undefined : await readParent(`/proc/${name}`);
    if (instance !== undefined && parentPid !== undefined) found.push({ instance, pid: Number(name), parentPid });
  }
  return found;
}

/** The child of an instance's init: QEMU, or what is about to become it. Undefined when there is none right now. */
export async function findChildPid(initPid: number): Promise<number | undefined> {
  try {
    const [child] = (await readFile(`/proc/${initPid}/task/${initPid}/children`, 'utf8')).trim().split(' ');
    return child === undefined || child === '' ? undefined : Number(child);
  } catch {
    // It has just ended, or the kernel does not tell: this is for people to see, and no proof of anything.
    return undefined;
  }
}

async function readInstance(process: string, home: string, launcherHost: string): Promise<string | undefined> {
  const args = (await readFile(`${process}/cmdline`, 'utf8').catch(() => '')).split('\0');
  if (!/(^|\/)qemu-system-[^/]+$/.test(args[0] ?? '')) return undefined;
  const instance = /^guest=([A-Za-z0-9_.-]+)$/.exec(args[args.indexOf('-name') + 1] ?? '')?.[1];
  if (instance === undefined) return undefined;
  return args[args.indexOf('-uuid') + 1] === machineUuid(home, launcherHost, instance) ? instance : undefined;
}

async function readParent(process: string): Promise<number | undefined> {
  const status = await readFile(`${process}/status`, 'utf8').catch(() => '');
  const parent = /^PPid:\t(\d+)$/m.exec(status)?.[1];
  return parent === undefined ? undefined : Number(parent);
}
