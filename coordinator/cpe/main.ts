#!/usr/bin/env node
/** cped, the Cloud Policy Engine: definitions, desired state, DPE processes, and the answers to cpectl. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { credentialsIdentity } from '../../proto/credentials-identity.js';
import { connectBus } from '../../proto/nats-bus.js';
import { allLauncherBeats, parseSubject } from '../../proto/subjects.js';
import { openSiteStore } from '../dpe/open-site-store.js';
import { steadyClock } from '../dpe/steady-clock.js';
import { followAuthority } from '../identity/follow-authority.js';
import { packageRoot } from '../scheduler/scheduler-binary.js';
import { openSchedulerChild } from '../scheduler/scheduler-child.js';
import { openAskerAddresses } from './asker-address.js';
import { openBusAccounts } from './bus-accounts.js';
import { renewServerCertificate } from './bus-certificate.js';
import { openCoordination } from './coordination.js';
import { serveCpe } from './cpe-service.js';
import { credentialsFile } from './credentials.js';
import { openDiskWatch } from './disk-watch.js';
import { superviseDpes } from './dpe-processes.js';
import { EventWatch } from './event-watch.js';
import { startSupervisor } from './site.js';
import { readSiteConfig } from './site-config.js';

const supervisorCheckMs = 1_000;
/** Looks of a machine at its site: with leases of 10 s a second more or less is of no account. */
const coordinationMs = 1_000;
/** How soon the bus refuses what was revoked. */
const accountsMs = 500;
const diskMs = 2_000;
/** Looks at the certificate of the bus server, which is made anew months before its end. */
const certificateMs = 3_600_000;

const { values } = parseArgs({
  options: { home: { type: 'string' }, bus: { type: 'string' }, credentials: { type: 'string' } },
});
const { home, bus: busUrl, credentials } = values;
if (home === undefined || busUrl === undefined || credentials === undefined) {
  console.error('cped: --home, --bus and --credentials are needed; start it with cpectl up, not by hand');
  process.exit(2);
}
const config = readSiteConfig(home);
if (config === undefined) {
  console.error(`cped: ${home} was never set up; run: cpectl up --home ${home}`);
  process.exit(2);
}

const log = pino({ name: 'cped' }, pino.destination({ dest: 1, sync: true }));
// pm2 closes this channel when its daemon dies; a double must not stay behind.
// Should the supervisor have died with it, this is the last chance to bring both back.
process.on('disconnect', () => {
  if (!config.isForeground) startSupervisor(home);
  process.exit(0);
});

const servers = busUrl.split(',');
const identity = { role: 'cpe', id: 'main' } as const;
const onEnd = () => process.exit(1);
const place = { home, kind: config.store ?? 'lmdb', servers, credentialsFile: credentials, identity, log, onEnd };
const { store, weaker } = await openSiteStore(place).catch((error: unknown) => {
  log.fatal({ reason: error instanceof Error ? error.message : String(error) }, 'the store cannot be used');
  process.exit(1);
});
const bus = await connectBus({
  servers,
  credentialsFile: credentials,
  identity,
  name: 'cped',
  onProblem: (problem) => log.warn(problem, 'bus'),
});
const hosts = new Set<string>(config.launcherHosts);
bus.subscribe(allLauncherBeats, ({ subject }) => {
  const from = parseSubject(subject);
  if (from?.kind === 'launcher-beat') hosts.add(from.host);
});
for (const promise of weaker) log.warn({ promise }, 'the store promises less than it might');
const dpes = await superviseDpes({ home, config, store, log });
const watch = new EventWatch(bus);
const version = ownVersion();
const coordination =
  config.machine === undefined
    ? undefined
    : openCoordination({
        ...{ machine: config.machine, version, store, log, maxDeployables: config.maxDeployables },
        steadyNow: steadyClock(),
        onAssigned: () => dpes.look(),
        onEvent: () => watch.wake(),
      });
const authority = await followAuthority(home, (reason) => log.error({ reason }, 'the keys of the site cannot be read'));
const accounts = openBusAccounts({
  ...{ store, servers, log, authority },
  isLeading: () => coordination?.isLeading() ?? true,
});
const disk = openDiskWatch({ directory: join(home, 'store'), store, log, now: () => Date.now() });
const looks = [
  every(accountsMs, () => accounts.look()),
  every(certificateMs, renewCertificate),
  // A store of several machines is in bus servers, wherever their disks are.
  ...(config.store === 'jetstream' ? [] : [every(diskMs, () => disk.look())]),
];
const coordinating = coordination && setInterval(() => void coordination.look(), coordinationMs);
const addresses = openAskerAddresses({ servers, authority });
serveCpe({
  home,
  config,
  store,
  bus,
  dpes,
  watch,
  coordination,
  authority,
  whereFrom: (asker, incarnation) => addresses.find(asker, incarnation),
  ownNames: (['operator', 'viewer'] as const).map((role) => credentialsIdentity(credentialsFile(home, role)).id),
  knownHosts: () => [...hosts],
  version,
  schedulerVersion: await schedulerVersion(),
});
// The supervisor watches pm2, pm2 watches cped, cped watches the supervisor: one that dies alone is brought back.
const supervision = config.isForeground ? undefined : setInterval(() => startSupervisor(home), supervisorCheckMs);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void shutDown());
log.info({ home, bus: busUrl }, 'cped is up');

/** At once, and again and again. */
function every(ms: number, look: () => Promise<void>): NodeJS.Timeout {
  void look();
  return setInterval(() => void look(), ms);
}

async function schedulerVersion(): Promise<string> {
  const scheduler = openSchedulerChild();
  const version = await scheduler.hello().catch((error: unknown) => String(error));
  await scheduler.close();
  return typeof version === 'string' ? version : `${version.library} (feature set ${version.featureSet})`;
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}

async function renewCertificate(): Promise<void> {
  try {
    const isNew = await renewServerCertificate(home ?? '', config ?? { natsServer: '' }, Date.now());
    if (isNew) log.info({}, 'the bus server has a new certificate');
  } catch (error) {
    log.error({ reason: String(error) }, 'the certificate of the bus server cannot be made anew');
  }
}

async function shutDown(): Promise<void> {
  clearInterval(supervision);
  clearInterval(coordinating);
  for (const timer of looks) clearInterval(timer);
  dpes.close();
  await coordination?.leave();
  await addresses.close();
  await bus.close();
  await store.close();
  process.exit(0);
}
