import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What the choice of the home depends on besides the option. */
export interface HomeSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  readonly userHome: string;
  readonly exists: (path: string) => boolean;
}

/** State directory of the system service. */
export const systemHome = '/var/lib/pacemaker-cloud';

/**
 * The absolute path of the coordinator's state directory. The first that says something wins: `option` (`--home`),
 * CPE_HOME, for root the system service's directory once `cpectl up` or `cpectl launcher up` has set it up, and the user's own under
 * XDG_STATE_HOME (XDG Base Directory Specification: a relative value there counts as none).
 */
export function resolveHome(option: string | undefined, surroundings: HomeSurroundings = ofThisProcess()): string {
  const { environment, isRoot, userHome, exists } = surroundings;
  const chosen = option || environment.CPE_HOME;
  if (chosen) return resolve(chosen);
  const isSetUp = ['config.json', 'launcher-host.json'].some((file) => exists(join(systemHome, file)));
  if (isRoot && isSetUp) return systemHome;
  const { XDG_STATE_HOME: stateHome } = environment;
  const base = stateHome?.startsWith('/') ? stateHome : join(userHome, '.local', 'state');
  return join(base, 'pacemaker-cloud');
}

function ofThisProcess(): HomeSurroundings {
  return {
    environment: process.env,
    isRoot: process.getuid?.() === 0,
    userHome: homedir(),
    exists: existsSync,
  };
}
