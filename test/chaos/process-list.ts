/** The processes of this machine as /proc tells of them; one that ends meanwhile is left out. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  /** Executable's name, as the kernel keeps it (15 characters). */
  readonly name: string;
  readonly args: readonly string[];
}

export function processes(): readonly ListedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state = '', parent = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z' || state === 'X') return [];
        const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
        const own = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        return [{ pid: Number(name), parent: Number(parent), name: own, args: args.slice(0, -1) }];
      } catch {
        return [];
      }
    });
}

export function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Its command line or its environment names the path. A process may have overwritten the former with its title. */
export function belongsTo({ pid, args }: ListedProcess, path: string): boolean {
  if (args.some((arg) => arg.includes(path))) return true;
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(path);
  } catch {
    return false;
  }
}
