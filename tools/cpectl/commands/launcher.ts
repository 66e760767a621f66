import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  type LauncherHome,
  type LauncherHomeOptions,
  parseBusServers,
  readLauncherHome,
  setUpLauncherHome,
} from '../../../coordinator/cpe/launcher-home.js';
import { pm2DaemonPid } from '../../../coordinator/cpe/process-manager.js';
import { startSupervisor, stopSupervisor, superviseHere, supervisorPid } from '../../../coordinator/cpe/site.js';
import { destroyInstances } from '../../../launcher/destroy-instances.js';
import { driverNames, parseDriverChoice } from '../../../launcher/drivers/open-driver.js';
import { type LauncherStatus, readLauncherStatus } from '../../../launcher/launcher-status.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import { parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { launcherStatusJson, renderLauncherStatus } from '../views/launcher-status-view.js';

interface UpOptions {
  readonly host?: string;
  readonly bus?: string;
  readonly credentials?: string;
  readonly driver?: string;
  readonly foreground?: boolean;
}

interface DownOptions {
  readonly keepRunning?: boolean;
  readonly destroy?: boolean;
}

const upDeadlineMs = 30_000;
const stopDeadlineMs = 30_000;
const pollMs = 100;

/** `cpectl launcher ...`: this machine as a launcher host of a coordinator elsewhere. */
export function registerLauncher(program: Command, terminal: Terminal): void {
  const group = program.command('launcher').description('make this machine a launcher host of a coordinator elsewhere');
  registerUp(group, terminal);
  registerDown(group, terminal);
  registerStatus(group, terminal);
}

function registerUp(group: Command, terminal: Terminal): void {
  group
    .command('up')
    .description('start the launcher of this machine; what is left out is as it was the last time')
    .option('--host <name>', 'name of this launcher host, the same for ever', parseName)
    .option('--bus <urls>', 'bus servers of the site, separated by commas; any of them will do')
    .option('--credentials <file>', 'what proves who this launcher is, made by the coordinator for this host')
    .option('--driver <driver>', `DRIVER[:ADDRESS], drivers ${driverNames.join(', ')} (default: local)`)
    .option('--foreground', 'stay and supervise, as a systemd service does')
    .addHelpText(
      'after',
      `${examplesText([
        'cpectl launcher up --host right --bus nats://10.0.0.1:4222 --credentials right.creds --driver qemu',
        'cpectl launcher up',
      ])}

The coordinator is started with cpectl up --listen ADDRESS, or its bus is reached from nowhere else.`,
    )
    .action((given: UpOptions, command: Command) =>
      runCommand(terminal, command, ({ home }) => launcherUp(terminal, home, given)),
    );
}

function registerDown(group: Command, terminal: Terminal): void {
  group
    .command('down')
    .description('stop the launcher of this machine')
    .option('--keep-running', 'leave its instances alone: they go on, and the next launcher finds them')
    .option('--destroy', 'end its instances too; they are started elsewhere only once this host counts as dead')
    .addHelpText(
      'after',
      `${examplesText(['cpectl launcher down --keep-running'])}

To take a host out of service, drain it first, on the coordinator: cpectl host drain HOST`,
    )
    .action((given: DownOptions, command: Command) =>
      runCommand(terminal, command, ({ home }) => launcherDown(terminal, home, given)),
    );
}

function registerStatus(group: Command, terminal: Terminal): void {
  group
    .command('status')
    .description('whether the launcher of this machine runs, which bus server it is connected to, and its instances')
    .action((_given: unknown, command: Command) =>
      runCommand(terminal, command, async ({ home, json }) => {
        const launcher = readLauncherHome(resolve(home));
        if (launcher === undefined) return neverSetUp(home);
        const facts = {
          home,
          launcher,
          supervisorPid: supervisorPid(home),
          status: readLauncherStatus(home, launcher.launcherHost),
        };
        if (json) printJson(terminal, launcherStatusJson(facts));
        else terminal.out.write(renderLauncherStatus(facts, Date.now(), terminal.out.colors));
        return facts.status === undefined ? failure(exitCodes.failed, '') : done;
      }),
    );
}

async function launcherUp(terminal: Terminal, home: string, given: UpOptions): Promise<CommandOutcome> {
  const read = readUpOptions(given);
  if (typeof read === 'string') return failure(exitCodes.usage, read);
  const before = readLauncherHome(home);
  const isUp = supervisorPid(home) !== undefined;
  if (isUp && before !== undefined) {
    const changed = changedOptions(before, read);
    const next = `run first: cpectl launcher down --keep-running`;
    if (changed.length > 0)
      return failure(exitCodes.failed, `the launcher is up with another ${changed.join(', ')}`, next);
    if (read.isForeground) return failure(exitCodes.failed, 'the launcher is up already, in the background', next);
  }
  const outcome =
    isUp && before !== undefined ? { kind: 'ready' as const, launcher: before } : setUpLauncherHome(home, read);
  if (outcome.kind === 'problem') return failure(exitCodes.failed, outcome.message);
  const { launcher } = outcome;
  if (read.isForeground) {
    const code = await superviseHere(home);
    return code === 0 ? done : failure(exitCodes.failed, `the supervisor has ended with ${code}`);
  }
  startSupervisor(home);
  return reportStart(terminal, home, launcher, { wasUp: isUp });
}

