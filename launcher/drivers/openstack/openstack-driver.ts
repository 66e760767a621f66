import { mkdir, realpath } from 'node:fs/promises';
import type { LauncherDriver } from '../../driver.js';
import type { DriverSettings } from '../driver-settings.js';
import { openInstanceDriver } from '../instance-driver.js';
import { type CloudTiming, createCloud } from './cloud.js';
import { reasonOf } from './cloud-fault.js';
import { findCloudAccess } from './clouds-yaml.js';
import type { HttpLimits } from './http-exchange.js';
import { openstackPlatform } from './openstack-platform.js';
import { createServerPoll } from './server-poll.js';

export interface OpenStackDriverOptions extends Pick<DriverSettings, 'home' | 'launcherHost' | 'address' | 'log'> {
  /** Where OS_CLIENT_CONFIG_FILE, OS_CLOUD and OS_REGION_NAME are; default this process's. */
  readonly cloudEnvironment?: Readonly<Record<string, string | undefined>>;
  /** Between two listings of servers; default 5 s, and 1 s while something is expected. */
  readonly pollMs?: number;
  readonly expectingMs?: number;
  readonly timing?: Partial<CloudTiming>;
  readonly limits?: Partial<HttpLimits>;
  readonly proofDeadlineMs?: number;
}

const POLL_MS = 5_000;
const EXPECTING_MS = 1_000;
/** Nova's hosts take their time to delete a server. */
const PROOF_DEADLINE_MS = 120_000;

/**
 * Opens a launcher host in front of a cloud, or of one of its regions: `--driver openstack:CLOUD` or
 * `openstack:CLOUD/REGION`, as they are called in clouds.yaml (clouds-yaml.ts). A cloud that does not answer yet is no
 * hindrance. Rejects when clouds.yaml does not say how to reach it, or when the journal cannot be read.
 */
export async function openOpenStackDriver(options: OpenStackDriverOptions): Promise<LauncherDriver> {
  const { launcherHost, address, log, cloudEnvironment = process.env } = options;
  const [cloudName, region] = address?.split('/') ?? [];
  const found = await findCloudAccess({ cloud: cloudName, region, environment: cloudEnvironment });
  if (found.kind === 'problem') throw new Error(found.problem);
  await mkdir(options.home, { recursive: true });
  const home = await realpath(options.home);
  const { timing, limits, proofDeadlineMs = PROOF_DEADLINE_MS } = options;
  const cloud = createCloud({ access: found.access, launcherHost, log, timing, limits });
  const poll = createServerPoll({
    list: () => cloud.servers(),
    intervalMs: options.pollMs ?? POLL_MS,
    expectingMs: options.expectingMs ?? EXPECTING_MS,
  });
  void cloud
    .nova()
    .then(({ version }) => log('info', 'Nova answers', { cloud: found.access.cloud, microversion: version }))
    .catch((error) => log('warn', 'the cloud cannot be used yet', { error: reasonOf(error) }));
  const platform = openstackPlatform(cloud, poll);
  return openInstanceDriver({ name: 'openstack', home, launcherHost, platform, proofDeadlineMs });
}
