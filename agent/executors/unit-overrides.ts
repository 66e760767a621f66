import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SystemdManager, UnitState } from '../systemd/systemd-manager.js';

/** Takes repair out of systemd's hands where a unit has put it there. */
export interface UnitOverrides {
  /**
   * Resolves when the unit is as it should be, or cannot be made so by the deadline (as `performance.now()` counts): it can
   * be run all the same.
   */
  ensure(state: UnitState, deadline: number): Promise<void>;
}

const fileName = '50-pacemaker-cloud.conf';
const content = `# Written by the agent of Pacemaker Cloud: failures of this unit are repaired in the order of its deployable,
# counted and escalated. It is gone with the next boot.
[Service]
Restart=no
`;

/**
 * A unit with `Restart=` gets a drop-in without it, as Pacemaker's class systemd does (lib/services/systemd.c,
 * systemd_create_override): otherwise its failures would be neither seen by what depends on it nor counted. Other than
 * there the drop-in stays when the unit is stopped, so that a repair does not have systemd read every unit file twice.
 *
 * @param directory of runtime units: usually /run/systemd/system.
 */
export function unitOverrides(systemd: SystemdManager, directory = '/run/systemd/system'): UnitOverrides {
  /** Units whose drop-in systemd has been told of: where another drop-in has the last word, it keeps it. */
  const told = new Set<string>();
  return {
    async ensure({ name, restart = '' }, deadline) {
      if (restart === '' || restart === 'no') return;
      const path = join(directory, `${name}.d`, fileName);
      const isThere = readQuietly(path) === content;
      if (isThere && told.has(name)) return;
      if (!isThere && !writeQuietly(path)) return;
      told.add(name);
      await Promise.race([systemd.reload(), until(deadline)]);
    },
  };
}

function until(deadline: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, deadline - performance.now())).unref();
  });
}

function readQuietly(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** An agent that may start units but write none leaves them as they are. */
function writeQuietly(path: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return true;
  } catch {
    return false;
  }
}
