#!/usr/bin/env node
/** dped: runs the deployables that the CPE has assigned to this process. Started by pm2. */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { LRUCache } from 'lru-cache';
import { pino } from 'pino';
import { connectBus } from '../../proto/nats-bus.js';
import { type Authority, mintForAgent } from '../identity/authority.js';
import { followAuthority } from '../identity/follow-authority.js';
import { revokeAgent } from '../identity/revoke-agent.js';
import { openSchedulerChild } from '../scheduler/scheduler-child.js';
import type { Store } from '../store/store.js';
import { followAssignments } from './assigned-deployables.js';
import type { DpeOptions } from './core/dpe-state.js';
import type { HostOptions } from './deployable-host.js';
import { createLeaseSight } from './lease.js';
import { openSiteStore } from './open-site-store.js';
import { steadyClock } from './steady-clock.js';

/** How often the assignment is read again; a deployable that could not be taken up is tried again then. */
const assignmentMs = 300;

const { values } = parseArgs({
  options: {
    home: { type: 'string' },
    name: { type: 'string' },
    bus: { type: 'string' },
    credentials: { type: 'string' },
    'heartbeat-ms': { type: 'string', default: '1000' },
    'agent-lost-ms': { type: 'string', default: '15000' },
    'launcher-hosts': { type: 'string', default: '' },
    machine: { type: 'string' },
    store: { type: 'string', default: 'lmdb' },
  },
});
const { home, name, bus: busUrl, credentials, machine } = values;
if (home === undefined || name === undefined || busUrl === undefined || credentials === undefined) {
  console.error('dped: --home, --name, --bus and --credentials are needed; it is started by cped, not by hand');
  process.exit(2);
}

const log = pino({ name }, pino.destination({ dest: 1, sync: true }));
const dpeOptions: DpeOptions = {
  heartbeatIntervalMs: Number(values['heartbeat-ms']),
  agentLostAfterMs: Number(values['agent-lost-ms']),
  launcherSilentAfterMs: 5_000,
  adoptionGraceMs: 10_000,
  expectedHosts: values['launcher-hosts'].split(',').filter(Boolean),
  heldRetryMs: 5_000,
};

// pm2 closes this channel when its daemon dies; a DPE that nobody restarts must not outlive it.
process.on('disconnect', () => process.exit(0));

const steadyNow = steadyClock();
const options = await openEverything();
const assigned = followAssignments(name, options);
let trouble = '';
let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void shutDown());
log.info({ home, bus: busUrl }, 'dped is up');
for (;;) {
  await assigned.look().then(
    () => {
      trouble = '';
    },
    (error: unknown) => tellTrouble(error instanceof Error ? error.message : String(error)),
  );
  await new Promise((resolve) => setTimeout(resolve, assignmentMs));
}

/** Leases run out meanwhile; what can be done about it is done by who keeps the store. */
function tellTrouble(reason: string): void {
  if (trouble !== reason) log.error({ reason }, 'the assignments cannot be read');
  trouble = reason;
}

async function openEverything(): Promise<Omit<HostOptions, 'onLost'>> {
  const servers = (busUrl ?? '').split(',');
  const identity = { role: 'dpe', id: name ?? '' } as const;
  const onEnd = () => process.exit(1);
  const place = {
    home: home ?? '',
    kind: values.store,
    servers,
    credentialsFile: credentials ?? '',
    identity,
    log,
    onEnd,
  };
  const { store } = await openSiteStore(place);
  const scheduler = openSchedulerChild();
  const version = await scheduler.hello();
  const authority = await followAuthority(home ?? '', (reason) =>
    log.error({ reason }, 'the keys of the site cannot be read'),
  );
  const bus = await connectBus({
    servers,
    credentialsFile: credentials ?? '',
    identity,
    name: name ?? '',
    onProblem: (problem) => log.warn(problem, 'bus'),
  });
  return {
    home: home ?? '',
    steadyNow,
    ...(machine === undefined ? {} : { shared: { machine, sight: createLeaseSight(steadyNow) } }),
    incarnation: randomBytes(4).toString('hex'),
    store,
    scheduler,
    bus,
    log,
    mintForAgent: (instance) => mintForAgent(authority(), instance, Date.now()),
    onEnded: (ended) => {
      for (const { instance, at } of ended) {
        void revokeAgent(store, authority(), { instance, at, now: Date.now() }).catch((error: unknown) =>
          log.warn({ instance, reason: String(error) }, 'the credentials of an agent are not revoked'),
        );
      }
    },
    onFlood: shutOut(store, authority),
    dialect: { featureSet: version.featureSet, schema: version.schema },
    options: dpeOptions,
  };
}

/** An agent that floods the bus is no agent of ours any more: it falls silent, and its instance is replaced. */
function shutOut(store: Store, authority: () => Authority): (instance: string) => void {
  const done = new LRUCache<string, true>({ max: 1_000 });
  return (instance) => {
    if (done.has(instance)) return;
    done.set(instance, true);
    const reason = 'its agent floods the bus';
    log.error({ instance }, `${reason}: its credentials are revoked`);
    const now = Date.now();
    const [deployable = '', assembly = ''] = instance.split('.');
    revokeAgent(store, authority(), { instance, at: now, now, reason })
      .then(() => store.appendEvents([{ time: now, deployable, assembly, instance, kind: 'agent-shut-out', reason }]))
      .catch((error: unknown) => {
        done.delete(instance);
        log.warn({ instance, reason: String(error) }, 'the credentials of an agent are not revoked');
      });
  };
}

async function shutDown(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await assigned.close();
  await options.scheduler.close();
  await options.bus.close();
  await options.store.close();
  process.exit(0);
}
