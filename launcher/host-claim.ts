import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { hasErrorCode } from './error-code.js';

export interface HostClaim {
  release(): void;
}

const RETRY_MS = 250;

/**
 * Waits until this process is the only launcherd of a launcher host in a home: two would write one journal. The claim
 * is a bound abstract socket (unix(7)), which the kernel frees at the instant of its owner's death, however it dies.
 * `onWait` is called once when another one has it. `home` must be a real path.
 */
export async function claimHost(home: string, launcherHost: string, onWait: () => void): Promise<HostClaim> {
  const digest = createHash('sha256').update(`${home}\0${launcherHost}`).digest('hex');
  const name = `\0cpe-launcherd-${digest.slice(0, 40)}`;
  for (let attempt = 0; ; attempt += 1) {
    const server = await bind(name);
    if (server !== undefined) return { release: () => server.close() };
    if (attempt === 0) onWait();
    await delay(RETRY_MS);
  }
}

function bind(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => (hasErrorCode(error, 'EADDRINUSE') ? resolve(undefined) : reject(error)));
    server.listen(name, () => resolve(server.unref()));
  });
}
