/**
 * The DPE processes under pm2: level-driven, so that whatever was lost or killed, the next look puts it right. pm2
 * itself restarts a DPE that exits; one that it gave up is started again here, with capped back-off.
 */
import { listDeployables } from '../dpe/deployable-record.js';
import type { Logger } from '../dpe/runtime-ports.js';
import type { Store } from '../store/store.js';
import { dped } from './applications.js';
import { ensureIdentity } from './credentials.js';
import {
  connectProcessManager,
  type ManagedProcess,
  outliveClientErrors,
  type ProcessManager,
} from './process-manager.js';
import { RestartBackOff } from './restart-back-off.js';
import type { SiteConfig } from './site-config.js';

const checkMs = 2_000;
const prefix = 'dped-';

export interface DpeProcesses {
  /** Looks at once: something was created or deleted. */
  look(): void;
  list(): Promise<readonly ManagedProcess[]>;
  close(): void;
}

export async function superviseDpes(options: {
  readonly home: string;
  readonly config: SiteConfig;
  readonly store: Store;
  readonly log: Logger;
}): Promise<DpeProcesses> {
  const { home, config, store, log } = options;
  outliveClientErrors();
  const pm2 = await connectProcessManager(home);
  const backOff = new RestartBackOff();
  let isBusy = false;
  let isWanted = false;
  const timer = setInterval(() => void look(), checkMs);
  void look();
  return {
    look: () => void look(),
    list: () => pm2.list(),
    close: () => {
      clearInterval(timer);
      pm2.close();
    },
  };

  async function look(): Promise<void> {
    isWanted = true;
    if (isBusy) return;
    isBusy = true;
    while (isWanted) {
      isWanted = false;
      await reconcile(pm2).catch((error: unknown) => log.error({ err: error }, 'DPE processes'));
    }
    isBusy = false;
  }

  async function reconcile(manager: ProcessManager): Promise<void> {
    const records = await listDeployables(store);
    const here = records.filter(({ machine }) => config.machine === undefined || machine === config.machine);
    const wanted = new Set(here.map(({ dpe }) => dpe));
    const running = new Map((await manager.list()).map((each) => [each.name, each]));
    for (const name of wanted) {
      const found = running.get(name);
      if (found === undefined) {
        await ensureIdentity(home, 'dpe', name);
        await manager.start(dped(home, config, name));
        log.info({ name }, 'DPE started');
      } else if ((found.status === 'errored' || found.status === 'stopped') && backOff.mayStart(name, Date.now())) {
        log.warn({ name, status: found.status }, 'starting the DPE again');
        await manager.restart(name);
      }
    }
    for (const name of running.keys()) {
      if (!name.startsWith(prefix) || wanted.has(name)) continue;
      await manager.remove(name);
      log.info({ name }, 'DPE stopped: nothing is assigned to it');
    }
  }
}
