import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { credentialsFile } from '../../../coordinator/cpe/credentials.js';
import {
  type SiteOptions,
  setUpSite,
  startSupervisor,
  superviseHere,
  supervisorPid,
} from '../../../coordinator/cpe/site.js';
import { readSiteConfig, type SiteConfig } from '../../../coordinator/cpe/site-config.js';
import { namePattern } from '../../../coordinator/model/deployable.js';
import type { Bus } from '../../../proto/bus.js';
import { connectBus } from '../../../proto/nats-bus.js';
import { cpeRequest, launcherList } from '../../../proto/subjects.js';
import { resolveHome } from '../home.js';

const upDeadlineMs = 60_000;

/** `cpectl up`: everything of one machine's coordinator, without root, in one home directory. */
export function registerUp(program: Command): void {
  program
    .command('up')
    .description('start the coordinator of this machine: bus, cped, launchers; started deployables are resumed')
    .option('--launcher-host <names>', 'launcher hosts to run here, separated by commas (default: local)')
    .option('--bus-port <port>', 'port of the bus on 127.0.0.1 (default: a free one, kept)')
    .option('--max-deployables <count>', 'deployables that share a DPE process (default: 1)')
    .option('--heartbeat-ms <ms>', 'interval of agents’ heartbeats (default: 1000)')
    .option('--agent-lost-ms <ms>', 'silence after which an agent counts as lost (default: 15000)')
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
  console.log(`  launcher hosts  ${site.config.launcherHosts.join(', ')}`);
  console.log('Next: cpectl deployable create -f FILE');
  return 0;
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
  const launcherHosts = typeof hosts === 'string' ? hosts.split(',').map((name) => name.trim()) : undefined;
  for (const name of launcherHosts ?? []) {
    if (!namePattern.test(name)) problems.push(`--launcher-host "${name}" is not a name (${namePattern.source})`);
  }
  const result = {
    launcherHosts,
    busPort: number('bus-port', 'busPort', 1, 65_535),
    maxDeployables: number('max-deployables', 'maxDeployables', 1, 1_000),
    heartbeatMs: number('heartbeat-ms', 'heartbeatMs', 100, 60_000),
    agentLostMs: number('agent-lost-ms', 'agentLostMs', 1_000, 3_600_000),
  };
  return problems[0] ?? result;
}

function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '(it wrote nothing)';
  }
}

/** Options that differ from those the coordinator was started with. */
function changedOptions(home: string, { busPort, ...options }: SiteOptions): string[] {
  const running = readSiteConfig(home);
  if (running === undefined) return [];
  const changed = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .filter(([key, value]) => JSON.stringify(running[key as keyof SiteConfig]) !== JSON.stringify(value))
    .map(([key]) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/s$/, ''));
  const isOtherPort = busPort !== undefined && !running.busUrl.endsWith(`:${busPort}`);
  return isOtherPort ? [...changed, 'bus-port'] : changed;
}

/** What does not answer when the time is over; undefined when all does. */
async function waitUntilUp(home: string, config: SiteConfig, until: number): Promise<string | undefined> {
  const bus = await connectBus({
    servers: [config.busUrl],
    credentialsFile: credentialsFile(home, 'operator'),
    identity: { role: 'operator', id: 'up' },
    name: 'cpectl up',
    onProblem: () => {},
    firstConnectMs: 500,
  });
  try {
    if (!(await untilAnswered(home, until, () => answersCped(bus)))) return bus.isConnected() ? 'cped' : 'the bus';
    for (const host of config.launcherHosts) {
      if (!(await untilAnswered(home, until, () => answersLauncher(bus, host)))) return `launcherd of "${host}"`;
    }
    return undefined;
  } finally {
    await bus.close();
  }
}

/** Deployables that `cpectl down` suspended go on; cped answers only once it is up. */
async function answersCped(bus: Bus): Promise<boolean> {
  const outcome = await bus.request(cpeRequest, { body: { kind: 'resume', value: {} } }, { deadlineMs: 2_000 });
  return outcome.kind === 'reply';
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
