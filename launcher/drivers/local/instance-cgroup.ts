import { existsSync, readdirSync, readFileSync, realpathSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** CGROUP2_SUPER_MAGIC (statfs(2)). */
const cgroup2 = 0x63677270;
const deadlineMs = 2000;
const pollMs = 10;

/**
 * Removes the cgroups that an instance's agent has made in those of the machine; it writes where they are to its file
 * `cgroup`. What may still be in them is killed. To be called for a dead instance only.
 *
 * @param directory state directory of the instance
 * @returns whether nothing of them is left. The file is believed only if it names a cgroup of this very instance.
 */
export async function removeInstanceCgroup(directory: string, instance: string): Promise<boolean> {
  const cgroup = findInstanceCgroup(directory, instance);
  if (cgroup === undefined) return true;
  for (const deadline = performance.now() + deadlineMs; ; ) {
    tryTo(() => writeFileSync(join(cgroup, 'cgroup.kill'), '1'));
    removeEmpty(cgroup);
    if (!existsSync(cgroup)) return true;
    if (performance.now() > deadline) return false;
    // A process that has just died leaves its cgroup a moment later.
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function findInstanceCgroup(directory: string, instance: string): string | undefined {
  try {
    const path = readFileSync(join(directory, 'agent', 'cgroup'), 'utf8').trim();
    const isOurs = basename(path).startsWith(`cpe-${encodeURIComponent(instance)}.`) && realpathSync(path) === path;
    return isOurs && statfsSync(path).type === cgroup2 ? path : undefined;
  } catch {
    // It never had one, or it is gone already.
    return undefined;
  }
}

function removeEmpty(cgroup: string): void {
  tryTo(() => {
    for (const entry of readdirSync(cgroup, { withFileTypes: true })) {
      if (entry.isDirectory()) removeEmpty(join(cgroup, entry.name));
    }
    rmdirSync(cgroup);
  });
}

function tryTo(act: () => void): void {
  try {
    act();
  } catch {
    // Looked at again by the caller.
  }
}
