import { watch } from 'node:fs';
import { join } from 'node:path';
import { isPopulated } from './cgroup.js';

/**
 * Calls `onEmpty` whenever the last process of a cgroup and of those below it has ended: the kernel tells of changes of
 * `populated` by IN_MODIFY of cgroup.events (cgroup-v2.rst). All watches of this process share one inotify instance.
 *
 * @returns what ends it; undefined when no inotify instance or watch is left.
 */
export function followCgroup(directory: string, onEmpty: () => void): (() => void) | undefined {
  try {
    const watcher = watch(join(directory, 'cgroup.events'), { persistent: false }, () => {
      if (!isPopulated(directory)) onEmpty();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return undefined;
  }
}
