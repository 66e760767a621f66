/** The processes of a coordinator as pm2 applications: one description for the supervisor, cped and production. */
import { dirname, join } from 'node:path';
import type { StartOptions } from 'pm2';
import { credentialsFile } from './credentials.js';
import type { SiteConfig } from './site-config.js';

/** What runs as long as the coordinator is up; DPEs come on top, started by cped. */
export function coordinatorApplications(home: string, config: SiteConfig): StartOptions[] {
  return [
    natsServer(home, config),
    cped(home, config),
    ...config.launcherHosts.map((host) => launcherd(home, config, host)),
  ];
}

/** nats-server is no Node program: it would outlive pm2's daemon and keep the port, so the kernel ties it to it. */
function natsServer(home: string, { natsServer: server }: SiteConfig): StartOptions {
  const config = join(home, 'nats', 'nats-server.conf');
  return {
    ...base(home, 'nats-server'),
    script: '/usr/bin/setpriv',
    args: ['--pdeathsig', 'KILL', '--', server, '-c', config],
    interpreter: 'none',
  };
}

function cped(home: string, config: SiteConfig): StartOptions {
  return {
    ...base(home, 'cped'),
    script: program('coordinator/cpe/main.js'),
    args: ['--home', home, '--bus', config.busUrl, '--credentials', credentialsFile(home, 'cpe')],
  };
}

function launcherd(home: string, config: SiteConfig, host: string): StartOptions {
  return {
    ...base(home, `launcherd-${host}`),
    script: program('launcher/launcherd.js'),
    args: [
      ...['--home', home, '--host', host, '--bus', config.busUrl],
      ...['--credentials', credentialsFile(home, 'launcher')],
    ],
  };
}

/** A Deployable Policy Engine; `name` is also how deployables are assigned to it. */
export function dped(home: string, config: SiteConfig, name: string): StartOptions {
  return {
    ...base(home, name),
    script: program('coordinator/dpe/main.js'),
    args: [
      ...['--home', home, '--name', name, '--bus', config.busUrl],
      ...['--credentials', credentialsFile(home, 'dpe')],
      ...['--heartbeat-ms', String(config.heartbeatMs), '--agent-lost-ms', String(config.agentLostMs)],
    ],
  };
}

function base(home: string, name: string): StartOptions {
  const log = join(home, 'logs', `${name}.log`);
  // What pm2 gives up as errored is started again with capped back-off by the supervisor, DPEs by cped.
  const ours = { pmx: false, vizion: false, treekill: false, merge_logs: true };
  return { name, cwd: home, output: log, error: log, autorestart: true, kill_timeout: 5_000, ...ours } as StartOptions;
}

function program(path: string): string {
  return join(distRoot(), path);
}

/** The directory that holds the compiled tree, wherever it was built to. */
function distRoot(): string {
  return dirname(dirname(import.meta.dirname));
}
