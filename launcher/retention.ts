import { parseInstanceId } from '../proto/instance-id.js';
import type { InstanceView } from './driver.js';

/** Dead instances of one assembly whose state directories are kept, for people who want to know why they died. */
const KEPT_PER_ASSEMBLY = 3;

/**
 * The dead instances that may be forgotten: of each assembly all but the latest few, and only those whose death its DPE
 * has acknowledged. For anyone else a forgotten instance is `unknown`.
 */
export function forgettable(
  views: readonly InstanceView[],
  isDelivered: (instance: string) => boolean,
  kept = KEPT_PER_ASSEMBLY,
): string[] {
  const seen = new Map<string, number>();
  return views
    .filter((view) => view.kind === 'dead')
    .toSorted((one, other) => other.at - one.at)
    .filter(({ instance }) => {
      const id = parseInstanceId(instance);
      const assembly = `${id?.deployable}/${id?.assembly}`;
      const newer = seen.get(assembly) ?? 0;
      seen.set(assembly, newer + 1);
      return newer >= kept && isDelivered(instance);
    })
    .map(({ instance }) => instance);
}
