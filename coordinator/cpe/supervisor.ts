#!/usr/bin/env node
/**
 * Keeps pm2's daemon and the applications of a coordinator or of a launcher host running: pm2 restarts its applications,
 * and nothing restarts pm2 but this. Started by `cpectl [launcher] up` or by systemd; SIGTERM ends all of it, instances
 * excepted.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { StartOptions } from 'pm2';
import { applicationsOf } from './applications.js';
import { connectProcessManager, outliveClientErrors, type ProcessManager, pm2DaemonPid } from './process-manager.js';
import { RestartBackOff } from './restart-back-off.js';
import { supervisorPid } from './site.js';

const daemonCheckMs = 200;
const applicationCheckMs = 2_000;

const { values } = parseArgs({ options: { home: { type: 'string' } } });
const home = values.home ?? '';
const applications = home === '' ? undefined : applicationsOf(home);
if (applications === undefined) {
  console.error('supervisor: --home must name a directory that cpectl up or cpectl launcher up has set up');
  process.exit(2);
}
const log = pino({ name: 'supervisor' }, pino.destination({ dest: 1, sync: true }));
const pidFile = join(home, 'supervisor.pid');
mkdirSync(join(home, 'logs'), { recursive: true });
writeFileSync(pidFile, String(process.pid));

outliveClientErrors();
const backOff = new RestartBackOff();
let manager: ProcessManager | undefined;
let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void shutDown());

let lastCheckAt = 0;
while (!isStopping) {
  if (isReplaced()) {
    log.warn('another supervisor has taken over');
    process.exit(0);
  }
  await keepUp(applications).catch((error: unknown) => log.error({ err: error }, 'pm2'));
  await new Promise((resolve) => setTimeout(resolve, daemonCheckMs));
}

/** Two may be started at the same moment, by an operator and by cped: the one in the pid file stays. */
function isReplaced(): boolean {
  const pid = supervisorPid(home);
  return pid !== undefined && pid !== process.pid;
}

async function keepUp(wanted: readonly StartOptions[]): Promise<void> {
  const isDaemonUp = pm2DaemonPid(home) !== undefined;
  if (!isDaemonUp || manager === undefined) {
    if (manager !== undefined) log.warn("pm2's daemon is gone; starting it again");
    manager?.close();
    manager = undefined;
    manager = await connectProcessManager(home);
    lastCheckAt = 0;
  }
  if (Date.now() - lastCheckAt < applicationCheckMs) return;
  lastCheckAt = Date.now();
  await keepApplications(manager, wanted);
}

async function keepApplications(pm2: ProcessManager, wanted: readonly StartOptions[]): Promise<void> {
  const running = new Map((await pm2.list()).map((each) => [each.name, each]));
  for (const app of wanted) {
    const name = app.name ?? '';
    const found = running.get(name);
    if (found === undefined) {
      await pm2.start(app);
      log.info({ name }, 'started');
    } else if ((found.status === 'errored' || found.status === 'stopped') && backOff.mayStart(name, Date.now())) {
      log.warn({ name, status: found.status }, 'starting it again');
      await pm2.restart(name);
    }
  }
}

async function shutDown(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info('stopping');
  try {
    if (pm2DaemonPid(home) !== undefined) {
      manager ??= await connectProcessManager(home);
      await manager.shutDown();
    }
  } catch (error) {
    log.error({ err: error }, 'pm2 could not be ended');
    const daemon = pm2DaemonPid(home);
    if (daemon !== undefined) process.kill(daemon, 'SIGKILL');
  }
  try {
    if (readFileSync(pidFile, 'utf8') === String(process.pid)) rmSync(pidFile);
  } catch {
    // Gone already.
  }
  process.exit(0);
}
