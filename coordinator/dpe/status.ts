/** The state of a DPE in the words that operators read. */
import type { AssemblyStatus, DeployableStatus, Draft, LocationStatus, ResourceStatus } from '../../proto/messages.js';
import { type Assembly, cloneId, type Resource, resourceId, vmId } from '../model/deployable.js';
import { isCloned } from '../policy/clone-name.js';
import type { Containment } from '../policy/containment.js';
import { type KnownAssemblies, unresolvedReferences } from '../policy/template.js';
import type { LocationWish } from '../state/cib-input.js';
import type { OperationRecord } from '../state/history.js';
import { ownEntry } from '../state/own-entry.js';
import { cibInputOf, isRunning } from './core/cib-input-of.js';
import { conditionOf } from './core/condition.js';
import type { AssemblyState, DpeState, DurableState, InstanceRecord, Order } from './core/dpe-state.js';
import { containmentOf, standingOf, unmanagedIds } from './core/overrides.js';
import { conditionWords } from './core/vm-condition.js';
import { waitingOf } from './core/waiting.js';

const cloneSuffix = new RegExp(`${cloneId('')}$`);

export function renderStatus(state: DpeState, now: number): Draft<DeployableStatus> {
  const { durable, volatile } = state;
  const { condition, reason } = conditionOf(state, now);
  const { overrides } = durable;
  const verdicts = containmentOf(durable);
  const { failures: failureLimit, periodMs: failurePeriodMs } = durable.definition.deployable.escalation;
  const known = cibInputOf(state, now).assemblies;
  const { engine } = volatile;
  return {
    name: durable.name,
    desired: durable.desired.state,
    condition,
    reason,
    revision: durable.definition.revision,
    desiredRevision: durable.desired.revision,
    epoch: volatile.epoch,
    settled: volatile.isSettled,
    actionsDone: engine.kind === 'executing' ? engine.done : 0,
    actionsTotal: engine.kind === 'executing' ? engine.total : 0,
    dpePid: process.pid,
    held: heldBy(durable),
    maintenance: overrides.isInMaintenance || durable.definition.deployable.isInMaintenance,
    unmanaged: [...unmanagedIds(durable)],
    locations: overrides.locations.map(locationStatus),
    failures: durable.windows.deployable.length,
    failureLimit,
    failurePeriodMs,
    assemblies: durable.definition.deployable.assemblies.map((assembly) =>
      assemblyStatus(state, assembly, { verdicts, known }, now),
    ),
  };
}

function heldBy({ overrides }: DurableState): string {
  if (overrides.hold === undefined) return '';
  const { by, reason } = overrides.hold;
  return reason === '' ? by : `${by}: ${reason}`;
}

/** A clone is named as operators name it. */
function locationStatus({ resource, node, kind, role, until = 0 }: LocationWish): Draft<LocationStatus> {
  return { resource: resource.replace(cloneSuffix, ''), node, kind, role: role ?? '', untilUnixMs: until };
}

/** What is worked out once for all resources. */
interface Facts {
  readonly verdicts: ReadonlyMap<string, Containment>;
  readonly known: KnownAssemblies;
}

function assemblyStatus(state: DpeState, assembly: Assembly, facts: Facts, now: number): Draft<AssemblyStatus> {
  const known = state.durable.assemblies[assembly.name];
  const { word, reason } = assemblyWord(state, assembly.name, known, now);
  const instance: InstanceRecord = known?.instance ?? { kind: 'none' };
  const isThere = instance.kind !== 'none' && instance.kind !== 'dead';
  return {
    name: assembly.name,
    state: word,
    instance: isThere ? instance.id : '',
    launcherHost: isThere ? instance.host : '',
    address: isThere ? (known?.address ?? '') : '',
    hostname: isThere ? (known?.hostname ?? '') : '',
    reason,
    failures: (state.durable.windows.assemblies[assembly.name] ?? []).length,
    failureLimit: assembly.escalation.failures,
    failurePeriodMs: assembly.escalation.periodMs,
    wish: assemblyWishWord(state.durable, assembly.name),
    unmanaged: standingOf(state.durable, vmId(assembly.name))?.isManaged === false,
    sinceUnixMs: known?.since ?? 0,
    ...vmCondition(instance),
    monitoring: assembly.monitoring,
    resources: assembly.resources.map((resource) => resourceStatus(state, assembly, resource, facts)),
  };
}

function vmCondition(instance: InstanceRecord): Pick<Draft<AssemblyStatus>, 'condition' | 'conditionEvidence'> {
  if (instance.kind !== 'running') return { condition: '', conditionEvidence: '' };
  const { kind = 'working', evidence = '' } = instance.condition ?? {};
  return { condition: kind, conditionEvidence: evidence };
}

function assemblyWishWord({ overrides }: DurableState, name: string): string {
  const id = vmId(name);
  if (overrides.restarting.includes(id)) return 'restarting';
  return ownEntry(overrides.assemblies, name) ?? ownEntry(overrides.resources, id)?.target ?? '';
}

