import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode } from '../../error-code.js';
import { prepareCommitment } from '../commitment.js';
import type { Place, Settled } from '../platform.js';
import { settleProcess } from '../process-life.js';
import type { ProcessIdentity } from '../process-proof.js';

/**
 * The life of a machine. A start may have two attempts: to restore it from a template, in the directory `warm-start` of
 * the instance's own, with a commitment of its own there (commitment.ts), and then, when what that has started is proven
 * dead, a cold boot. The second one begins after the first has ended, and whoever settles the start rules it out first:
 * so there is one life at most.
 */
export interface MachineLife extends ProcessIdentity {
  readonly isWarm: boolean;
}

const WARM_START = 'warm-start';

/** Where the files of an attempt's process are. */
export function attemptPlace({ isWarm }: Pick<MachineLife, 'isWarm'>, place: Place): Place {
  return isWarm ? { ...place, directory: join(place.directory, WARM_START) } : place;
}

/** Makes the place of the first attempt, all at once. */
export async function makeWarmPlace(place: Place): Promise<Place> {
  const warm = attemptPlace({ isWarm: true }, place);
  const fresh = `${warm.directory}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await prepareCommitment(fresh);
  await rename(fresh, warm.directory);
  return warm;
}

/** Platform.settle. */
export async function settleMachine(place: Place): Promise<Settled<MachineLife>> {
  const cold = await settleAttempt(place, false);
  if (cold.kind === 'life') return cold;
  const { directory } = attemptPlace({ isWarm: true }, place);
  return (await isThere(directory)) ? settleAttempt(place, true) : cold;
}

/** What has become of one attempt alone. */
export async function settleAttempt(place: Place, isWarm: boolean): Promise<Settled<MachineLife>> {
  const settled = await settleProcess(attemptPlace({ isWarm }, place));
  return settled.kind === 'life' ? { kind: 'life', life: { ...settled.life, isWarm } } : settled;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
}
