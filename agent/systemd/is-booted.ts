import { existsSync, readFileSync } from 'node:fs';

/**
 * Whether systemd has booted what this process lives in: sd_booted(3), and it is PID 1 as seen from here. An instance that
 * shares the files of a machine and has a PID 1 of its own would otherwise take the machine's units for its own, and leave
 * them behind at its end.
 */
export function isBootedBySystemd(root = ''): boolean {
  if (!existsSync(`${root}/run/systemd/system`)) return false;
  try {
    const name = readFileSync(`${root}/proc/1/comm`, 'utf8').trim();
    return name === 'systemd' || name === 'init';
  } catch {
    return false;
  }
}
