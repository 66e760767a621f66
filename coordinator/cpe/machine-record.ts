/** The coordinator machines of a site, as each tells of itself in the store. */
import { type LeaseSight, leaseWatchMs } from '../dpe/lease.js';
import type { JsonValue } from '../state/json.js';
import type { Store } from '../store/store.js';

export interface MachineRecord {
  readonly name: string;
  /** See `machineId`. */
  readonly place: string;
  /** New at every start of its cped. */
  readonly incarnation: string;
  /** Unix ms, by its own clock. */
  readonly startedAt: number;
  readonly version: string;
  /** It is going down in order: what it decides for goes elsewhere at once. */
  readonly isLeaving: boolean;
  /** Grows: what makes the record another one. Nobody compares its clock with theirs. */
  readonly beat: number;
}

export interface SeenMachine extends MachineRecord {
  readonly standing: 'in-service' | 'leaving' | 'silent';
  /** How long its record has been seen unchanged, by the clock of who looks. */
  readonly unchangedMs: number;
}

export const machineBeatMs = 2_000;
const prefix = 'machine/';
const maxMachines = 1_000;

export function machineKey(name: string): string {
  return `${prefix}${name}`;
}

/** A machine is silent when its record has not changed for as long as a lease may last. */
export async function lookAtMachines(store: Store, sight: LeaseSight): Promise<readonly SeenMachine[]> {
  const records = await store.list(prefix, maxMachines);
  return records.map(({ key, value, revision }) => {
    const machine = value as unknown as MachineRecord;
    const unchangedMs = sight.see(key, revision);
    const standing = machine.isLeaving ? 'leaving' : unchangedMs >= leaseWatchMs ? 'silent' : 'in-service';
    return { ...machine, standing, unchangedMs };
  });
}

/**
 * Tells that the machine is there. `expected` is the revision that the last beat returned. Conflict: another machine
 * goes by this name.
 */
export async function beatMachine(
  store: Store,
  record: MachineRecord,
  expected: number | 'any',
): Promise<
  | { readonly kind: 'told'; readonly revision: number }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'refused'; readonly reason: string }
> {
  const stored = await store.put(machineKey(record.name), record as unknown as JsonValue, expected);
  switch (stored.kind) {
    case 'stored':
      return { kind: 'told', revision: stored.revision };
    case 'conflict':
      return { kind: 'conflict' };
    case 'fenced':
      return { kind: 'refused', reason: 'fenced' };
    case 'refused':
      return { kind: 'refused', reason: stored.message };
  }
}
