import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { urlsFromElsewhere } from '../../../coordinator/cpe/bus-urls.js';
import { credentialsFile } from '../../../coordinator/cpe/credentials.js';
import {
  type SiteOptions,
  setUpSite,
  startSupervisor,
  superviseHere,
  supervisorPid,
} from '../../../coordinator/cpe/site.js';
import { driversOf, readSiteConfig, type SiteConfig, storeChoices } from '../../../coordinator/cpe/site-config.js';
import { namePattern } from '../../../coordinator/model/deployable.js';
import { checkDataFile } from '../../../coordinator/store/lmdb-check.js';
import { driverNames, parseDriverChoice } from '../../../launcher/drivers/open-driver.js';
import type { Bus } from '../../../proto/bus.js';
import { credentialsIdentity } from '../../../proto/credentials-identity.js';
import { connectBus } from '../../../proto/nats-bus.js';
import { cpeRequest, launcherList, type Subject } from '../../../proto/subjects.js';
import { resolveHome } from '../home.js';

const upDeadlineMs = 60_000;

/** `cpectl up`: everything of one machine's coordinator, without root, in one home directory. */
export function registerUp(program: Command): void {
  program
    .command('up')
    .description('start the coordinator of this machine: bus, cped, launchers; started deployables are resumed')
    .option(
      '--launcher-host <hosts>',
      `launcher hosts to run here, separated by commas or one an option: NAME or NAME=DRIVER[:ADDRESS], drivers ${driverNames.join(', ')} (default: local)`,
      (hosts: string, before: string | undefined) => (before === undefined ? hosts : `${before},${hosts}`),
    )
    .option('--no-launcher-host', 'run none here: all are on machines of their own (cpectl launcher up)')
    .option(
      '--listen <address>',
      'IP address[:PORT] on which other machines reach the bus (default: 127.0.0.1, so none does)',
    )
    .option('--bus-port <port>', 'port of the bus (default: a free one, kept)')
    .option('--max-deployables <count>', 'deployables that share a DPE process (default: 1)')
    .option('--heartbeat-ms <ms>', 'interval of agents’ heartbeats (default: 1000)')
    .option('--agent-lost-ms <ms>', 'silence after which an agent counts as lost (default: 15000)')
    .option('--machine <name>', 'name of this coordinator machine in a site that has several')
    .option('--bus-servers <urls>', 'bus servers of the site, separated by commas; none is started here then')
    .option('--bus-tls <choice>', 'whether those have TLS, on or off (default: on; see cpectl auth export)')
    .option('--store <store>', `where the store is: ${storeChoices.join(' or ')} (default: lmdb, in the home)`)
    .option('--foreground', 'stay and supervise, as a systemd service does')
    .action(async (options: Record<string, string | boolean | undefined>) => {
      process.exitCode = await up(resolve(resolveHome(program.opts().home as string | undefined)), options);
    });
}

async function up(home: string, options: Record<string, string | boolean | undefined>): Promise<number> {
  const read = readOptions(options);
  if (typeof read === 'string') {
    console.error(`cpectl: ${read}`);
    return 2;
  }
  const wasUp = supervisorPid(home) !== undefined;
  const changed = wasUp ? changedOptions(home, read) : [];
  if (changed.length > 0) {
    console.error(`cpectl: the coordinator is up with another ${changed.join(', ')}; run cpectl down first`);
    return 1;
  }
  if (wasUp && options.foreground === true) {
    console.error('cpectl: the coordinator is up already, in the background; run cpectl down first');
    return 1;
  }
  const site = await setUpSite(home, { ...read, isForeground: options.foreground === true });
  if (site.kind === 'problem') {
    console.error(`cpectl: ${site.message}`);
    return 1;
  }
  const damage = await findDamage(home, site.config);
  if (damage !== undefined) {
    console.error(`cpectl: ${damage}`);
    return 1;
  }
  if (options.foreground === true) {
    void waitUntilUp(home, site.config, Date.now() + upDeadlineMs);
    return superviseHere(home);
  }
  startSupervisor(home);
  const startedAt = Date.now();
  const missing = await waitUntilUp(home, site.config, startedAt + upDeadlineMs);
  if (missing !== undefined) {
    const waited = ((Date.now() - startedAt) / 1000).toFixed(1);
    const why = supervisorPid(home) === undefined ? 'the supervisor has ended' : `${missing} does not answer`;
    console.error(`cpectl: ${why} after ${waited} s; the logs are in ${home}/logs and end with:`);
    for (const name of ['supervisor', 'cped']) console.error(lastLines(join(home, 'logs', `${name}.log`), 3));
    return 1;
  }
  const took = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(wasUp ? `The coordinator is up already (${home}).` : `The coordinator is up after ${took} s.`);
  console.log(`  home            ${home}`);
  console.log(`  bus             ${site.config.busUrl}`);
  if (site.config.machine !== undefined) console.log(`  machine         ${site.config.machine}`);
  const elsewhere = urlsFromElsewhere(site.config);
  if (elsewhere.length > 0) console.log(`  from elsewhere  ${elsewhere.join(', ')}`);
  console.log(`  launcher hosts  ${describeHosts(site.config)}`);
  console.log('Next: cpectl deployable create -f FILE');
  return 0;
}

