import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { MAX_ENVELOPE_BYTES } from '../../proto/codec.js';
import { type BusCredentials, ensureCredentials } from './credentials.js';
import { readIfThere, replacePrivateFile } from './private-file.js';

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
  | { readonly kind: 'no-server-program'; readonly message: string };

export interface BusServerOptions {
  /** `--bus-port`: this port and no other, remembered from now on. */
  readonly port?: number | undefined;
  /** The nats-server program; default: CPE_NATS_SERVER, PATH, then where Debian puts it. */
  readonly program?: string | undefined;
}

/**
 * Makes everything ready under `<home>/nats` (and the keys and credentials, see ensureCredentials) to start the home's
 * own nats-server: on 127.0.0.1, at a port that stays the same over restarts, with JWT authentication. Starts nothing.
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
  };
  const isRunning = await isServerRunning(files.pidFile, files.configFile);
  const choice = await choosePort(join(directory, 'port'), options.port, isRunning);
  if (choice.kind !== 'port') return choice;
  const { port } = choice;
  await replacePrivateFile(files.configFile, renderConfig(port, files, await ensureCredentials(home)));
  const url = `nats://127.0.0.1:${port}`;
  return { kind: 'ready', server: { url, port, command, args: ['-c', files.configFile], isRunning, ...files } };
}

/** nats-server's configuration; the JWTs in it are public. */
export function renderConfig(
  port: number,
  files: { readonly pidFile: string; readonly logFile: string },
  credentials: BusCredentials,
): string {
  return `# Written at every start of the coordinator; changes are lost.
listen: "127.0.0.1:${port}"
pid_file: ${JSON.stringify(files.pidFile)}
log_file: ${JSON.stringify(files.logFile)}
logfile_size_limit: ${LOG_BYTES}
max_payload: ${MAX_ENVELOPE_BYTES}
# A peer that vanished without closing is noticed after two unanswered pings.
ping_interval: "10s"
ping_max: 2

operator: "${credentials.operatorJwt}"
resolver: MEMORY
resolver_preload: {
  ${credentials.accountId}: "${credentials.accountJwt}"
}
`;
}

const LOG_BYTES = 10 * 1024 * 1024;
/** Below the range that Linux takes for outgoing connections (ip_local_port_range), so a port stays free while unused. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const PORTS_TRIED = 100;

type PortChoice =
  | { readonly kind: 'port'; readonly port: number }
  | Extract<BusServerOutcome, { readonly kind: 'port-in-use' | 'running-elsewhere' }>;

async function choosePort(file: string, requested: number | undefined, isRunning: boolean): Promise<PortChoice> {
  const remembered = Number.parseInt((await readIfThere(file)) ?? '', 10);
  const isRemembered = Number.isInteger(remembered);
  if (isRunning && isRemembered) {
    if (requested === undefined || requested === remembered) return { kind: 'port', port: remembered };
    const message = `the bus runs on port ${remembered}; stop it before it can move to port ${requested}`;
    return { kind: 'running-elsewhere', port: remembered, message };
  }
  const fixed = requested ?? (isRemembered ? remembered : undefined);
  const port = fixed ?? (await findFreePort(file));
  if (fixed !== undefined && !(await isFree(fixed))) {
    const message = `port ${fixed} on 127.0.0.1 is in use by another process; choose another one with --bus-port`;
    return { kind: 'port-in-use', port: fixed, message };
  }
  if (port !== remembered) await replacePrivateFile(file, `${port}\n`);
  return { kind: 'port', port };
}

/** Starts at a place that differs from home to home, so that two that are set up at once do not meet. */
async function findFreePort(file: string): Promise<number> {
  const start = createHash('sha256').update(file).digest().readUInt32LE(0);
  for (let tried = 0; tried < PORTS_TRIED; tried += 1) {
    const port = FIRST_PORT + ((start + tried) % PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port among ${PORTS_TRIED} from ${FIRST_PORT + (start % PORTS)}; choose one with --bus-port`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', () => settle(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => settle(true)));
  });
}

/** By pid file and command line: a pid alone may belong to someone else by now. */
async function isServerRunning(pidFile: string, configFile: string): Promise<boolean> {
  const pid = Number.parseInt((await readIfThere(pidFile)) ?? '', 10);
  if (!Number.isInteger(pid)) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.split('\0').includes(configFile);
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
