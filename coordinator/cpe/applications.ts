/** The processes of a coordinator as pm2 applications; coordinator/ecosystem.config.cjs describes them. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { StartOptions } from 'pm2';
import { packageRoot } from '../scheduler/scheduler-binary.js';
import { credentialsFile } from './credentials.js';
import { type LauncherHome, readLauncherHome } from './launcher-home.js';
import { readSiteConfig, type SiteConfig } from './site-config.js';

interface Ecosystem {
  application(home: string, name: string, rest: Partial<StartOptions>): StartOptions;
  applications(home: string, config: SiteConfig, dist: string): StartOptions[];
  launcherd(home: string, dist: string, launcher: LauncherHome, rest: Partial<StartOptions>): StartOptions;
}

const ecosystem = createRequire(import.meta.url)(
  join(packageRoot(), 'coordinator', 'ecosystem.config.cjs'),
) as Ecosystem;

/** The directory that holds the compiled tree, wherever it was built to. */
const dist = dirname(dirname(import.meta.dirname));

/**
 * What runs as long as this home is up, a coordinator's or a launcher host's; undefined when it was never set up. What pm2
 * gives up as errored is the supervisor's to start again. Throws when the home is damaged.
 */
export function applicationsOf(home: string): StartOptions[] | undefined {
  const site = readSiteConfig(home);
  if (site !== undefined) return ecosystem.applications(home, site, dist);
  const launcher = readLauncherHome(home);
  if (launcher === undefined) return undefined;
  // No cped runs there that would look after the supervisor.
  const keepers = ['--import', join(import.meta.dirname, 'keep-supervisor.js')];
  return [ecosystem.launcherd(home, dist, launcher, launcher.isForeground ? {} : { node_args: keepers })];
}

/** A Deployable Policy Engine; `name` is also how deployables are assigned to it. */
export function dped(home: string, config: SiteConfig, name: string): StartOptions {
  return ecosystem.application(home, name, {
    script: join(dist, 'coordinator/dpe/main.js'),
    args: [
      ...['--home', home, '--name', name, '--bus', config.busUrl],
      ...['--credentials', credentialsFile(home, 'dpe', name)],
      ...['--launcher-hosts', config.launcherHosts.join(',')],
      ...(config.machine === undefined ? [] : ['--machine', config.machine]),
      ...['--store', config.store ?? 'lmdb'],
      ...['--heartbeat-ms', String(config.heartbeatMs), '--agent-lost-ms', String(config.agentLostMs)],
    ],
  });
}
