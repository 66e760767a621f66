/**
 * The VM launcher of one launcher host. Usage:
 *
 *     launcherd --home DIR --host NAME --bus URL[,URL...] --credentials FILE
 *               [--driver DRIVER[:ADDRESS]] [--images DIR] [--agent-command JSON] [--instance-init FILE]
 *
 * State below <home>/launcher/<host>: the driver's own, epochs.json, results.jsonl, delivered.jsonl, credentials/,
 * reports/ and status.json.
 * Log: JSON lines on standard output. SIGTERM and SIGINT end it; instances go on, and the next launcherd finds them.
 * Exit code 1: the state cannot be used (the log says why), 2: wrong arguments.
 */
import { mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Logger, pino } from 'pino';
import type { Bus, BusProblem } from '../proto/bus.js';
import { isName } from '../proto/instance-id.js';
import { connectBus } from '../proto/nats-bus.js';
import { launcherBeat, launcherList, launcherOrder } from '../proto/subjects.js';
import { openAgentCredentials } from './agent-credentials.js';
import { agentCommand } from './agent-program.js';
import { openDeathReports } from './death-reports.js';
import type { LauncherDriver } from './driver.js';
import type { DriverSettings } from './drivers/driver-settings.js';
import { type DriverChoice, driverNames, openDriver, parseDriverChoice } from './drivers/open-driver.js';
import { openEpochBook } from './epoch-book.js';
import { claimHost } from './host-claim.js';
import { imagesDirectory } from './images/images-directory.js';
import { launcherBeatOf, watchCapacity } from './launcher-beat.js';
import { keepLauncherStatus, type StatusKeeper } from './launcher-status.js';
import { createOrderDesk } from './order-desk.js';
import { packageRoot } from './package-root.js';
import { openResultMemory, type ResultMemory } from './result-memory.js';
import { forgettable } from './retention.js';

interface Settings {
  readonly home: string;
  readonly launcherHost: string;
  readonly busServers: readonly string[];
  readonly credentialsFile: string;
  readonly driver: DriverChoice;
  readonly images: string;
  readonly agentCommand: readonly string[];
  readonly initBinary: string;
}

const BEAT_INTERVAL_MS = 1_000;
/** A stop may have to wait for longer in one instance than the others should wait for theirs. */
const ORDERS_AT_ONCE = 1_024;
const SHUTDOWN_MS = 3_000;

const settings = readSettings(process.argv.slice(2));
if (typeof settings === 'string') {
  process.stderr.write(`launcherd: ${settings}\n`);
  process.exit(2);
}
const log = pino({ name: 'launcherd', base: { name: 'launcherd', launcherHost: settings.launcherHost } });
try {
  await run(settings, log);
} catch (error) {
  log.fatal({ error: String(error) }, 'cannot work');
  process.exit(1);
}

async function run(given: Settings, log: Logger): Promise<void> {
  await mkdir(given.home, { recursive: true });
  const settings = { ...given, home: await realpath(given.home) };
  const { launcherHost, busServers } = settings;
  const directory = join(settings.home, 'launcher', launcherHost);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await claimHost(settings.home, launcherHost, () => log.warn('another launcherd has this host; waiting for its end'));

  const epochs = await openEpochBook(join(directory, 'epochs.json'));
  const results = await openResultMemory(join(directory, 'results.jsonl'));
  const driver = await openDriver(settings.driver.name, driverSettings(settings, log));
  const status = keepLauncherStatus(settings.home, { launcherHost, driver: settings.driver.name }, (reason) =>
    log.warn({ reason }, 'the status cannot be written'),
  );
  const bus = await connectBus({
    servers: busServers,
    credentialsFile: settings.credentialsFile,
    identity: { role: 'launcher', id: launcherHost },
    name: `launcherd ${launcherHost}`,
    onProblem: (problem) => {
      logProblem(log, problem);
      if (problem.kind === 'connection') status.trouble(problem.reason);
    },
    // Nothing here waits for the bus, and the status follows it from the first connection on.
    firstConnectMs: 0,
  });
  status.follow(bus);
  const delivered = await openResultMemory(join(directory, 'delivered.jsonl'));
  const forgetOld = () =>
    forgetOldInstances(driver, delivered, log).catch((error) => log.warn({ error: String(error) }, 'cannot forget'));
  const reports = await openDeathReports({
    directory: join(directory, 'reports'),
    launcherHost,
    bus,
    delivered,
    epochOf: epochs.current,
    onDelivered: () => void forgetOld(),
    onTrouble: (reason) => log.warn({ reason }, 'that a report was delivered cannot be written'),
  });
  // An earlier launcherd may have been killed between a delivery and this.
  void forgetOld();
  const credentials = await openAgentCredentials(join(directory, 'credentials'));
  const mayRun = (await driver.list()).filter(({ kind }) => kind !== 'dead');
  await credentials.keepOnly(mayRun.map(({ instance }) => instance));
  driver.onDeath(async (death) => {
    log.warn({ ...death }, 'instance died');
    await credentials.drop(death.instance).catch((error) => log.warn({ error: String(error) }, 'credentials are left'));
    await reports.report(death).catch((error) => {
      log.error({ instance: death.instance, error: String(error) }, 'a death cannot be written; it is tried again');
      throw error;
    });
  });
  const desk = createOrderDesk({
    launcherHost,
    driverName: settings.driver.name,
    driver,
    epochs,
    results,
    agents: { busServers, credentials },
    onAdopted: (deployable) => reports.kick(deployable),
    log: (level, message, details) => log[level](details, message),
  });
  bus.subscribe(launcherOrder(launcherHost), desk.onOrder, { concurrency: ORDERS_AT_ONCE });
  bus.subscribe(launcherList(launcherHost), desk.onQuestion);
  const stopBeats = startBeats(bus, driver, settings, status);
  bus.onStatus((status) => {
    log.info({ ...status }, 'bus');
    if (status.kind === 'connected') reports.kick();
  });
  log.info({ home: settings.home, bus: busServers, driver: settings.driver.name, running: driver.running() }, 'ready');
  endOnSignal(log, async () => {
    stopBeats();
    await bus.close();
    await Promise.all([reports.close(), driver.close()]);
  });
}

