import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What builds the binary, relative to the package's root. */
export const SCHEDULER_BUILD_COMMAND = 'sh coordinator/scheduler/native/build.sh .native';

/** Path of the binary that SCHEDULER_BUILD_COMMAND builds, whether it is there or not. */
export function schedulerBinary(): string {
  return join(packageRoot(), '.native', 'cpe-scheduler');
}

/** The nearest directory above this module with a package.json, wherever tsc wrote the module. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json')) && directory !== dirname(directory)) {
    directory = dirname(directory);
  }
  return directory;
}
