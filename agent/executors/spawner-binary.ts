import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The program of native/spawner.c, as it was built for this package; undefined where it was not. In the agent that is
 * shipped another module stands in for this one, with the program in it (tools/setup/bundle-agent.ts).
 */
export function readSpawnerBinary(): Buffer | undefined {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
  const path = join(directory, '.native', 'cpe-spawner');
  return existsSync(path) ? readFileSync(path) : undefined;
}
