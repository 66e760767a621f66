/** The home of a launcher host on a machine of its own: one launcherd, what keeps it running, and nothing of a coordinator. */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { maxHomeLength } from './process-manager.js';
import { configFile } from './site-config.js';

/** What `cpectl launcher up` decided for a home directory. */
export interface LauncherHome {
  readonly launcherHost: string;
  /** DRIVER[:ADDRESS], as launcherd takes it. */
  readonly driver: string;
  /** URLs of the site's bus servers; any of them will do. */
  readonly busServers: readonly string[];
  /** NATS .creds file of the role `launcher`. */
  readonly credentialsFile: string;
  /** The supervisor is a service manager's to start again; otherwise launcherd sees to it. */
  readonly isForeground: boolean;
}

export type LauncherHomeOptions = Partial<Omit<LauncherHome, 'isForeground'>> & { readonly isForeground: boolean };

export type LauncherHomeOutcome =
  | { readonly kind: 'ready'; readonly launcher: LauncherHome }
  /** Nothing was written; the message says what to do. */
  | { readonly kind: 'problem'; readonly message: string };

/** Writes what was decided; what `options` leave out is as it was. */
export function setUpLauncherHome(home: string, options: LauncherHomeOptions): LauncherHomeOutcome {
  const problem = (message: string): LauncherHomeOutcome => ({ kind: 'problem', message });
  if (home.length > maxHomeLength) {
    return problem(`${home} is too long for the sockets below it (at most ${maxHomeLength} characters)`);
  }
  if (existsSync(configFile(home))) {
    return problem(`${home} is a coordinator's; its launcher hosts are those of: cpectl up --launcher-host`);
  }
  const before = readLauncherHome(home);
  const { launcherHost = before?.launcherHost, busServers = before?.busServers } = options;
  const { credentialsFile = before?.credentialsFile, driver = before?.driver ?? 'local' } = options;
  if (launcherHost === undefined || busServers === undefined || credentialsFile === undefined) {
    return problem('--host, --bus and --credentials are needed the first time; later they are remembered');
  }
  if (before !== undefined && before.launcherHost !== launcherHost) {
    return problem(`${home} is that of launcher host ${before.launcherHost}; give ${launcherHost} another --home`);
  }
  const launcher = { launcherHost, driver, busServers, credentialsFile, isForeground: options.isForeground };
  try {
    accessSync(credentialsFile, constants.R_OK);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(`${launcherFile(home)}.new`, `${JSON.stringify(launcher, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(`${launcherFile(home)}.new`, launcherFile(home));
  } catch (error) {
    const { path = home, code, message } = error as NodeJS.ErrnoException;
    if (path !== credentialsFile) return problem(`${path} cannot be written (${code}); choose another --home`);
    return problem(
      code === 'ENOENT'
        ? `there is no ${path}; make it on a coordinator: cpectl auth create ${launcherHost} --role launcher`
        : `the credentials cannot be read: ${message}`,
    );
  }
  return { kind: 'ready', launcher };
}

/** Undefined when the home is not that of a launcher host alone. Throws when the file is there and is not ours. */
export function readLauncherHome(home: string): LauncherHome | undefined {
  let text: string;
  try {
    text = readFileSync(launcherFile(home), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const value = JSON.parse(text) as LauncherHome;
  if (typeof value.launcherHost !== 'string' || !Array.isArray(value.busServers)) {
    throw new Error(`${launcherFile(home)} is damaged; remove it and run cpectl launcher up again`);
  }
  return value;
}

/**
 * The addresses of bus servers as an operator writes them, separated by commas: `nats://HOST[:PORT]`, `tls://...`, or
 * HOST[:PORT] alone. Returns what is wrong with them instead.
 */
export function parseBusServers(text: string): readonly string[] | string {
  const servers = text.split(',').map((each) => each.trim());
  const wrong = servers.find((server) => !isBusServer(server));
  if (wrong !== undefined) return `"${wrong}" is no address of a bus server (nats://HOST[:PORT])`;
  return new Set(servers).size < servers.length ? 'a bus server is named twice' : servers;
}

function isBusServer(text: string): boolean {
  const url = text.includes('://') ? text : `nats://${text}`;
  if (!/^(nats|tls):\/\//.test(url) || !URL.canParse(url)) return false;
  const { hostname, pathname, username, search } = new URL(url);
  return hostname !== '' && ['', '/'].includes(pathname) && username === '' && search === '';
}

function launcherFile(home: string): string {
  return join(home, 'launcher-host.json');
}
