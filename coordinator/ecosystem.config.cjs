/**
 * The processes of a coordinator as a pm2 ecosystem: one description for the supervisor, and for anyone who runs pm2
 * by hand (`CPE_HOME=DIR pm2-runtime coordinator/ecosystem.config.cjs`, after `cpectl up` has set DIR up once).
 * DPEs come on top, started by cped through pm2's API.
 */
const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

/** What all applications have: pm2's own extras are off, and nothing but our log files is written. */
function application(home, name, rest) {
  const log = join(home, 'logs', `${name}.log`);
  return {
    name,
    cwd: home,
    output: log,
    error: log,
    merge_logs: true,
    autorestart: true,
    kill_timeout: 5000,
    pmx: false,
    vizion: false,
    treekill: false,
    ...rest,
  };
}

/** What runs as long as the coordinator is up. `dist`: where the compiled tree lies. */
function applications(home, config, dist) {
  const credentials = (name) => ['--credentials', join(home, 'credentials', `${name}.creds`)];
  const busServer = config.natsServer === '' ? [] : [natsServer(home, config)];
  return [
    ...busServer,
    application(home, 'cped', {
      script: join(dist, 'coordinator/cpe/main.js'),
      args: ['--home', home, '--bus', config.busUrl, ...credentials('cpe')],
    }),
    ...config.launcherHosts.map((launcherHost) =>
      launcherd(home, dist, {
        launcherHost,
        driver: config.drivers?.[launcherHost] ?? 'local',
        busServers: [config.busUrl],
        credentialsFile: join(home, 'credentials', `launcher-${launcherHost}.creds`),
      }),
    ),
  ];
}

/** No Node program: it would outlive pm2's daemon and keep the port, so the kernel ties it to the daemon's life. */
function natsServer(home, config) {
  return application(home, 'nats-server', {
    script: '/usr/bin/setpriv',
    args: ['--pdeathsig', 'KILL', '--', config.natsServer, '-c', join(home, 'nats', 'nats-server.conf')],
    interpreter: 'none',
  });
}

/** The launcher of one launcher host; `rest`: what it has besides, where it runs alone. */
function launcherd(home, dist, { launcherHost, driver, busServers, credentialsFile }, rest) {
  return application(home, `launcherd-${launcherHost}`, {
    script: join(dist, 'launcher/launcherd.js'),
    args: [
      ...['--home', home, '--host', launcherHost, '--bus', busServers.join(',')],
      ...['--credentials', credentialsFile, '--driver', driver],
    ],
    ...rest,
  });
}

function fromEnvironment() {
  const home = process.env.CPE_HOME;
  if (home === undefined) return [];
  const config = JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'));
  return applications(home, config, resolve(__dirname, '../dist'));
}

module.exports = { apps: fromEnvironment(), application, applications, launcherd };
