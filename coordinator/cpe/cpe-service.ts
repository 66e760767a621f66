/** What cped answers. One switch; every answer is a value, every change durable before it is acknowledged. */
import type { Answer, Bus, Received } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import { parseInstanceId } from '../../proto/instance-id.js';
import type { Body, BodyDraft, DeployableStatus, Draft, Event } from '../../proto/messages.js';
import { cpeRequest, dpeRequest, launcherOrder } from '../../proto/subjects.js';
import { type DeployableRecord, listDeployables, readDeployable } from '../dpe/deployable-record.js';
import { type LeaseRecord, leaseKey } from '../dpe/lease.js';
import { namePattern } from '../model/deployable.js';
import type { Store, StoredEvent } from '../store/store.js';
import {
  type Change,
  type ChangeContext,
  createDeployable,
  reloadDeployable,
  removeDeployable,
  setDesired,
  setSuspended,
  unknownDeployable,
} from './deployables.js';
import type { DpeProcesses } from './dpe-processes.js';
import type { EventWatch } from './event-watch.js';
import { listFailures } from './failure-list.js';
import { gatherInfo, type InfoSources, listInstances } from './system-info.js';

const askDpeMs = 5_000;
const pokeMs = 500;
const maxEventsPerReply = 1_000;
const maxWaitMs = 60_000;
const maxListed = 10_000;

export interface CpeOptions extends Omit<InfoSources, 'hosts'> {
  readonly store: Store;
  readonly watch: EventWatch;
  readonly dpes: DpeProcesses;
  readonly bus: Bus;
  /** Launcher hosts heard of. */
  readonly knownHosts: () => readonly string[];
}

export function serveCpe(options: CpeOptions): void {
  options.bus.subscribe(cpeRequest, (message) => answer(options, message), { concurrency: 512 });
}

async function answer(options: CpeOptions, { envelope }: Received): Promise<Answer> {
  const { store } = options;
  const { body } = envelope;
  const by = `${envelope.sender.role} ${envelope.sender.id}`;
  const { maxDeployables } = options.config;
  const name = nameIn(body);
  if (name !== '' && !namePattern.test(name)) {
    const shown = JSON.stringify(name.slice(0, 70));
    return busError('invalid-request', `${shown} is no name of a deployable (${namePattern.source})`);
  }
  const context: ChangeContext = { store, maxDeployables, by, now: Date.now() };
  switch (body.kind) {
    case 'createDeployable':
      if (body.value.document === undefined) return busError('invalid-request', 'no document');
      return changed(options, await createDeployable(context, body.value.document));
    case 'reloadDeployable':
      if (body.value.document === undefined) return busError('invalid-request', 'no document');
      return changed(options, await reloadDeployable(context, body.value.name, body.value.document));
    case 'startDeployable':
      return changed(options, await setDesired(context, body.value.name, 'running'));
    case 'stopDeployable':
      return changed(options, await setDesired(context, body.value.name, 'stopped'));
    case 'deleteDeployable':
      return deleteDeployable(options, context, body.value.name);
    case 'suspend':
    case 'resume': {
      const names = await setSuspended(context, body.kind === 'suspend');
      await Promise.all(names.map((name) => poke(options, name)));
      return { kind: 'ack', value: {} };
    }
    case 'listDeployables':
      return listAll(options);
    case 'getDefinition':
      return definition(store, body.value.name);
    case 'getEvents': {
      const { since, limit, deployable, waitMs } = body.value;
      return events(options, { since, limit: limit || maxEventsPerReply, deployable }, waitMs);
    }
    case 'getFailures':
      return failures(store, body.value.deployable, body.value.limit || maxEventsPerReply);
    case 'getInfo':
      return { kind: 'info', value: await gatherInfo({ ...options, hosts: options.knownHosts() }) };
    case 'getStatus':
      return status(options, body.value.deployable);
    case 'getCib':
    case 'listTransitions':
      return forward(options, body.value.deployable, body);
    default:
      return busError('invalid-request', `cped does not answer "${body.kind}"`);
  }
}

/** The deployable that a request is about; empty where it is about none or all. */
function nameIn({ value }: Body): string {
  if ('name' in value && typeof value.name === 'string') return value.name;
  return 'deployable' in value && typeof value.deployable === 'string' ? value.deployable : '';
}

async function changed(options: CpeOptions, change: Change): Promise<Answer> {
  if (change.kind === 'refused') return change.error;
  const { record } = change;
  if (change.isNew) options.dpes.look();
  options.watch.wake();
  await poke(options, record.name);
  return {
    kind: 'deployableChanged',
    value: {
      name: record.name,
      revision: record.definition.revision,
      desired: record.desired.state,
      desiredRevision: record.desired.revision,
      warnings: change.warnings,
      changed: true,
      lastSeq: change.lastSeq,
    },
  };
}

/** Makes the DPE look at once; it would look anyway with its next lease renewal. */
async function poke({ bus }: CpeOptions, name: string): Promise<void> {
  const body: BodyDraft = { kind: 'poke', value: { deployable: name } };
  await bus.request(dpeRequest(name), { body, deployable: name }, { deadlineMs: pokeMs });
}

async function deleteDeployable(options: CpeOptions, context: ChangeContext, name: string): Promise<Answer> {
  const found = await readDeployable(options.store, name);
  if (found === undefined) return unknownDeployable(name);
  const condition = (await askDpe(options, name))?.condition;
  const stop = `stop it first: cpectl deployable stop ${name}`;
  if (found.record.desired.state !== 'stopped') return busError('conflict', `deployable "${name}" is started; ${stop}`);
  if (condition === undefined && (await mayHaveInstances(options, name))) {
    return busError('unavailable', `the DPE of "${name}" does not answer, and it may have instances; try again`);
  }
  if (condition !== undefined && condition !== 'stopped') {
    return busError('conflict', `deployable "${name}" is ${condition}, not stopped; ${stop}`);
  }
  const error = await removeDeployable(context, name);
  if (error !== undefined) return error;
  options.dpes.look();
  options.watch.wake();
  await forgetInstances(options, name);
  return { kind: 'ack', value: {} };
}

