import type { InstanceSpec, LauncherDriver } from '../driver.js';
import type { InstanceRecord } from './journal.js';

type Capacity = Awaited<ReturnType<LauncherDriver['capacity']>>;

/**
 * Why a launcher host has no room for one more instance, or undefined. Memory that is handed out is reserved, across all
 * deployables: nobody else sees all of them. Processors are not: they are shared, and too many of them make everything
 * slower where too little memory ends something. What does not say how much it takes is not counted.
 *
 * @param living instances that are not proven dead
 * @param capacity of the launcher host in all; undefined when it does not tell
 */
export function refuseForRoom(
  { memoryMiB }: Pick<InstanceSpec, 'memoryMiB'>,
  living: readonly Pick<InstanceRecord, 'memoryMiB'>[],
  capacity: Capacity,
): string | undefined {
  if (memoryMiB === undefined || capacity === undefined) return undefined;
  const taken = living.reduce((sum, each) => sum + (each.memoryMiB ?? 0), 0);
  const left = Math.max(0, capacity.memoryMiB - taken);
  if (memoryMiB <= left) return undefined;
  return `the launcher host has no room: ${memoryMiB} MiB are asked for, and of ${capacity.memoryMiB} MiB ${left} MiB are left`;
}
