import { isBootedBySystemd } from '../systemd/is-booted.js';
import { baseEnvironment } from './environment.js';

/**
 * What an init script finds in its environment. Where systemd has not booted this instance, but the machine whose files it
 * shares, Debian's scripts are told to do their work themselves (/lib/lsb/init-functions.d/40-systemd): they would hand
 * over to the machine's units, which are nobody's in here and outlive the instance.
 *
 * @param root stands for `/` in tests
 */
export function initScriptEnvironment(root = ''): Record<string, string> {
  return isBootedBySystemd(root) ? baseEnvironment() : { ...baseEnvironment(), SYSTEMCTL_SKIP_REDIRECT: '1' };
}
