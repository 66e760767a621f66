/**
 * A deployable in a world without machines: renders its CIB, lets Debian's Pacemaker tools judge it, and executes the
 * graph that `crm_simulate` answers with, writing every result through the history functions. What a transition did is
 * a list of lines such as `start db.vm on h1`, so that a test reads as the course of events.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployable } from '../../coordinator/model/deployable.js';
import { renderCib } from '../../coordinator/policy/cib.js';
import { instanceResource } from '../../coordinator/policy/clone-name.js';
import { operationDigest, restartDigest } from '../../coordinator/policy/digest.js';
import type {
  AssemblyInput,
  CibInput,
  HostInput,
  LocationWish,
  ResourceWish,
} from '../../coordinator/state/cib-input.js';
import { clearFailCount } from '../../coordinator/state/fail-count.js';
import { deleteResource, eraseGuest } from '../../coordinator/state/forget.js';
import type { History } from '../../coordinator/state/history.js';
import { nextCallId } from '../../coordinator/state/history-edit.js';
import { recordHostDead } from '../../coordinator/state/instance-record.js';
import { ownEntry } from '../../coordinator/state/own-entry.js';
import {
  executionStatus,
  type ResourceDescriptor,
  recordPending,
  recordResult,
} from '../../coordinator/state/record.js';
import { childrenOf, parseTree, type Tree } from './golden-tree.js';

export interface GraphAction {
  readonly kind: 'pseudo_event' | 'rsc_op' | 'crm_event';
  readonly id: number;
  readonly operation: string;
  /** Operation key, for example `db.vm_start_0`. */
  readonly key: string;
  readonly node: string | undefined;
  readonly resource: ResourceDescriptor | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Synapse {
  readonly priority: number;
  readonly actions: readonly GraphAction[];
  readonly inputs: readonly number[];
}

/** Outcome of an action: an OCF exit code, `pending` for one that never ends, `timeout` for one that nobody answers. */
export type Answer = number | 'pending' | 'timeout';
export type Responder = (action: GraphAction) => Answer | undefined;

export interface World {
  deployable: Deployable;
  hosts: HostInput[];
  assemblies: Record<string, AssemblyInput>;
  history: History;
  stopAll: boolean;
  isInMaintenance: boolean;
  wishes: Record<string, ResourceWish>;
  locationWishes: LocationWish[];
  /** Resources whose agents can reload, each with the parameters whose change needs a restart. */
  reloads: Record<string, readonly string[]>;
  revision: number;
  transition: number;
  now: number;
  readonly directory: string;
}

export const unknownAssembly: AssemblyInput = {
  host: undefined,
  isConnected: false,
  isHeld: false,
  mayStart: true,
  wish: 'none',
  address: undefined,
  hostname: undefined,
};

function createWorld(deployable: Deployable, hosts: readonly string[]): World {
  return {
    deployable,
    hosts: hosts.map((name) => ({ name, state: 'online', isBarred: false, isDrained: false })),
    assemblies: Object.fromEntries(deployable.assemblies.map(({ name }) => [name, unknownAssembly])),
    history: {},
    stopAll: false,
    isInMaintenance: false,
    wishes: {},
    locationWishes: [],
    reloads: {},
    revision: 0,
    transition: 0,
    now: 1_700_000_000_000,
    directory: mkdtempSync(join(tmpdir(), 'cpe-cib-')),
  };
}

/** Runs a course of events in a world of its own, and leaves nothing behind. */
export function inWorld(deployable: Deployable, hosts: readonly string[], course: (world: World) => void): void {
  const world = createWorld(deployable, hosts);
  try {
    course(world);
  } finally {
    rmSync(world.directory, { recursive: true, force: true });
  }
}

export function changeAssembly(world: World, assembly: string, change: Partial<AssemblyInput>): void {
  world.assemblies[assembly] = { ...(world.assemblies[assembly] ?? unknownAssembly), ...change };
}

