/** The deployables that the CPE has assigned to this process: taken up, and let go of when they no longer are. */
import { type HostedDeployable, type HostOptions, hostDeployable } from './deployable-host.js';
import { listDeployables } from './deployable-record.js';

export interface AssignedDeployables {
  /** Reads the assignment again. What could not be taken up (another process decides for it) is tried again each time. */
  look(): Promise<void>;
  /** Lets go of everything; nothing is taken up any more. */
  close(): Promise<void>;
}

/** @param dpe name of this process, as the CPE's records have it */
export function followAssignments(dpe: string, given: Omit<HostOptions, 'onLost'>): AssignedDeployables {
  const { store, log } = given;
  const hosted = new Map<string, HostedDeployable>();
  const refusals = new Map<string, string>();
  let isClosed = false;
  const options: HostOptions = {
    ...given,
    onLost: (deployable, reason) => {
      hosted.delete(deployable);
      log.warn({ deployable, reason }, 'no longer deciding for the deployable');
    },
  };
  return {
    look: async () => {
      const assigned = (await listDeployables(store)).filter((record) => record.dpe === dpe).map(({ name }) => name);
      for (const [deployable, running] of hosted) if (!assigned.includes(deployable)) await letGo(deployable, running);
      for (const deployable of assigned) if (!hosted.has(deployable) && !isClosed) await takeUp(deployable);
    },
    close: async () => {
      isClosed = true;
      for (const running of hosted.values()) await running.close();
    },
  };

  async function letGo(deployable: string, running: HostedDeployable): Promise<void> {
    hosted.delete(deployable);
    await running.close();
    log.info({ deployable }, 'the deployable is assigned elsewhere or deleted');
  }

  async function takeUp(deployable: string): Promise<void> {
    const outcome = await hostDeployable(deployable, options);
    if (outcome.kind === 'hosted') {
      hosted.set(deployable, outcome.hosted);
      refusals.delete(deployable);
    } else if (refusals.get(deployable) !== outcome.reason) {
      refusals.set(deployable, outcome.reason);
      log.warn({ deployable, reason: outcome.reason }, 'not deciding for the deployable');
    }
  }
}