/** Of its own, or of the clone that it is an instance of. */
function resourceWishWord({ overrides }: DurableState, id: string, clone: string | undefined): string {
  const names = clone === undefined ? [id] : [id, clone];
  if (names.some((name) => overrides.restarting.includes(name))) return 'restarting';
  const targets = names.map((name) => ownEntry(overrides.resources, name)?.target);
  return targets.includes('stopped') ? 'stopped' : (targets.find((target) => target !== undefined) ?? '');
}

/** By its last operation: `monitor` ends with 8 where it is promoted (OCF_RUNNING_PROMOTED). */
function roleOf(newest: OperationRecord | undefined): string {
  const isPromoted = newest?.operation === 'promote' ? newest.rc === 0 : newest?.rc === 8 || newest?.rc === 191;
  return isPromoted ? 'promoted' : 'unpromoted';
}

function assemblyWord(
  { durable, volatile }: DpeState,
  name: string,
  known: AssemblyState | undefined,
  now: number,
): { word: string; reason: string } {
  const reason = known?.reason ?? '';
  switch (known?.instance.kind) {
    case undefined:
    case 'none':
    case 'dead':
      if ((known?.mayStartAt ?? 0) > now) return { word: 'back-off', reason };
      return { word: 'stopped', reason: durable.recovery.kind === 'halted' ? durable.recovery.reason : reason };
    case 'starting':
      return { word: 'starting', reason };
    case 'running': {
      const words = conditionWords(known.instance) ?? '';
      const withCondition = (text: string) => (words === '' ? text : `${text}; ${words}`);
      if (!known.isConnected) return { word: 'starting', reason: withCondition('waiting for its agent') };
      const isSuspect = volatile.agents[known.instance.id]?.isSuspect === true;
      return isSuspect
        ? { word: 'suspect', reason: withCondition(`the agent of ${name} is silent`) }
        : { word: 'running', reason: words };
    }
    case 'stopping':
    case 'lost':
    case 'held':
      return { word: known.instance.kind, reason };
  }
}

function resourceStatus(
  { durable, volatile }: DpeState,
  assembly: Assembly,
  resource: Resource,
  { verdicts, known }: Facts,
): Draft<ResourceStatus> {
  const id = resourceId({ assembly: assembly.name, resource: resource.name });
  const clone = isCloned(assembly, resource) ? `${assembly.replica?.of}.${resource.name}` : undefined;
  const verdict = verdicts.get(id) ?? { kind: 'kept', reason: 'unknown' };
  const order = Object.values(volatile.orders).find((each) => each.kind === 'agent' && each.resource.id === id);
  const records = Object.values(durable.history[assembly.name]?.resources[id]?.records ?? {});
  const newest = records.sort((a, b) => b.callId - a.callId)[0];
  const isHere = durable.assemblies[assembly.name]?.instance.kind === 'running';
  const isUp = isHere && isRunning(durable.history, assembly.name, id);
  const values = unresolvedReferences(resource, known);
  const cause = waitingOf(durable).get(id);
  const isWaiting = values.length > 0 || (cause !== undefined && cause !== id);
  const failure = newest !== undefined && !isUp && newest.operation !== 'stop' && newest.rc !== 7 ? newest : undefined;
  return {
    name: resource.name,
    state: resourceWord(order, isUp, failure !== undefined && isHere, isWaiting),
    agent: agentName(resource),
    delegated: verdict.kind === 'delegated',
    delegatedReason: verdict.kind === 'kept' ? verdict.reason : '',
    failures: (durable.windows.resources[id] ?? []).length,
    failureLimit: resource.escalation.failures,
    reason: resourceReason(isHere ? failure : undefined, isUp || cause === id ? undefined : cause),
    sinceUnixMs: newest?.changedAt ?? 0,
    failurePeriodMs: resource.escalation.periodMs,
    wish: resourceWishWord(durable, id, clone),
    unmanaged: standingOf(durable, id)?.isManaged === false,
    role: isUp && resource.clone?.promotable !== undefined ? roleOf(newest) : '',
  };
}

function resourceReason(failure: OperationRecord | undefined, cause: string | undefined): string {
  if (failure !== undefined) return failure.exitReason || `${failure.operation} returned ${failure.rc}`;
  return cause === undefined ? '' : `waits for ${cause}, which is to be stopped`;
}

function resourceWord(order: Order | undefined, isUp: boolean, hasFailed: boolean, isWaiting: boolean): string {
  if (order?.kind === 'agent' && order.operation === 'start') return 'starting';
  if (order?.kind === 'agent' && order.operation === 'stop') return 'stopping';
  if (isUp) return 'running';
  if (hasFailed) return 'failed';
  return isWaiting ? 'waiting' : 'stopped';
}

function agentName({ agent }: Resource): string {
  switch (agent.class) {
    case 'ocf':
      return `ocf:${agent.provider}:${agent.type}`;
    case 'exec':
      return 'exec';
    default:
      return `${agent.class}:${agent.type}`;
  }
}
