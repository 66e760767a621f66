import { readdir, readFile } from 'node:fs/promises';
import { type PidScope, type ProcessIdentity, readProcStat } from '../process-proof.js';

/**
 * The QEMU process that has this UUID on its command line (`-uuid`), whoever has started it; undefined when there is none
 * that can be seen. libvirtd has forgotten domains before: what was in /run is gone when somebody has emptied it, and the
 * guests run on.
 */
export async function findQemu(uuid: string, here: PidScope): Promise<ProcessIdentity | undefined> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const pid = Number(name);
    if (!(await hasUuid(pid, uuid))) continue;
    const stat = readProcStat(pid);
    if (stat === undefined || stat.state === 'Z' || stat.state === 'X') continue;
    return { pid, startTime: stat.startTime, ...here };
  }
  return undefined;
}

async function hasUuid(pid: number, uuid: string): Promise<boolean> {
  // Gone meanwhile, or another user's where /proc hides those.
  const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return args.indexOf('-uuid') > 0 && args[args.indexOf('-uuid') + 1] === uuid;
}
