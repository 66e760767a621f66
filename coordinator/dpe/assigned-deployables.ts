/** The deployables that the CPE has assigned to this process: taken up, and let go of when they no longer are. */
import { type HostedDeployable, type HostOptions, hostDeployable } from './deployable-host.js';
import { type DeployableRecord, listDeployables } from './deployable-record.js';

export interface AssignedDeployables {
  /** Reads the assignment again. What could not be taken up (another process decides for it) is tried again each time. */
  look(): Promise<void>;
  /** Lets go of everything; nothing is taken up any more. */
  close(): Promise<void>;
}

interface Hosted {
  readonly running: HostedDeployable;
  /** Tells a deployable from a later one of its name. */
  readonly createdAt: number;
}

/** @param dpe name of this process, as the CPE's records have it */
export function followAssignments(dpe: string, given: Omit<HostOptions, 'onLost'>): AssignedDeployables {
  const { store, log } = given;
  const hosted = new Map<string, Hosted>();
  const refusals = new Map<string, string>();
  let isClosed = false;
  return {
    look: async () => {
      const assigned = (await listDeployables(store)).filter((record) => record.dpe === dpe && isHere(record));
      for (const [name, { running, createdAt }] of hosted) {
        if (assigned.some((record) => record.name === name && record.createdAt === createdAt)) continue;
        hosted.delete(name);
        await running.close();
        log.info({ deployable: name }, 'the deployable is assigned elsewhere or deleted');
      }
      for (const record of assigned) if (!hosted.has(record.name) && !isClosed) await takeUp(record);
    },
    close: async () => {
      isClosed = true;
      for (const { running } of hosted.values()) await running.close();
    },
  };

  /** A process of the same name may be on every machine. */
  function isHere({ machine }: DeployableRecord): boolean {
    return given.shared === undefined || machine === given.shared.machine;
  }

  async function takeUp({ name, createdAt, runOutLease }: DeployableRecord): Promise<void> {
    let isLost = false;
    const onLost = (deployable: string, reason: string) => {
      // It may be lost before it is known to be taken up.
      isLost = true;
      hosted.delete(deployable);
      log.warn({ deployable, reason }, 'no longer deciding for the deployable');
    };
    const outcome = await hostDeployable(name, { ...given, onLost }, runOutLease);
    if (outcome.kind === 'hosted') {
      if (!isLost) hosted.set(name, { running: outcome.hosted, createdAt });
      refusals.delete(name);
    } else if (refusals.get(name) !== outcome.reason) {
      refusals.set(name, outcome.reason);
      log.warn({ deployable: name, reason: outcome.reason }, 'not deciding for the deployable');
    }
  }
}