/** Decides, after the tools have found the CIB clean and readable. */
export function decide(world: World): readonly Synapse[] {
  world.now += 1000;
  world.revision += 1;
  world.transition += 1;
  const file = join(world.directory, 'cib.xml');
  writeFileSync(file, renderCib(inputOf(world)));
  const verified = runTool(world, 'crm_verify', ['-V', '-x', file]);
  // A host that has to be fenced is a warning by itself.
  const isWarned = world.hosts.some(({ state }) => state === 'unclean') && !verified.output.includes('rror');
  assert.deepEqual(isWarned ? [0, ''] : [verified.status, verified.output], [0, ''], 'crm_verify -V is silent');
  const graph = join(world.directory, 'graph.xml');
  const simulated = runTool(world, 'crm_simulate', ['-R', '-Q', '-x', file, '-G', graph]);
  assert.equal(simulated.status, 0, simulated.output);
  const synapses = parseGraph(readFileSync(graph, 'utf8'));
  if (synapses.length === 0) {
    const monitored = runTool(world, 'crm_mon', ['-1'], { CIB_file: file });
    assert.equal(monitored.status, 0, `crm_mon reads it: ${monitored.output}`);
  }
  return synapses;
}

/** When time alone may change the last decision, in Unix ms; undefined: never. */
export function recheckAt(world: World): number | undefined {
  const { attributes } = parseTree(readFileSync(join(world.directory, 'graph.xml'), 'utf8'));
  const seconds = attributes['recheck-by'];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

export function inputOf(world: World): CibInput {
  const { deployable, revision, hosts, assemblies, history, stopAll, now } = world;
  const dialect = { featureSet: '3.16.1', schema: 'pacemaker-3.9' };
  const { isInMaintenance, wishes, locationWishes } = world;
  const wanted = { stopAll, isInMaintenance: isInMaintenance || deployable.isInMaintenance, wishes, locationWishes };
  return { deployable, revision, dialect, hosts, assemblies, history, ...wanted, nowUnixMs: now };
}

/**
 * The first action with this key ends so; all others as expected. A key names an instance of a clone by its number as long
 * as it has no history: there `promote db-2.sql` is asked for instead.
 */
export function once(key: string, answer: Answer): Responder {
  let isAnswered = false;
  return (action) => {
    if (isAnswered || (action.key !== key && `${action.operation} ${action.resource?.id}` !== key)) {
      return undefined;
    }
    isAnswered = true;
    return answer;
  };
}

export function dummy(id: string): ResourceDescriptor {
  return { id, class: 'ocf', provider: 'heartbeat', type: 'Dummy' };
}

/** The recurring monitor of a Dummy finds a failure, 7 (not running) unless told otherwise. */
export function failMonitor(world: World, node: string, id: string, { rc = 7, intervalMs = 10_000 } = {}): void {
  const monitor = world.history[node]?.resources[id]?.records[`${id}_monitor_${intervalMs}`];
  assert.ok(monitor, `${id} is monitored on ${node}`);
  const change = { rc, status: executionStatus.done, changedAt: world.now, exitReason: 'found dead' };
  world.history = recordResult(world.history, node, dummy(id), { ...monitor, ...change });
}

/** What `crm_mon -1` prints about the last decided CIB. */
export function monitorText(world: World, ...options: string[]): string {
  return runTool(world, 'crm_mon', ['-1', ...options], { CIB_file: join(world.directory, 'cib.xml') }).output;
}

/** Runs one of Debian's Pacemaker tools away from the system's own CIB. */
export function runTool(
  world: World,
  tool: string,
  options: readonly string[],
  environment: Record<string, string> = {},
) {
  const result = spawnSync(tool, options, {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC', CIB_shadow_dir: world.directory, ...environment },
  });
  if (result.error !== undefined) {
    throw new Error(`${tool}: ${result.error.message}; install pacemaker-cli-utils`);
  }
  return { status: result.status, output: result.stdout + result.stderr };
}

/** Decides and executes one graph; returns what was done, in order. Stops at the first failure, as an abort does. */
export function transition(world: World, answer: Responder = () => undefined): readonly string[] {
  return execute(world, decide(world), answer);
}

/** Transitions until there is nothing to do. */
export function settle(world: World, answer?: Responder, limit = 8): readonly (readonly string[])[] {
  const done: (readonly string[])[] = [];
  for (let count = 0; count < limit; count++) {
    const synapses = decide(world);
    if (!synapses.some(({ actions }) => actions.some(hasEffect))) {
      return done;
    }
    done.push(execute(world, synapses, answer ?? (() => undefined)));
  }
  throw new Error(`no rest after ${limit} transitions:\n${done.map((lines) => lines.join('\n')).join('\n--\n')}`);
}

/** While a VM finds no capacity, every graph has pseudo actions about the load of hosts, and nothing else. */
function hasEffect({ kind, operation }: GraphAction): boolean {
  return kind !== 'pseudo_event' || operation === 'stonith' || operation === 'maintenance_nodes';
}

/** Executes a graph to its end or its first failure; returns what was done, in order. */
export function execute(world: World, synapses: readonly Synapse[], answer: Responder): readonly string[] {
  const log: string[] = [];
  const confirmed = new Set<number>();
  const fired = new Set<Synapse>();
  let isAborted = false;
  for (let hasProgress = true; hasProgress && !isAborted; ) {
    hasProgress = false;
    const ready = synapses.filter((synapse) => !fired.has(synapse) && synapse.inputs.every((id) => confirmed.has(id)));
    for (const synapse of ready) {
      fired.add(synapse);
      hasProgress = true;
      for (const action of synapse.actions) {
        const outcome = perform(world, withInstanceName(world, action), answer, log);
        if (outcome === 'confirmed') {
          confirmed.add(action.id);
        }
        isAborted ||= outcome === 'failed';
      }
    }
  }
  return log;
}

type Outcome = 'confirmed' | 'failed' | 'pending';

/** Outside of the CIB an instance of a clone has the name of its replica. */
function withInstanceName({ deployable }: World, action: GraphAction): GraphAction {
  const { resource, node } = action;
  return resource === undefined
    ? action
    : { ...action, resource: { ...resource, id: instanceResource(deployable, resource.id, node ?? '') } };
}

function perform(world: World, action: GraphAction, answer: Responder, log: string[]): Outcome {
  if (action.kind === 'pseudo_event') {
    if (action.operation === 'maintenance_nodes') {
      log.push('maintenance_nodes');
    }
    if (action.operation === 'stonith') {
      log.push(`fence ${action.node}`);
      world.history = eraseGuest(world.history, action.node ?? '');
    }
    return 'confirmed';
  }
  if (action.kind === 'crm_event') {
    if (action.operation === 'clear_failcount' && action.resource !== undefined) {
      log.push(`clear_failcount ${action.resource.id} on ${action.node}`);
      world.history = clearFailCount(world.history, action.node ?? '', action.resource.id);
      return 'confirmed';
    }
    return action.operation === 'stonith' ? fenceHost(world, action, answer, log) : unknownOrder(action, log);
  }
  return performOperation(world, action, answer, log);
}

function unknownOrder(action: GraphAction, log: string[]): Outcome {
  log.push(`${action.operation} ${action.node}`);
  return 'failed';
}

/** A launcher host is made sure to be dead, and nothing of it is left. */
function fenceHost(world: World, action: GraphAction, answer: Responder, log: string[]): Outcome {
  const { node = '' } = action;
  const isFenced = (answer(action) ?? 0) === 0;
  log.push(`fence launcher host ${node}${isFenced ? '' : ': failed'}`);
  if (!isFenced) {
    return 'failed';
  }
  const lost = Object.entries(world.assemblies).filter(([, { host }]) => host === node);
  for (const [name] of lost) {
    changeAssembly(world, name, { isConnected: false });
  }
  world.hosts = world.hosts.map((host) => (host.name === node ? { ...host, state: 'offline' } : host));
  world.history = recordHostDead(world.history, node);
  return 'confirmed';
}

function performOperation(world: World, action: GraphAction, answer: Responder, log: string[]): Outcome {
  const { attributes, operation, node = '' } = action;
  const resource = action.resource ?? { id: '', class: '', provider: undefined, type: '' };
  const intervalMs = Number(attributes.CRM_meta_interval ?? 0);
  const line = `${intervalMs > 0 ? `${operation}/${intervalMs}` : operation} ${resource.id} on ${node}`;
  if (operation === 'delete') {
    log.push(line);
    world.history = deleteResource(world.history, node, resource.id);
    return 'confirmed';
  }
  const expectedRc = Number(attributes.CRM_meta_op_target_rc ?? 0);
  const order = {
    operation: operation === 'cancel' ? (attributes.CRM_meta_operation ?? '') : operation,
    intervalMs,
    expectedRc,
    transition: world.transition,
    action: action.id,
    digest: operationDigest(attributes, operation, intervalMs, Number(attributes.CRM_meta_timeout ?? 0)),
  };
  world.now += 100;
  const answered = answer(action) ?? expectedRc;
  if (operation !== 'cancel') {
    world.history = recordPending(world.history, node, resource, order, world.now);
  }
  if (answered === 'pending') {
    log.push(`${line}: pending`);
    return 'pending';
  }
  const isUnanswered = answered === 'timeout';
  const status = operation === 'cancel' ? executionStatus.cancelled : isUnanswered ? executionStatus.timeout : 0;
  const rc = isUnanswered ? 1 : answered;
  const callId = isUnanswered ? -1 : nextCallId(world.history, node);
  const timing = { changedAt: world.now, execMs: 10, queueMs: 0, exitReason: rc === expectedRc ? '' : 'told to fail' };
  const restarting = intervalMs === 0 && rc === expectedRc ? ownEntry(world.reloads, resource.id) : undefined;
  const restart = restarting && restartDigest(Object.entries(attributes), restarting);
  world.history = recordResult(world.history, node, resource, { ...order, ...timing, callId, rc, status, restart });
  noteAssembly(world, resource, operation, node, rc);
  log.push(rc === expectedRc ? line : `${line}: ${isUnanswered ? 'timeout' : `rc ${rc}`}`);
  return rc === expectedRc ? 'confirmed' : 'failed';
}

/** What a DPE learns besides the result: where an instance runs and whether its agent is there. */
function noteAssembly(world: World, resource: ResourceDescriptor, operation: string, node: string, rc: number): void {
  if (resource.type === 'assembly' && operation === 'start' && rc === 0) {
    const assembly = resource.id.slice(0, -'.vm'.length);
    changeAssembly(world, assembly, { host: node, address: `127.1.0.${assembly.length}`, hostname: assembly });
  }
  if (resource.type === 'remote' && (operation === 'start' || operation === 'stop')) {
    changeAssembly(world, resource.id, { isConnected: operation === 'start' && rc === 0 });
  }
}

function parseGraph(text: string): readonly Synapse[] {
  return parseTree(text).children.map((synapse) => ({
    priority: Number(synapse.attributes.priority ?? 0),
    actions: childrenOf(synapse, 'action_set').flatMap(({ children }) => children.map(toAction)),
    inputs: childrenOf(synapse, 'inputs')
      .flatMap(({ children }) => children)
      .flatMap((trigger) => trigger.children)
      .map(({ attributes }) => Number(attributes.id)),
  }));
}

function toAction(element: Tree): GraphAction {
  const { attributes: own, children } = element;
  const primitive = children.find(({ name }) => name === 'primitive')?.attributes;
  return {
    kind: element.name as GraphAction['kind'],
    id: Number(own.id),
    operation: own.operation ?? '',
    key: own.operation_key ?? '',
    node: own.on_node,
    attributes: children.find(({ name }) => name === 'attributes')?.attributes ?? {},
    resource: primitive && {
      id: primitive.id ?? '',
      class: primitive.class ?? '',
      provider: primitive.provider,
      type: primitive.type ?? '',
      container: primitive.type === 'remote' ? `${primitive.id}.vm` : undefined,
    },
  };
}
