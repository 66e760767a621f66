import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isBootedBySystemd } from './is-booted.js';

const pollMs = 50;
const deadlineMs = 120_000;
const units = ['etc/systemd/system', 'run/systemd/system', 'usr/lib/systemd/system', 'lib/systemd/system'];

/**
 * Resolves when the system bus can be asked, or will not be there: an agent is up before it while a machine boots, and an
 * order for a unit has to wait for it then rather than fail. At once where it is there, where systemd has booted nothing,
 * and where no unit would make it; after two minutes in any case.
 *
 * @param root of all paths that are looked at
 */
export async function busOfBoot(root = '/'): Promise<void> {
  const socket = join(root, 'run/dbus/system_bus_socket');
  const isExpected =
    isBootedBySystemd(root === '/' ? '' : root) && units.some((path) => existsSync(join(root, path, 'dbus.socket')));
  const deadline = performance.now() + deadlineMs;
  while (isExpected && !existsSync(socket) && performance.now() < deadline) {
    await pause(pollMs, undefined, { ref: false });
  }
}
