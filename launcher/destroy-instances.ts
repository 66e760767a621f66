/** Ends every instance of this machine's launcher hosts below a home directory, without its launcherds: `cpectl down`. */
import { mkdir, realpath } from 'node:fs/promises';
import { openDriver, parseDriverChoice } from './drivers/open-driver.js';
import { imagesDirectory } from './images/images-directory.js';
import { removeGuestNetwork } from './network/guest-network.js';

export interface DestroyedInstances {
  readonly destroyed: readonly string[];
  readonly unproven: readonly { readonly instance: string; readonly reason: string }[];
}

/**
 * No launcherd of these hosts may be running: two drivers on one journal would contradict each other.
 *
 * @param hosts name of the launcher host to its driver as in `--driver`
 */
export async function destroyInstances(
  home: string,
  hosts: Readonly<Record<string, string>>,
): Promise<DestroyedInstances> {
  const destroyed: string[] = [];
  const unproven: { instance: string; reason: string }[] = [];
  await mkdir(home, { recursive: true });
  const real = await realpath(home);
  for (const [launcherHost, driver] of Object.entries(hosts)) {
    const outcome = await destroyAll(real, launcherHost, driver).catch((error: unknown) => ({
      destroyed: [],
      unproven: [{ instance: `what runs on launcher host ${launcherHost}`, reason: String(error) }],
    }));
    destroyed.push(...outcome.destroyed);
    unproven.push(...outcome.unproven);
  }
  return { destroyed, unproven };
}

async function destroyAll(home: string, launcherHost: string, choice: string): Promise<DestroyedInstances> {
  const destroyed: string[] = [];
  const unproven: { instance: string; reason: string }[] = [];
  const { name, address } = parseDriverChoice(choice) ?? {};
  if (name === undefined) throw new Error(`there is no driver ${choice}`);
  const driver = await openDriver(name, {
    home,
    launcherHost,
    address,
    initBinary: '',
    agentCommand: [],
    environment: {},
    imagesDirectory: imagesDirectory({ option: undefined, environment: process.env, home }),
    busServers: [],
    canStart: false,
    log: () => undefined,
  });
  try {
    for (const view of await driver.list()) {
      if (view.kind === 'dead') continue;
      const outcome = await driver.destroy(view.instance);
      if (outcome.kind === 'dead') destroyed.push(view.instance);
      else unproven.push({ instance: view.instance, reason: outcome.reason });
    }
  } finally {
    await driver.close();
  }
  // Most launcher hosts never had one. One that something still uses stays, and is no reason to fail.
  if (unproven.length === 0) await removeGuestNetwork({ home, launcherHost }).catch(() => undefined);
  return { destroyed, unproven };
}
