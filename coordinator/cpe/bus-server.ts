import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { MAX_ENVELOPE_BYTES } from '../../proto/codec.js';
import { type Authority, serverTokens } from '../identity/authority.js';
import { readIfThere, replacePrivateFile } from '../identity/private-file.js';
import { ensureServerCertificate } from '../identity/site-ca.js';
import { ensureCredentials } from './credentials.js';

/** How to start the bus server of a home directory. */
export interface BusServer {
  readonly url: string;
  readonly port: number;
  readonly command: string;
  readonly args: readonly string[];
  readonly configFile: string;
  readonly pidFile: string;
  readonly logFile: string;
  /** The server of this home runs already, on this port. */
  readonly isRunning: boolean;
}

export type BusServerOutcome =
  | { readonly kind: 'ready'; readonly server: BusServer }
  | { readonly kind: 'port-in-use'; readonly port: number; readonly message: string }
  | { readonly kind: 'running-elsewhere'; readonly port: number; readonly message: string }
  | { readonly kind: 'no-such-address'; readonly message: string }
  | { readonly kind: 'no-server-program'; readonly message: string };

export interface BusServerOptions {
  /** `--bus-port`: this port and no other, remembered from now on. */
  readonly port?: number | undefined;
  /** Where it listens, an IP address of this machine; default 127.0.0.1. `0.0.0.0` and `::` are all of them. */
  readonly address?: string | undefined;
  /** The nats-server program; default: CPE_NATS_SERVER, PATH, then where Debian puts it. */
  readonly program?: string | undefined;
}

/**
 * Makes everything ready under `<home>/nats` (and the keys and credentials, see ensureCredentials) to start the home's
 * own nats-server: on 127.0.0.1 or the address given, at a port that stays the same over restarts, with TLS and JWT
 * authentication. Starts nothing.
 * Rejects when the home cannot be written.
 */
export async function prepareBusServer(home: string, options: BusServerOptions = {}): Promise<BusServerOutcome> {
  const { CPE_NATS_SERVER: chosen } = process.env;
  if (options.program === undefined && chosen && !(await isExecutable(chosen))) {
    return { kind: 'no-server-program', message: `CPE_NATS_SERVER names ${chosen}, which is no executable program` };
  }
  const command = options.program ?? (chosen || (await findServerProgram()));
  if (command === undefined) {
    const message = 'nats-server was not found: install it (Debian: apt install nats-server) or set CPE_NATS_SERVER';
    return { kind: 'no-server-program', message };
  }
  const directory = resolve(home, 'nats');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = {
    configFile: join(directory, 'nats-server.conf'),
    pidFile: join(directory, 'nats-server.pid'),
    logFile: join(directory, 'nats-server.log'),
    accounts: join(directory, 'accounts'),
    certificate: serverCertificateFile(home),
  };
  const isRunning = (await serverPid(files.pidFile, files.configFile)) !== undefined;
  const address = options.address ?? loopback;
  if (!(await isOurs(address))) {
    const message = `${address} is no address of this machine (or not yet); ip address shows which are, --listen chooses`;
    return { kind: 'no-such-address', message };
  }
  const choice = await choosePort({ file: join(directory, 'port'), address, isRunning }, options.port);
  if (choice.kind !== 'port') return choice;
  const { port } = choice;
  const addresses = serverAddresses(address);
  await ensureServerCertificate(home, files.certificate, { now: Date.now(), addresses });
  await replacePrivateFile(files.configFile, renderConfig({ address, port }, files, await ensureCredentials(home)));
  // Those of this machine need no more than the loopback where the server listens there too.
  const url = `nats://${hostOf(isEveryAddress(address) ? loopback : address)}:${port}`;
  return { kind: 'ready', server: { url, port, command, args: ['-c', files.configFile], isRunning, ...files } };
}

/** What the home's own server shows: certificate and key. */
export function serverCertificateFile(home: string): string {
  return join(resolve(home), 'nats', 'server.pem');
}

/** Addresses by which other programs may know the server, besides the loopback. */
export function serverAddresses(listen: string | undefined): readonly string[] {
  return listen === undefined || isEveryAddress(listen) ? [] : [listen];
}

