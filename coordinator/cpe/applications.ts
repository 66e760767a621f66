/** The processes of a coordinator as pm2 applications; coordinator/ecosystem.config.cjs describes them. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { StartOptions } from 'pm2';
import { packageRoot } from '../scheduler/scheduler-binary.js';
import { credentialsFile } from './credentials.js';
import type { SiteConfig } from './site-config.js';

interface Ecosystem {
  application(home: string, name: string, rest: Partial<StartOptions>): StartOptions;
  applications(home: string, config: SiteConfig, dist: string): StartOptions[];
}

const ecosystem = createRequire(import.meta.url)(
  join(packageRoot(), 'coordinator', 'ecosystem.config.cjs'),
) as Ecosystem;

/** The directory that holds the compiled tree, wherever it was built to. */
const dist = dirname(dirname(import.meta.dirname));

/** What runs as long as the coordinator is up. What pm2 gives up as errored is the supervisor's to start again. */
export function coordinatorApplications(home: string, config: SiteConfig): StartOptions[] {
  return ecosystem.applications(home, config, dist);
}

/** A Deployable Policy Engine; `name` is also how deployables are assigned to it. */
export function dped(home: string, config: SiteConfig, name: string): StartOptions {
  return ecosystem.application(home, name, {
    script: join(dist, 'coordinator/dpe/main.js'),
    args: [
      ...['--home', home, '--name', name, '--bus', config.busUrl],
      ...['--credentials', credentialsFile(home, 'dpe')],
      ...['--launcher-hosts', config.launcherHosts.join(',')],
      ...['--heartbeat-ms', String(config.heartbeatMs), '--agent-lost-ms', String(config.agentLostMs)],
    ],
  });
}
