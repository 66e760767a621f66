import { resolve } from 'node:path';
import type { Command } from 'commander';
import { credentialsFile } from '../../../coordinator/cpe/credentials.js';
import { pm2DaemonPid } from '../../../coordinator/cpe/process-manager.js';
import { stopSupervisor, supervisorPid } from '../../../coordinator/cpe/site.js';
import { driversOf, readSiteConfig, type SiteConfig } from '../../../coordinator/cpe/site-config.js';
import { destroyInstances } from '../../../launcher/destroy-instances.js';
import type { Bus } from '../../../proto/bus.js';
import { credentialsIdentity } from '../../../proto/credentials-identity.js';
import { connectBus } from '../../../proto/nats-bus.js';
import { cpeRequest, type Subject } from '../../../proto/subjects.js';
import { resolveHome } from '../home.js';
import { assessReach } from '../out-of-reach.js';

const stopDeadlineMs = 30_000;
const defaultGraceS = 120;
/** A launcher host that is silent for a moment longer may be one that is being restarted. */
const reachAgainMs = 5_000;

/** `cpectl down`: the processes and the instances end, the desired state stays; `up` resumes it. */
export function registerDown(program: Command): void {
  program
    .command('down')
    .description('stop the coordinator of this machine and its instances; cpectl up resumes what was started')
    .option('--keep-running', 'leave the instances and what runs in them alone')
    .option('--grace <seconds>', 'how long deployables may take to stop in order', String(defaultGraceS))
    .action(async (options: { keepRunning?: boolean; grace: string }) => {
      const home = resolve(resolveHome(program.opts().home as string | undefined));
      process.exitCode = await down(home, options.keepRunning === true, Number(options.grace));
    });
}

async function down(home: string, keepRunning: boolean, graceS: number): Promise<number> {
  if (!Number.isFinite(graceS) || graceS < 0) {
    console.error('cpectl: --grace must be a number of seconds');
    return 2;
  }
  const config = readSiteConfig(home);
  if (config === undefined) {
    console.log(`Nothing to stop: ${home} was never set up.`);
    return 0;
  }
  const isUp = supervisorPid(home) !== undefined || pm2DaemonPid(home) !== undefined;
  // Of several coordinator machines the others go on deciding, for what runs here as well.
  const isOneOfSeveral = config.machine !== undefined;
  if (isUp && !keepRunning && !isOneOfSeveral) await stopDeployables(home, config, Date.now() + graceS * 1000);
  if (isUp && !(await stopSupervisor(home, stopDeadlineMs))) {
    console.error(
      `cpectl: the coordinator's processes did not end within ${stopDeadlineMs / 1000} s; see ${home}/logs`,
    );
    return 1;
  }
  if (isOneOfSeveral) {
    console.log(`Coordinator machine ${config.machine} is down. The others decide; instances go on.`);
    return 0;
  }
  if (keepRunning) {
    console.log('The coordinator is down. Instances go on, and so does local recovery in them.');
    return 0;
  }
  const left = await destroyInstances(home, driversOf(config));
  for (const { instance, reason } of left.unproven) console.error(`cpectl: ${instance} may still run: ${reason}`);
  if (left.destroyed.length > 0) console.log(`Destroyed ${left.destroyed.length} instance(s) that had not stopped.`);
  console.log(isUp ? 'The coordinator is down.' : 'The coordinator was not up.');
  return left.unproven.length === 0 ? 0 : 1;
}

/** Stops everything in order, as far as cped answers; what is left is destroyed afterwards. */
async function stopDeployables(home: string, config: SiteConfig, until: number): Promise<void> {
  const credentials = credentialsFile(home, 'operator');
  const identity = credentialsIdentity(credentials);
  const subject = cpeRequest('operator', identity.id);
  const bus = await connectBus({
    servers: config.busUrl.split(','),
    credentialsFile: credentials,
    identity,
    name: 'cpectl down',
    onProblem: () => {},
    firstConnectMs: 3_000,
  });
  try {
    const outcome = await bus.request(subject, { body: { kind: 'suspend', value: {} } }, { deadlineMs: 10_000 });
    if (outcome.kind === 'error') {
      console.error(
        `cpectl: cped does not answer (${outcome.error.message}); instances will be destroyed out of order`,
      );
      return;
    }
    let told = '';
    let reachedAt = Date.now();
    while (Date.now() < until) {
      const busy = await stillStopping(bus, subject);
      if (busy.length === 0) return;
      if (busy.join(', ') !== told) console.log(`Stopping ${busy.join(', ')} ...`);
      told = busy.join(', ');
      const outOfReach = await allOutOfReach(bus, subject, busy);
      if (outOfReach === undefined) reachedAt = Date.now();
      else if (Date.now() - reachedAt >= reachAgainMs) {
        for (const what of outOfReach) console.error(`cpectl: ${what}`);
        return;
      }
      await new Promise((resolveLater) => setTimeout(resolveLater, 200));
    }
    console.error(`cpectl: not stopped in time: ${told}`);
  } finally {
    await bus.close();
  }
}

/** Deployables that are not down yet; one whose DPE does not answer counts as such. */
async function stillStopping(bus: Bus, subject: Subject): Promise<string[]> {
  const body = { kind: 'listDeployables', value: {} } as const;
  const outcome = await bus.request(subject, { body }, { deadlineMs: 10_000 });
  if (outcome.kind !== 'reply' || outcome.envelope.body.kind !== 'deployableList') return ['(cped does not answer)'];
  const { deployables } = outcome.envelope.body.value;
  // For one that is held nothing is decided, not even its stop: what is left of it is destroyed afterwards.
  const isWaitedFor = (condition: string) => condition !== 'stopped' && condition !== 'held';
  return deployables.filter(({ condition }) => isWaitedFor(condition)).map(({ name }) => name);
}

/** What can be stopped by nobody now, when that is all that is left of these deployables; undefined while it is not. */
async function allOutOfReach(bus: Bus, subject: Subject, busy: readonly string[]): Promise<string[] | undefined> {
  const listed = await bus.request(subject, { body: { kind: 'hostList', value: {} } }, { deadlineMs: 10_000 });
  if (listed.kind !== 'reply' || listed.envelope.body.kind !== 'hostSummaries') return undefined;
  const { hosts } = listed.envelope.body.value;
  if (hosts.every(({ state }) => state === 'in-service')) return undefined;
  const told: string[] = [];
  for (const deployable of busy) {
    const body = { kind: 'getStatus', value: { deployable } } as const;
    const outcome = await bus.request(subject, { body }, { deadlineMs: 10_000 });
    if (outcome.kind !== 'reply' || outcome.envelope.body.kind !== 'deployableStatus') return undefined;
    const found = assessReach(outcome.envelope.body.value.assemblies, hosts);
    if (found.length === 0) return undefined;
    for (const { assembly, host, why } of found) {
      const after = 'it may still run there, and is found again after cpectl up';
      told.push(`${assembly} of ${deployable} cannot be stopped, launcher host ${host} is ${why}; ${after}`);
    }
  }
  return told;
}
