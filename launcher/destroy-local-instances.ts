/** Ends every instance of the local driver below a home directory, without its launcherds: `cpectl down`. */
import { realpath } from 'node:fs/promises';
import { openLocalDriver } from './drivers/local/local-driver.js';

export interface DestroyedInstances {
  readonly destroyed: readonly string[];
  readonly unproven: readonly { readonly instance: string; readonly reason: string }[];
}

/** No launcherd of these hosts may be running: two drivers on one journal would contradict each other. */
export async function destroyLocalInstances(home: string, hosts: readonly string[]): Promise<DestroyedInstances> {
  const destroyed: string[] = [];
  const unproven: { instance: string; reason: string }[] = [];
  for (const launcherHost of hosts) {
    // Nothing is started through it, so it needs neither init nor agent.
    const nothing = { initBinary: '', agentCommand: [], environment: {} };
    const driver = await openLocalDriver({ home: await realpath(home), launcherHost, ...nothing });
    for (const view of await driver.list()) {
      if (view.kind === 'dead') continue;
      const outcome = await driver.destroy(view.instance);
      if (outcome.kind === 'dead') destroyed.push(view.instance);
      else unproven.push({ instance: view.instance, reason: outcome.reason });
    }
    await driver.close();
  }
  return { destroyed, unproven };
}