/** `0.0.0.0` and `::`, which are no address to connect to. */
export function isEveryAddress(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** An IP address as it stands in a URL. */
export function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** nats-server's configuration; the JWTs in it are public. */
export function renderConfig(
  { address, port }: { readonly address: string; readonly port: number },
  files: ServerFiles & { readonly pidFile: string; readonly logFile: string },
  authority: Authority,
): string {
  return `# Written at every start of the coordinator; changes are lost.
listen: "${hostOf(address)}:${port}"
pid_file: ${JSON.stringify(files.pidFile)}
log_file: ${JSON.stringify(files.logFile)}
logfile_size_limit: ${LOG_BYTES}
max_payload: ${MAX_ENVELOPE_BYTES}
# A peer that vanished without closing is noticed after two unanswered pings.
ping_interval: "10s"
ping_max: 2
# A guest that boots on a busy launcher host needs more than the usual two seconds to prove who it is.
authorization { timeout: 15 }

${renderSecurity(authority, files)}`;
}

export interface ServerFiles {
  /** Directory where the server keeps the tokens of accounts. */
  readonly accounts: string;
  /** What it shows (ensureServerCertificate). */
  readonly certificate: string;
}

/**
 * The part of a server's configuration by which it knows a site's identities, and they know it; all of it is public.
 */
export function renderSecurity(authority: Authority, { accounts, certificate }: ServerFiles): string {
  // Older than every token that cped gives a running server: that one is kept over a restart.
  const tokens = serverTokens(authority, { revocations: {}, now: 1_000 });
  const pem = JSON.stringify(certificate);
  const tls = `tls { cert_file: ${pem}, key_file: ${pem}, timeout: 15 }\n`;
  return `${authority.certificates === '' ? '' : tls}operator: "${tokens.operatorJwt}"
# cped replaces the token of an account when credentials are revoked; the servers of a cluster tell each other.
resolver: { type: full, dir: ${JSON.stringify(accounts)}, allow_delete: false, interval: "2m" }
system_account: "${authority.systemAccount.publicKey}"
resolver_preload: {
  ${authority.account.publicKey}: "${tokens.accountJwt}"
  ${authority.systemAccount.publicKey}: "${tokens.systemJwt}"
}
`;
}

const loopback = '127.0.0.1';
const LOG_BYTES = 10 * 1024 * 1024;
/** Below the range that Linux takes for outgoing connections (ip_local_port_range), so a port stays free while unused. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const PORTS_TRIED = 100;

type PortChoice =
  | { readonly kind: 'port'; readonly port: number }
  | Extract<BusServerOutcome, { readonly kind: 'port-in-use' | 'running-elsewhere' }>;

interface Place {
  readonly file: string;
  readonly address: string;
  readonly isRunning: boolean;
}

async function choosePort({ file, address, isRunning }: Place, requested: number | undefined): Promise<PortChoice> {
  const remembered = Number.parseInt((await readIfThere(file)) ?? '', 10);
  const isRemembered = Number.isInteger(remembered);
  if (isRunning && isRemembered) {
    if (requested === undefined || requested === remembered) return { kind: 'port', port: remembered };
    const message = `the bus runs on port ${remembered}; stop it before it can move to port ${requested}`;
    return { kind: 'running-elsewhere', port: remembered, message };
  }
  const fixed = requested ?? (isRemembered ? remembered : undefined);
  const port = fixed ?? (await findFreePort(file, address));
  if (fixed !== undefined && !(await isFree(address, fixed))) {
    const message = `port ${fixed} on ${address} is in use by another process; choose another one with --bus-port`;
    return { kind: 'port-in-use', port: fixed, message };
  }
  if (port !== remembered) await replacePrivateFile(file, `${port}\n`);
  return { kind: 'port', port };
}

/** Starts at a place that differs from home to home, so that two that are set up at once do not meet. */
async function findFreePort(file: string, address: string): Promise<number> {
  const start = createHash('sha256').update(file).digest().readUInt32LE(0);
  for (let tried = 0; tried < PORTS_TRIED; tried += 1) {
    const port = FIRST_PORT + ((start + tried) % PORTS);
    if (await isFree(address, port)) return port;
  }
  throw new Error(`no free port among ${PORTS_TRIED} from ${FIRST_PORT + (start % PORTS)}; choose one with --bus-port`);
}

function isFree(address: string, port: number): Promise<boolean> {
  return listenOn(address, port).then((code) => code === undefined);
}

/** Port 0 is any that is free: what fails then is the address. */
function isOurs(address: string): Promise<boolean> {
  return listenOn(address, 0).then((code) => code === undefined);
}

/** Why it cannot be listened on; undefined when it can. */
function listenOn(host: string, port: number): Promise<string | undefined> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => settle(code));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => settle(undefined)));
  });
}

/** Pid of the home's own server, while it runs. */
export function runningServer(home: string): Promise<number | undefined> {
  const directory = resolve(home, 'nats');
  return serverPid(join(directory, 'nats-server.pid'), join(directory, 'nats-server.conf'));
}

/** By pid file and command line: a pid alone may belong to someone else by now. */
async function serverPid(pidFile: string, configFile: string): Promise<number | undefined> {
  const pid = Number.parseInt((await readIfThere(pidFile)) ?? '', 10);
  if (!Number.isInteger(pid)) return undefined;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.split('\0').includes(configFile) ? pid : undefined;
}

async function findServerProgram(): Promise<string | undefined> {
  const { PATH = '' } = process.env;
  // Debian installs it where an ordinary user's PATH does not reach.
  for (const directory of [...PATH.split(delimiter).filter(Boolean), '/usr/sbin', '/usr/local/sbin']) {
    const candidate = join(directory, 'nats-server');
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
