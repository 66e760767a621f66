import { mkdir, realpath } from 'node:fs/promises';
import type { LauncherDriver } from '../../driver.js';
import { openInstanceDriver } from '../instance-driver.js';
import { type LocalPlatformOptions, localPlatform } from './local-platform.js';

export interface LocalDriverOptions extends LocalPlatformOptions {
  /** The state directory of the whole system. */
  readonly home: string;
  /** How long after SIGKILL the proof of death may take; default 10 s. */
  readonly proofDeadlineMs?: number;
}

/** Rejects when the journal cannot be read at all. */
export async function openLocalDriver(options: LocalDriverOptions): Promise<LauncherDriver> {
  await mkdir(options.home, { recursive: true });
  // A home has one name, however it is reached.
  const home = await realpath(options.home);
  const { launcherHost, proofDeadlineMs } = options;
  const platform = localPlatform({ ...options, home });
  return openInstanceDriver({ name: 'local', home, launcherHost, platform, proofDeadlineMs });
}