/** A launcher that does not answer, or cannot tell, may have some. */
async function mayHaveInstances({ bus, knownHosts }: CpeOptions, name: string): Promise<boolean> {
  const lists = await Promise.all(knownHosts().map((host) => listInstances(bus, host, name)));
  return lists.some((list) => list?.some(({ deployable, state }) => deployable === name && !hasEnded(state)) ?? true);
}

function hasEnded(state: string): boolean {
  return state === 'dead' || state === 'failed';
}

/** What dead instances left behind goes with their deployable. */
async function forgetInstances({ bus, store, knownHosts }: CpeOptions, name: string): Promise<void> {
  const lease = (await store.get(leaseKey(name)))?.value as unknown as LeaseRecord | undefined;
  const epoch = lease?.epoch ?? 0;
  for (const host of knownHosts()) {
    for (const { instance, deployable } of (await listInstances(bus, host, name)) ?? []) {
      if (deployable !== name || parseInstanceId(instance) === undefined) continue;
      const body: BodyDraft = { kind: 'forgetInstance', value: { instance } };
      await bus.request(launcherOrder(host), { body, deployable: name, epoch }, { deadlineMs: pokeMs });
    }
  }
}

async function listAll(options: CpeOptions): Promise<Answer> {
  const records = await listDeployables(options.store);
  const deployables = await Promise.all(
    records.map(async (record) => {
      const known = await askDpe(options, record.name);
      const assemblies = known?.assemblies ?? [];
      return {
        name: record.name,
        desired: record.desired.state,
        condition: known?.condition ?? 'unknown',
        reason: known === undefined ? 'its DPE does not answer' : known.reason,
        assemblies: assemblies.length,
        resources: assemblies.reduce((sum, { resources }) => sum + resources.length, 0),
        revision: record.definition.revision,
        createdUnixMs: record.createdAt,
      };
    }),
  );
  return { kind: 'deployableList', value: { deployables } };
}

async function definition(store: Store, name: string): Promise<Answer> {
  const found = await readDeployable(store, name);
  if (found === undefined) return unknownDeployable(name);
  const { revision, ...document } = found.record.definition;
  return { kind: 'definition', value: { name, revision, document } };
}

async function events(
  { store, watch }: CpeOptions,
  query: { readonly since: number; readonly limit: number; readonly deployable: string },
  waitMs: number,
): Promise<Answer> {
  const { since, deployable } = query;
  const limit = Math.min(query.limit, maxEventsPerReply);
  const filter = deployable === '' ? {} : { deployable };
  const until = Date.now() + Math.min(waitMs, maxWaitMs);
  for (;;) {
    const woken = watch.next(Math.max(0, Math.min(1_000, until - Date.now())));
    const found = await store.events({ since, limit, ...filter });
    if (found.length > 0 || Date.now() >= until) {
      const lastSeq = found[found.length - 1]?.seq ?? (await store.latestEventSequence());
      return { kind: 'eventList', value: { events: found.map(wireEvent), lastSeq } };
    }
    await woken;
  }
}

async function failures(store: Store, deployable: string, limit: number): Promise<Answer> {
  const filter = deployable === '' ? {} : { deployable };
  const latest = await store.latestEventSequence();
  const found = await store.events({ since: Math.max(0, latest - maxListed), limit: maxListed, ...filter });
  return { kind: 'failureList', value: { failures: listFailures(found, limit) } };
}

async function status(options: CpeOptions, name: string): Promise<Answer> {
  const found = await readDeployable(options.store, name);
  if (found === undefined) return unknownDeployable(name);
  const known = await askDpe(options, name);
  return { kind: 'deployableStatus', value: known ?? unansweredStatus(found.record) };
}

async function askDpe({ bus }: CpeOptions, name: string): Promise<DeployableStatus | undefined> {
  if (!namePattern.test(name)) return undefined;
  const body: BodyDraft = { kind: 'getStatus', value: { deployable: name } };
  const outcome = await bus.request(dpeRequest(name), { body, deployable: name }, { deadlineMs: askDpeMs });
  const reply = outcome.kind === 'reply' ? outcome.envelope.body : undefined;
  return reply?.kind === 'deployableStatus' ? reply.value : undefined;
}

function unansweredStatus({ name, desired, definition: { revision } }: DeployableRecord): Draft<DeployableStatus> {
  return { name, desired: desired.state, condition: 'unknown', reason: 'its DPE does not answer (yet)', revision };
}

async function forward(options: CpeOptions, name: string, body: BodyDraft): Promise<Answer> {
  if ((await readDeployable(options.store, name)) === undefined) return unknownDeployable(name);
  const outcome = await options.bus.request(dpeRequest(name), { body, deployable: name }, { deadlineMs: askDpeMs });
  if (outcome.kind === 'reply') return outcome.envelope.body;
  return busError('unavailable', `the DPE of "${name}" does not answer (${outcome.error.message}); try again`);
}

function wireEvent({ time, evidence, ...event }: StoredEvent): Draft<Event> {
  const evidenceJson = evidence === undefined ? '' : JSON.stringify(evidence);
  return { ...event, timeUnixMs: Math.round(time), evidenceJson };
}
