#!/usr/bin/env node
/** cped, the Cloud Policy Engine: definitions, desired state, DPE processes, and the answers to cpectl. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { connectBus } from '../../proto/nats-bus.js';
import { allLauncherBeats, parseSubject } from '../../proto/subjects.js';
import { packageRoot } from '../scheduler/scheduler-binary.js';
import { openSchedulerChild } from '../scheduler/scheduler-child.js';
import { openLmdbStore } from '../store/lmdb-store.js';
import { serveCpe } from './cpe-service.js';
import { superviseDpes } from './dpe-processes.js';
import { EventWatch } from './event-watch.js';
import { startSupervisor } from './site.js';
import { readSiteConfig } from './site-config.js';

const supervisorCheckMs = 1_000;

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

const store = await openLmdbStore(join(home, 'store')).catch((error: unknown) => {
  log.fatal({ reason: error instanceof Error ? error.message : String(error) }, 'the store cannot be used');
  process.exit(1);
});
const bus = await connectBus({
  servers: [busUrl],
  credentialsFile: credentials,
  identity: { role: 'cpe', id: 'main' },
  name: 'cped',
  onProblem: (problem) => log.warn(problem, 'bus'),
});
const hosts = new Set<string>(config.launcherHosts);
bus.subscribe(allLauncherBeats, ({ subject }) => {
  const from = parseSubject(subject);
  if (from?.kind === 'launcher-beat') hosts.add(from.host);
});
const dpes = await superviseDpes({ home, config, store, log });
serveCpe({
  home,
  config,
  store,
  bus,
  dpes,
  watch: new EventWatch(bus),
  knownHosts: () => [...hosts],
  version: ownVersion(),
  schedulerVersion: await schedulerVersion(),
});
// The supervisor watches pm2, pm2 watches cped, cped watches the supervisor: one that dies alone is brought back.
const watch = config.isForeground ? undefined : setInterval(() => startSupervisor(home), supervisorCheckMs);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void shutDown());
log.info({ home, bus: busUrl }, 'cped is up');

async function schedulerVersion(): Promise<string> {
  const scheduler = openSchedulerChild();
  const version = await scheduler.hello().catch((error: unknown) => String(error));
  await scheduler.close();
  return typeof version === 'string' ? version : `${version.library} (feature set ${version.featureSet})`;
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}

async function shutDown(): Promise<void> {
  clearInterval(watch);
  dpes.close();
  await bus.close();
  await store.close();
  process.exit(0);
}
