import type { Answer, MessageHandler, Received } from '../proto/bus.js';
import { type BusError, busError } from '../proto/bus-error.js';
import { isName, parseInstanceId } from '../proto/instance-id.js';
import type { Body, BodyDraft, Draft, Envelope, InFlight, InstanceState, StartInstance } from '../proto/messages.js';
import type { AgentCredentials } from './agent-credentials.js';
import type { InstanceSpec, LauncherDriver, StartOutcome, StopOutcome } from './driver.js';
import type { EpochBook } from './epoch-book.js';
import { startState, stopState, viewState } from './instance-state.js';
import { adoptOrphan, forgetDead, listOrphans, readConsole, rebootInstance } from './operator-desk.js';
import type { ResultMemory } from './result-memory.js';

export interface OrderDeskOptions {
  readonly launcherHost: string;
  readonly driverName: string;
  readonly driver: LauncherDriver;
  readonly epochs: EpochBook;
  readonly results: ResultMemory;
  /** What agents need to reach the bus. */
  readonly agents: { readonly busServers: readonly string[]; readonly credentials: AgentCredentials };
  /** A decider was adopted: it listens from now on. */
  readonly onAdopted: (deployable: string) => void;
  readonly log: (level: 'info' | 'warn', message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Answers what a launcher is asked on the bus. */
export interface OrderDesk {
  /** Orders of DPEs (subject launcherOrder). */
  readonly onOrder: MessageHandler;
  /** Questions of anyone (subject launcherList: instances, consoles, orphans): changes nothing, needs no epoch. */
  readonly onQuestion: MessageHandler;
}

/** An order that changes an instance and whose result is remembered. */
type Order = Extract<Body, { kind: 'startInstance' | 'stopInstance' | 'destroyInstance' }>;

interface Pending {
  readonly order: string;
  readonly inFlight: InFlight;
  readonly result: Promise<Draft<InstanceState>>;
}

const DEFAULT_HEARTBEAT_MS = 1_000;
const DEFAULT_BOOT_DEADLINE_MS = 120_000;
const OPERATION_ID_LIMIT = 512;

/**
 * Rules (design section 5): a decider's epoch is on disk before it is told that it is adopted; orders of any other
 * epoch are refused; an order is carried out once, whoever repeats it meanwhile or later gets the first one's result.
 */
export function createOrderDesk(options: OrderDeskOptions): OrderDesk {
  const pending = new Map<string, Pending>();
  return {
    onOrder: ({ envelope }) => answerOrder(envelope, pending, options),
    onQuestion: ({ envelope }: Received) => answerQuestion(envelope, pending, options),
  };
}

async function answerQuestion(
  { body, deployable }: Envelope,
  pending: ReadonlyMap<string, Pending>,
  options: OrderDeskOptions,
): Promise<Answer> {
  switch (body.kind) {
    case 'listInstances':
      return inventory(deployable, pending, options);
    case 'readConsole':
      return readConsole(body.value, options);
    case 'listOrphans':
      return listOrphans(options);
    default:
      return busError('invalid-request', `a launcher answers no ${body.kind} here`);
  }
}

async function answerOrder(
  envelope: Envelope,
  pending: Map<string, Pending>,
  options: OrderDeskOptions,
): Promise<Answer> {
  const { body, deployable } = envelope;
  switch (body.kind) {
    case 'adoptLauncher':
      return refusalOfSender(envelope) ?? adopt(envelope, pending, options);
    case 'startInstance':
    case 'stopInstance':
    case 'destroyInstance':
      if (body.kind === 'startInstance' && body.value.credentials === '') {
        return busError('invalid-request', 'a start brings the credentials of its agent, and this one brings none');
      }
      return refusal(envelope, body.value.instance, options) ?? carryOut(envelope, body, pending, options);
    case 'rebootInstance':
      return rebootInstance(envelope, body.value.instance, options);
    case 'adoptOrphan':
      return adoptOrphan(envelope, body.value, options);
    case 'forgetInstance':
      if (envelope.sender.role === 'cpe') {
        // A deployable of the same name may have come since: what was under way for so long says nothing about it.
        const isOver = envelope.epoch < options.epochs.current(deployable);
        return isOver ? staleEpoch(envelope, options) : forgetDead(envelope, body.value.instance, options);
      }
      return refusal(envelope, body.value.instance, options) ?? forget(body.value.instance, options);
    case 'inspectInstance': {
      const view = await options.driver.inspect(body.value.instance);
      return { kind: 'instanceState', value: viewState(view, options.launcherHost) };
    }
    case 'listInstances':
      return inventory(deployable, pending, options);
    default:
      return busError('invalid-request', `a launcher carries out no ${body.kind}`);
  }
}

async function adopt(envelope: Envelope, pending: Map<string, Pending>, options: OrderDeskOptions): Promise<Answer> {
  const { deployable, epoch, sender } = envelope;
  try {
    if ((await options.epochs.adopt(deployable, epoch)) === 'stale') return staleEpoch(envelope, options);
  } catch (error) {
    options.log('warn', 'the epoch of a decider cannot be written', { deployable, epoch, error: String(error) });
    return busError('unavailable', `epoch ${epoch} of ${deployable} cannot be written: ${String(error)}`);
  }
  options.log('info', 'decider adopted', { deployable, epoch, decider: sender.id, incarnation: sender.incarnation });
  options.onAdopted(deployable);
  return inventory(deployable, pending, options);
}

/** Why an order is not carried out, or undefined. */
function refusal(envelope: Envelope, instance: string, options: OrderDeskOptions): BusError | undefined {
  const bySender = refusalOfSender(envelope);
  if (bySender !== undefined) return bySender;
  const { operationId, deployable, epoch } = envelope;
  if (operationId === '' || operationId.length > OPERATION_ID_LIMIT) {
    return busError('invalid-request', `an order has an operation id of 1 to ${OPERATION_ID_LIMIT} characters`);
  }
  const id = parseInstanceId(instance);
  if (id === undefined) return busError('invalid-request', `not an instance id: ${JSON.stringify(instance)}`);
  if (id.deployable !== deployable || id.host !== options.launcherHost) {
    const ours = `deployable ${deployable} on launcher host ${options.launcherHost}`;
    return busError('invalid-request', `instance ${instance} does not belong to ${ours}`);
  }
  const current = options.epochs.current(deployable);
  if (epoch < current) return staleEpoch(envelope, options);
  if (epoch > current) {
    const details = { epoch: String(current) };
    return busError('not-adopted', `epoch ${epoch} of ${deployable} has not been adopted`, { details });
  }
  return undefined;
}

function refusalOfSender({ sender, deployable, epoch }: Envelope): BusError | undefined {
  if (sender.role !== 'dpe') return busError('invalid-request', `a ${sender.role} gives no orders to a launcher`);
  if (!isName(deployable)) return busError('invalid-request', 'an order names its deployable');
  return epoch < 1 ? busError('invalid-request', 'an order carries the epoch of its decider') : undefined;
}

function staleEpoch({ deployable, epoch }: Envelope, options: OrderDeskOptions): BusError {
  const current = options.epochs.current(deployable);
  options.log('warn', 'order of an older decider refused', { deployable, epoch, current });
  const details = { epoch: String(current) };
  return busError('stale-epoch', `epoch ${epoch} of ${deployable} is over: ${current} is in force`, { details });
}

/** Everything up to the entry in `pending` is synchronous: no newer epoch can be adopted between check and entry. */
async function carryOut(
  { operationId, epoch }: Envelope,
  body: Order,
  pending: Map<string, Pending>,
  options: OrderDeskOptions,
): Promise<Answer> {
  const what = WHAT[body.kind];
  const { instance } = body.value;
  const order = `${what} ${instance}`;
  const earlier = pending.get(operationId) ?? options.results.find(operationId);
  if (earlier !== undefined) {
    if (earlier.order !== order) {
      return busError('conflict', `operation ${operationId} was "${earlier.order}", now it is "${order}"`);
    }
    return { kind: 'instanceState', value: 'result' in earlier ? await earlier.result : earlier.state };
  }
  const startedUnixMs = Date.now();
  const result = perform(body, epoch, options);
  pending.set(operationId, { order, result, inFlight: { operationId, what, instance, startedUnixMs } });
  try {
    const state = await result;
    const { evidence, wasForced } = state;
    const durationMs = Date.now() - startedUnixMs;
    const details = { operationId, instance, state: state.state, evidence, wasForced, durationMs };
    options.log(state.state === 'unknown' || state.state === 'failed' ? 'warn' : 'info', what, details);
    await options.results.remember({ operationId, order, state }).catch((error) => {
      options.log('warn', 'a result cannot be written', { operationId, error: String(error) });
    });
    return { kind: 'instanceState', value: state };
  } finally {
    pending.delete(operationId);
  }
}

const WHAT = { startInstance: 'start', stopInstance: 'stop', destroyInstance: 'destroy' } as const;

async function perform(body: Order, epoch: number, options: OrderDeskOptions): Promise<Draft<InstanceState>> {
  const { driver, launcherHost } = options;
  const { instance } = body.value;
  switch (body.kind) {
    case 'startInstance':
      return startState(instance, await start(body.value, epoch, options), launcherHost);
    case 'stopInstance': {
      const outcome = await driver.stop(instance, body.value.graceMs);
      return stopState(instance, await ended(instance, outcome, options), { launcherHost, at: Date.now() });
    }
    case 'destroyInstance': {
      const outcome = await driver.destroy(instance);
      return stopState(instance, await ended(instance, outcome, options), { launcherHost, at: Date.now() });
    }
  }
}

async function start(order: StartInstance, epoch: number, options: OrderDeskOptions): Promise<StartOutcome> {
  let credentialsFile: string;
  try {
    credentialsFile = await options.agents.credentials.keep(order.instance, order.credentials);
  } catch (error) {
    return { kind: 'failed', reason: `the credentials of its agent cannot be written: ${String(error)}` };
  }
  return options.driver.start(specOf(order, { epoch, credentialsFile }, options));
}

/** Nobody needs its credentials any more once it is proven dead. */
async function ended(instance: string, outcome: StopOutcome, options: OrderDeskOptions): Promise<StopOutcome> {
  if (outcome.kind === 'dead') {
    await options.agents.credentials.drop(instance).catch((error) => {
      options.log('warn', 'credentials of an instance that has ended are left', { instance, error: String(error) });
    });
  }
  return outcome;
}

function specOf(
  start: StartInstance,
  { epoch, credentialsFile }: { readonly epoch: number; readonly credentialsFile: string },
  { launcherHost, agents }: OrderDeskOptions,
): InstanceSpec {
  const { instance, image, cpus, memoryMib, heartbeatIntervalMs, disks, networks, placement, bootDeadlineMs } = start;
  // What the id says holds; the order's own word for the assembly could only differ by mistake.
  const { deployable = '', assembly = '' } = parseInstanceId(instance) ?? {};
  return {
    instance,
    deployable,
    assembly,
    image: image === '' ? undefined : image,
    cpus: cpus === 0 ? undefined : cpus,
    memoryMiB: memoryMib === 0 ? undefined : memoryMib,
    disks: disks.map(({ name, sizeMib }) => ({ name, sizeMiB: sizeMib })),
    networks,
    placement,
    bootDeadlineMs: bootDeadlineMs === 0 ? DEFAULT_BOOT_DEADLINE_MS : bootDeadlineMs,
    identity: {
      deployable,
      assembly,
      instance,
      launcherHost,
      epoch,
      busServers: agents.busServers,
      credentialsFile,
      heartbeatIntervalMs: heartbeatIntervalMs === 0 ? DEFAULT_HEARTBEAT_MS : heartbeatIntervalMs,
    },
  };
}

async function forget(instance: string, { driver, log }: OrderDeskOptions): Promise<Answer> {
  if (!(await driver.forget(instance))) return busError('conflict', `instance ${instance} is not proven dead`);
  log('info', 'forget', { instance });
  return { kind: 'ack', value: {} };
}

async function inventory(
  deployable: string,
  pending: ReadonlyMap<string, Pending>,
  { driver, driverName, launcherHost }: OrderDeskOptions,
): Promise<BodyDraft> {
  const isWanted = (instance: string) => deployable === '' || parseInstanceId(instance)?.deployable === deployable;
  const views = await driver.list();
  const inFlight = [...pending.values()].map((operation) => operation.inFlight);
  return {
    kind: 'launcherInventory',
    value: {
      launcherHost,
      driver: driverName,
      instances: views.filter(({ instance }) => isWanted(instance)).map((view) => viewState(view, launcherHost)),
      inFlight: inFlight.filter(({ instance }) => isWanted(instance)),
    },
  };
}