async function reportStart(
  { out }: Terminal,
  home: string,
  { launcherHost, busServers }: LauncherHome,
  { wasUp }: { readonly wasUp: boolean },
): Promise<CommandOutcome> {
  const startedAt = Date.now();
  const status = await untilConnected(home, launcherHost, startedAt + upDeadlineMs);
  const waited = ((Date.now() - startedAt) / 1000).toFixed(1);
  if (status === undefined) {
    const next = `see ${home}/logs/launcherd-${launcherHost}.log and supervisor.log`;
    return failure(exitCodes.failed, `the launcher does not run after ${waited} s`, next);
  }
  if (status.bus.kind === 'disconnected') {
    const why = status.bus.trouble === '' ? '' : ` (${status.bus.trouble})`;
    return failure(
      exitCodes.unreachable,
      `the launcher runs, but has reached none of ${busServers.join(', ')} in ${waited} s${why}`,
      'it goes on trying; see cpectl launcher status',
    );
  }
  out.write(wasUp ? `The launcher is up already (${home}).\n` : `The launcher is up after ${waited} s.\n`);
  out.write(`  launcher host  ${launcherHost}\n  home           ${home}\n  bus            ${status.bus.server}\n`);
  out.write('Next, on the coordinator: cpectl host list\n');
  return done;
}

async function untilConnected(home: string, host: string, until: number): Promise<LauncherStatus | undefined> {
  for (;;) {
    const status = readLauncherStatus(home, host);
    const isOver = Date.now() >= until || supervisorPid(home) === undefined;
    if (status?.bus.kind === 'connected' || isOver) return status;
    await new Promise((resolveLater) => setTimeout(resolveLater, pollMs));
  }
}

async function launcherDown(terminal: Terminal, home: string, given: DownOptions): Promise<CommandOutcome> {
  const launcher = readLauncherHome(home);
  if (launcher === undefined) return neverSetUp(home);
  const { launcherHost } = launcher;
  const { running = [] } = readLauncherStatus(home, launcherHost) ?? {};
  if (running.length > 0 && given.keepRunning !== true && given.destroy !== true) {
    const message = `${running.length} instance(s) run here: ${running.slice(0, 5).join(', ')}`;
    const next = `move them away (on the coordinator: cpectl host drain ${launcherHost}), or give --keep-running or --destroy`;
    return failure(exitCodes.failed, message, next);
  }
  const isUp = supervisorPid(home) !== undefined || pm2DaemonPid(home) !== undefined;
  if (isUp && !(await stopSupervisor(home, stopDeadlineMs))) {
    return failure(
      exitCodes.failed,
      `the launcher's processes did not end in ${stopDeadlineMs / 1000} s`,
      `see ${home}/logs`,
    );
  }
  if (given.destroy !== true) {
    terminal.out.write(running.length > 0 ? 'The launcher is down. Its instances go on.\n' : 'The launcher is down.\n');
    return done;
  }
  const { destroyed, unproven } = await destroyInstances(home, { [launcherHost]: launcher.driver });
  terminal.out.write(`The launcher is down; ${destroyed.length} instance(s) destroyed.\n`);
  if (unproven.length === 0) return done;
  const left = unproven.map(({ instance, reason }) => `${instance} may still run: ${reason}`).join('; ');
  return failure(exitCodes.failed, left);
}

function neverSetUp(home: string): CommandOutcome {
  return failure(exitCodes.failed, `${home} is not the home of a launcher host`, 'see: cpectl launcher up --help');
}

function readUpOptions({ host, bus, credentials, driver, foreground }: UpOptions): LauncherHomeOptions | string {
  if (driver !== undefined && parseDriverChoice(driver) === undefined) {
    return `--driver: "${driver}" is none of the drivers ${driverNames.join(', ')}`;
  }
  const servers = bus === undefined ? undefined : parseBusServers(bus);
  if (typeof servers === 'string') return `--bus: ${servers}`;
  return {
    isForeground: foreground === true,
    ...(host === undefined ? {} : { launcherHost: host }),
    ...(servers === undefined ? {} : { busServers: servers }),
    ...(credentials === undefined ? {} : { credentialsFile: resolve(credentials) }),
    ...(driver === undefined ? {} : { driver }),
  };
}

/** Options that differ from those the launcher was started with. */
function changedOptions(running: LauncherHome, { isForeground: _, ...given }: LauncherHomeOptions): string[] {
  const names = { launcherHost: 'host', busServers: 'bus', credentialsFile: 'credentials', driver: 'driver' } as const;
  return Object.entries(given)
    .filter(([key, value]) => JSON.stringify(running[key as keyof LauncherHome]) !== JSON.stringify(value))
    .map(([key]) => `--${names[key as keyof typeof names]}`);
}