async function forgetOldInstances(driver: LauncherDriver, delivered: ResultMemory, log: Logger): Promise<void> {
  const old = forgettable(await driver.list(), (instance) => delivered.find(instance) !== undefined);
  for (const instance of old) {
    if (await driver.forget(instance)) log.info({ instance }, 'old dead instance forgotten');
  }
}

function startBeats(
  bus: Bus,
  driver: LauncherDriver,
  { launcherHost, driver: { name: driverName } }: Settings,
  status: StatusKeeper,
): () => void {
  let sequence = 0;
  const capacity = watchCapacity(driver);
  const beat = () => {
    sequence += 1;
    const value = launcherBeatOf(driver, { launcherHost, driverName, sequence, capacity: capacity.latest() });
    bus.publish(launcherBeat(launcherHost), { body: { kind: 'launcherBeat', value } });
    status.note(driver.running());
  };
  const timer = setInterval(beat, BEAT_INTERVAL_MS);
  beat();
  // Silence after a reconnect would look like a lost launcher.
  const forget = bus.onStatus(({ kind }) => {
    if (kind === 'connected') beat();
  });
  return () => {
    clearInterval(timer);
    capacity.close();
    forget();
  };
}

/** What is under way is left to the next launcherd: orders are repeated, deaths are found, instances go on. */
function endOnSignal(log: Logger, close: () => Promise<void>): void {
  const end = async (signal: NodeJS.Signals) => {
    log.info({ signal }, 'ending; instances go on');
    setTimeout(() => process.exit(0), SHUTDOWN_MS).unref();
    await close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
  // pm2 closes this channel when its daemon dies; its successor starts another launcherd, which must not find a double.
  process.once('disconnect', () => process.exit(0));
}

function logProblem(log: Logger, problem: BusProblem): void {
  const { kind, ...details } = problem;
  if ('error' in details) log.error({ ...details, error: String(details.error) }, `bus: ${kind}`);
  else log.warn(details, `bus: ${kind}`);
}

function driverSettings(settings: Settings, log: Logger): DriverSettings {
  const { home, launcherHost, initBinary, agentCommand, busServers, driver, images } = settings;
  return {
    ...{ home, launcherHost, initBinary, agentCommand, busServers, address: driver.address, imagesDirectory: images },
    environment: agentEnvironment(process.env),
    canStart: true,
    log: (level, message, details = {}) => log[level](details, message),
  };
}

/** What agents and resources may know of this process's environment: pm2 alone adds dozens of variables to it. */
function agentEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
  for (const name of ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ', 'TMPDIR', 'OCF_ROOT']) {
    const value = own[name];
    if (value !== undefined && value !== '') environment[name] = value;
  }
  return environment;
}

/** The settings, or what is wrong with the arguments. */
function readSettings(args: readonly string[]): Settings | string {
  let given: Record<string, string | undefined>;
  try {
    const names = ['home', 'host', 'bus', 'credentials', 'driver', 'images', 'agent-command', 'instance-init'];
    const parsed = parseArgs({
      args: [...args],
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    });
    given = parsed.values as Record<string, string | undefined>;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { home, host, bus, credentials, driver = 'local' } = given;
  if (home === undefined || host === undefined || bus === undefined || credentials === undefined) {
    return '--home, --host, --bus and --credentials are required';
  }
  if (!isName(host)) return `--host: not a name of a launcher host: ${JSON.stringify(host)}`;
  const choice = parseDriverChoice(driver);
  if (choice === undefined)
    return `--driver: ${driver} is none of ${driverNames.join(', ')}, or one of them with :ADDRESS`;
  const agentCommand = readAgentCommand(given['agent-command']);
  if (agentCommand === undefined) return '--agent-command: not a JSON array of strings';
  return {
    home: resolve(home),
    launcherHost: host,
    busServers: bus.split(','),
    credentialsFile: resolve(credentials),
    driver: choice,
    images: imagesDirectory({ option: given.images, environment: process.env, home: resolve(home) }),
    agentCommand,
    initBinary: resolve(given['instance-init'] ?? join(packageRoot(), '.native', 'cpe-instance-init')),
  };
}

/** Default: the agent of this package, run by the same Node. */
function readAgentCommand(json: string | undefined): readonly string[] | undefined {
  if (json === undefined) return agentCommand();
  try {
    const value: unknown = JSON.parse(json);
    const isCommand = Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'string');
    return isCommand ? value : undefined;
  } catch {
    return undefined;
  }
}