/** What cped would say in its log, again and again: here at once. */
async function findDamage(home: string, config: SiteConfig): Promise<string | undefined> {
  if (config.store === 'jetstream') return undefined;
  try {
    await checkDataFile(join(home, 'store'), 'length');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readOptions(options: Record<string, string | boolean | undefined>): SiteOptions | string {
  const problems: string[] = [];
  const number = (name: string, key: string, min: number, max: number): number | undefined => {
    const text = options[key];
    if (typeof text !== 'string') return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      problems.push(`--${name} ${text}: must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
  const hosts = options.launcherHost;
  const none = { problems: [], launcherHosts: [], drivers: {} };
  const chosen = typeof hosts === 'string' ? readHosts(hosts) : hosts === false ? none : undefined;
  problems.push(...(chosen?.problems ?? []));
  const listen = typeof options.listen === 'string' ? parseListen(options.listen) : undefined;
  if (typeof listen === 'string') problems.push(listen);
  const at = typeof listen === 'object' ? listen : undefined;
  if (at?.port !== undefined && options.busPort !== undefined)
    problems.push('--listen and --bus-port both name a port');
  const result = {
    launcherHosts: chosen?.launcherHosts,
    drivers: chosen?.drivers,
    busPort: number('bus-port', 'busPort', 1, 65_535) ?? at?.port,
    listen: at?.address,
    maxDeployables: number('max-deployables', 'maxDeployables', 1, 1_000),
    heartbeatMs: number('heartbeat-ms', 'heartbeatMs', 100, 60_000),
    agentLostMs: number('agent-lost-ms', 'agentLostMs', 1_000, 3_600_000),
    machine: text(options.machine),
    busServers: text(options.busServers)?.split(','),
    store: storeChoices.find((each) => each === options.store),
    busTls: (['on', 'off'] as const).find((each) => each === options.busTls),
  };
  if (result.machine !== undefined && !namePattern.test(result.machine)) {
    problems.push(`--machine "${result.machine}" is not a name (${namePattern.source})`);
  }
  const badServer = result.busServers?.find((server) => !URL.canParse(server));
  if (badServer !== undefined) problems.push(`--bus-servers: "${badServer}" is no URL (nats://HOST:PORT)`);
  if (result.store !== options.store) problems.push(`--store: one of ${storeChoices.join(', ')}`);
  if (result.busTls !== options.busTls) problems.push('--bus-tls: on or off');
  return problems[0] ?? result;
}

function text(option: string | boolean | undefined): string | undefined {
  return typeof option === 'string' ? option : undefined;
}

/** ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; what is wrong with it otherwise. */
function parseListen(text: string): { readonly address: string; readonly port: number | undefined } | string {
  const [, host = '', port = undefined] = /^\[?([^[\]]+)\]?:(\d+)$/.exec(text) ?? [];
  if (isIP(text) !== 0) return { address: text, port: undefined };
  if (isIP(host) === 0) return `--listen ${text}: must be an IP address of this machine, as 10.0.0.1 or 10.0.0.1:4222`;
  const value = Number(port);
  return value >= 1 && value <= 65_535 ? { address: host, port: value } : `--listen ${text}: a port is at most 65535`;
}

/** NAME or NAME=DRIVER[:ADDRESS], separated by commas. */
function readHosts(text: string) {
  const problems: string[] = [];
  const launcherHosts: string[] = [];
  const drivers: Record<string, string> = {};
  for (const host of text.split(',')) {
    const [, name = '', driver] = /^([^=]*)(?:=(.*))?$/.exec(host.trim()) ?? [];
    if (!namePattern.test(name)) problems.push(`--launcher-host "${name}" is not a name (${namePattern.source})`);
    if (launcherHosts.includes(name)) problems.push(`--launcher-host names ${name} twice`);
    if (driver !== undefined && parseDriverChoice(driver) === undefined) {
      problems.push(`--launcher-host ${name}: "${driver}" is none of the drivers ${driverNames.join(', ')}`);
    }
    launcherHosts.push(name);
    if (driver !== undefined && driver !== 'local') drivers[name] = driver;
  }
  return { problems, launcherHosts, drivers };
}

function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '(it wrote nothing)';
  }
}

/** Options that differ from those the coordinator was started with. */
function changedOptions(home: string, { busPort, busServers, busTls: _tls, ...options }: SiteOptions): string[] {
  const running = readSiteConfig(home);
  if (running === undefined) return [];
  const changed = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .filter(([key, value]) => JSON.stringify(running[key as keyof SiteConfig]) !== JSON.stringify(value))
    .map(([key]) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/s$/, ''));
  const isOtherPort = busPort !== undefined && !running.busUrl.endsWith(`:${busPort}`);
  if (busServers !== undefined && running.busUrl !== busServers.join(',')) return [...changed, 'bus-servers'];
  return isOtherPort ? [...changed, 'bus-port'] : changed;
}

/** What does not answer when the time is over; undefined when all does. */
async function waitUntilUp(home: string, config: SiteConfig, until: number): Promise<string | undefined> {
  const credentials = credentialsFile(home, 'operator');
  const identity = credentialsIdentity(credentials);
  const subject = cpeRequest('operator', identity.id);
  const bus = await connectBus({
    servers: config.busUrl.split(','),
    credentialsFile: credentials,
    identity,
    name: 'cpectl up',
    onProblem: () => {},
    firstConnectMs: 500,
  });
  try {
    if (!(await untilAnswered(home, until, () => answersCped(bus, subject))))
      return bus.isConnected() ? 'cped' : 'the bus';
    const { machine } = config;
    if (machine !== undefined && !(await untilAnswered(home, until, () => answersMachine(bus, subject, machine)))) {
      return `cped of machine ${machine}`;
    }
    for (const host of config.launcherHosts) {
      if (!(await untilAnswered(home, until, () => answersLauncher(bus, host)))) return `launcherd of "${host}"`;
    }
    return undefined;
  } finally {
    await bus.close();
  }
}

/** Deployables that `cpectl down` suspended go on; cped answers only once it is up. */
async function answersCped(bus: Bus, subject: Subject): Promise<boolean> {
  const outcome = await bus.request(subject, { body: { kind: 'resume', value: {} } }, { deadlineMs: 2_000 });
  return outcome.kind === 'reply';
}

/** Another machine's cped may be the one that answers everything else. */
async function answersMachine(bus: Bus, subject: Subject, machine: string): Promise<boolean> {
  const body = { kind: 'getInfo', value: { machine } } as const;
  const outcome = await bus.request(subject, { body }, { deadlineMs: 2_000 });
  if (outcome.kind !== 'reply' || outcome.envelope.body.kind !== 'info') return false;
  return outcome.envelope.body.value.machines.some(
    ({ name, standing }) => name === machine && standing === 'in-service',
  );
}

async function answersLauncher(bus: Bus, host: string): Promise<boolean> {
  const body = { kind: 'listInstances', value: {} } as const;
  const outcome = await bus.request(launcherList(host), { body }, { deadlineMs: 2_000 });
  return outcome.kind === 'reply';
}

/** False when the time is over, or the supervisor has ended and nobody will start what is missing. */
async function untilAnswered(home: string, until: number, ask: () => Promise<boolean>): Promise<boolean> {
  while (Date.now() < until && supervisorPid(home) !== undefined) {
    if (await ask()) return true;
    await new Promise((resolveLater) => setTimeout(resolveLater, 100));
  }
  return false;
}

function describeHosts(config: SiteConfig): string {
  if (config.launcherHosts.length === 0) return 'none on this machine; the others join with: cpectl launcher up';
  return Object.entries(driversOf(config))
    .map(([host, driver]) => (driver === 'local' ? host : `${host} (${driver})`))
    .join(', ');
}
