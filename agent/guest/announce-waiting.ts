import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { waitingForIdentity } from '../../proto/guest-credentials.js';
import { isBootedBySystemd } from '../systemd/is-booted.js';

/**
 * Writes to the console that this guest waits for an identity, as soon as it has booted: when all jobs of systemd are
 * done, whether they went well or not. The returned function ends that, and tells whether it was said.
 */
export function announceWaiting(console = '/dev/console'): () => boolean {
  let boot: ChildProcess | undefined;
  let isOver = false;
  let isSaid = false;
  const announce = (): void => {
    if (isOver || isSaid) return;
    isSaid = true;
    try {
      appendFileSync(console, `\n${waitingForIdentity}\n`);
    } catch {
      // Without a console nobody waits for it either.
    }
  };
  if (isBootedBySystemd()) {
    boot = spawn('systemctl', ['--wait', '--quiet', 'is-system-running'], { stdio: 'ignore' });
    // It ends with 1 after a boot in which something has failed.
    boot.once('error', announce).once('exit', announce);
  } else announce();
  return () => {
    isOver = true;
    boot?.kill();
    return isSaid;
  };
}
