/**
 * Budgets and the ladder: resource, assembly, deployable, operator. Each level counts its own failures; the last one of
 * a budget goes one level up, and the window of the level it left is empty again.
 */
import { vmId } from '../../model/deployable.js';
import { bootDelayMs } from '../../policy/back-off.js';
import { countFailure } from '../../policy/window.js';
import { clearFailCount } from '../../state/fail-count.js';
import type { History } from '../../state/history.js';
import { escalateToAssembly, recordAgentLost, recordInstanceDead } from '../../state/instance-record.js';
import type { JsonObject } from '../../state/json.js';
import { isUsedUp, leaveHost, otherHosts, thresholdOf } from './another-host.js';
import { isRunning, newestRecord } from './cib-input-of.js';
import { delegate } from './delegation.js';
import { causeSentences, keepCauses, noteCause } from './failure-causes.js';
import { isActedOn } from './overrides.js';
import { performerOf } from './performer.js';
import { assemblyModel, assemblyState, emit, resourceModel, setAssembly, type Work, wantDecision } from './work.js';

export interface ResourceFailure {
  /** CIB id. */
  readonly resource: string;
  readonly at: number;
  readonly reason: string;
  readonly evidence: JsonObject;
}

/**
 * Counts a failure of a resource that its agent did not repair. `repair`: the scheduler is to recover it.
 * `escalated`: its assembly is being recovered instead.
 */
export function countResourceFailure(work: Work, failure: ResourceFailure): 'repair' | 'escalated' {
  const model = resourceModel(work, failure.resource);
  if (model === undefined || !isCounting(work, failure.resource)) return 'repair';
  noteCause(work, failure.resource, failure, model.resource.escalation.periodMs);
  const window = work.durable.windows.resources[failure.resource] ?? [];
  const verdict = countFailure(window, model.resource.escalation, failure.at);
  if (verdict.kind === 'repair') {
    setResourceWindow(work, failure.resource, verdict.window);
    return 'repair';
  }
  escalateResource(work, failure.resource, verdict.failures, verdict.limit, failure.reason);
  return 'escalated';
}

/**
 * The budget of a resource is spent (counted here or by its agent): its assembly is recovered.
 *
 * @param cause of the last failure; those before it are known from when they were counted
 */
export function escalateResource(work: Work, resource: string, failures: number, limit: number, cause: string): void {
  const [assembly = '', name = ''] = resource.split('.');
  const evidence = causeSentences(work, resource);
  const classified = { verdict: 'application', evidence: evidence.length === 0 ? [cause] : evidence };
  setResourceWindow(work, resource, []);
  emit(work, {
    kind: 'escalated',
    assembly,
    resource: name,
    reason: `failure ${failures} of ${limit} allowed within the period (${cause}): recovering the assembly`,
    evidence: { ...classified, level: 'resource', to: 'assembly', failures, limit, cause },
  });
  failAssembly(work, assembly, {
    at: work.now,
    reason: `resource ${name} failed ${failures} times, the last time because: ${cause}`,
    as: 'escalated',
    evidence: classified,
  });
}

export interface AssemblyFailure {
  readonly at: number;
  readonly reason: string;
  readonly evidence?: JsonObject;
  /** How the policy has to read it; `recorded`: the history tells of it already (a failed start, a failed stop inside). */
  readonly as: 'dead' | 'lost' | 'escalated' | 'recorded';
}

/** Counts a failure of an assembly and has it recovered, by one graph, on its own or with the whole deployable. */
export function failAssembly(work: Work, assembly: string, failure: AssemblyFailure): void {
  const state = assemblyState(work, assembly);
  const instance = state.instance.kind === 'none' ? {} : { instance: state.instance.id };
  emit(work, {
    kind: 'assembly-failed',
    assembly,
    ...instance,
    reason: failure.reason,
    evidence: failure.evidence ?? {},
  });
  recordAssemblyFailure(work, assembly, failure);
  wantDecision(work, `assembly ${assembly} failed`);
  const model = assemblyModel(work, assembly);
  if (model === undefined || !isCounting(work, vmId(assembly))) return;
  noteCause(work, assembly, failure, model.escalation.periodMs);
  const verdict = countFailure(work.durable.windows.assemblies[assembly] ?? [], model.escalation, failure.at);
  if (verdict.kind === 'repair') {
    setAssemblyWindow(work, assembly, verdict.window);
    tellThreshold(work, assembly, failure);
    backOff(work, assembly, verdict.failures);
    return;
  }
  escalateAssembly(work, assembly, verdict, failure);
}

/** Only this assembly waits: until then its VM is wanted stopped, and the graph goes on with all others. */
function backOff(work: Work, assembly: string, failures: number): void {
  const delayMs = bootDelayMs(failures, undefined, work.chance);
  if (delayMs === 0) return;
  setAssembly(work, assembly, { mayStartAt: work.now + delayMs });
  emit(work, {
    kind: 'assembly-back-off',
    assembly,
    reason: `booting again in ${delayMs} ms (failure ${failures} within the period)`,
    evidence: { delayMs, failures },
  });
}

/** The host's threshold may be reached before the budget is spent: then Pacemaker moves the VM. */
function tellThreshold(work: Work, assembly: string, failure: AssemblyFailure): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind === 'none' || !isUsedUp(work, assembly, instance.host)) return;
  const hosts = otherHosts(work, assembly);
  if (hosts.length === 0) return;
  const failures = thresholdOf(work, assembly);
  tellMove(work, assembly, judged(work, assembly, failure), { host: instance.host, hosts, failures, limit: failures });
}

/** The verdict on the last failure, and what has failed within the window. */
function judged(work: Work, assembly: string, { evidence, reason }: AssemblyFailure): JsonObject {
  const causes = causeSentences(work, assembly);
  return { verdict: evidence?.verdict ?? 'vm', evidence: causes.length === 0 ? [reason] : causes };
}

/** The budget of an assembly is spent: another launcher host is tried where there is one, else the whole deployable. */
function escalateAssembly(
  work: Work,
  assembly: string,
  { failures, limit }: { readonly failures: number; readonly limit: number },
  failure: AssemblyFailure,
): void {
  const { at, reason } = failure;
  const causes = judged(work, assembly, failure);
  const { instance } = assemblyState(work, assembly);
  const hosts = instance.kind === 'none' ? [] : otherHosts(work, assembly);
  if (instance.kind !== 'none' && hosts.length > 0) {
    tellMove(work, assembly, causes, { host: instance.host, hosts, failures, limit });
    leaveHost(work, assembly, at);
    setAssemblyWindow(work, assembly, []);
    return;
  }
  emit(work, {
    kind: 'escalated',
    assembly,
    reason: `failure ${failures} of ${limit} allowed within the period (${reason}): restarting the deployable`,
    evidence: { ...causes, level: 'assembly', to: 'deployable', failures, limit },
  });
  setAssemblyWindow(work, assembly, []);
  failDeployable(work, `assembly ${assembly} failed ${failures} times, the last time because: ${reason}`, at, causes);
}

function tellMove(
  work: Work,
  assembly: string,
  causes: JsonObject,
  move: { readonly host: string; readonly hosts: readonly string[]; readonly failures: number; readonly limit: number },
): void {
  const { host, failures, limit } = move;
  emit(work, {
    kind: 'escalated',
    assembly,
    reason: `failure ${failures} of ${limit} allowed on launcher host ${host}: starting the assembly on another`,
    evidence: { ...causes, level: 'assembly', to: 'launcher-host', ...move },
  });
}

/**
 * A level below has spent what it had: everything is restarted in order, or stopped until an operator starts it.
 *
 * @param causes verdict and evidence, for the event
 */
export function failDeployable(work: Work, reason: string, at: number, causes: JsonObject): void {
  const { durable } = work;
  const verdict = countFailure(durable.windows.deployable, durable.definition.deployable.escalation, at);
  const recovery =
    verdict.kind === 'repair'
      ? ({ kind: 'restarting', since: work.now, reason } as const)
      : ({ kind: 'halted', since: work.now, reason } as const);
  work.durable = { ...durable, recovery, windows: { ...durable.windows, deployable: verdict.window } };
  if (recovery.kind === 'restarting') {
    const evidence = { ...causes, level: 'deployable', failures: verdict.failures };
    emit(work, { kind: 'deployable-restarting', reason: `${reason}; restarting everything in order`, evidence });
    return;
  }
  const resume = `cpectl deployable start ${durable.name}`;
  emit(work, {
    kind: 'deployable-halted',
    reason: `${reason}; attempts are exhausted, everything is being stopped. Resume with: ${resume}`,
    evidence: { ...causes, level: 'deployable', to: 'operator', failures: verdict.failures, resume },
  });
}

/** While everything is being stopped, failures are no news to a budget; nor are those of what is to be left as it is. */
export function isCounting({ durable }: Work, id: string): boolean {
  return durable.recovery.kind === 'none' && durable.desired.state === 'running' && isActedOn(durable, id);
}

/** One graph then recovers the VM and all that hangs on it (design section 3, state/instance-record.ts). */
export function recordAssemblyFailure(
  work: Work,
  assembly: string,
  { at, reason, as }: Pick<AssemblyFailure, 'at' | 'reason' | 'as'>,
): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind === 'none' || as === 'recorded') return;
  const record = { dead: recordInstanceDead, lost: recordAgentLost, escalated: escalateToAssembly }[as];
  const history = record(work.durable.history, { assembly, host: instance.host, at, reason });
  work.durable = { ...work.durable, history };
}

/**
 * A VM or connection that has failed and is not recovered yet. The record of its failure must stay: without it nobody
 * would know that the instance is gone, or lost.
 */
export function awaitsRecovery(history: History, node: string, id: string): boolean {
  const known = history[node]?.resources[id];
  if (known === undefined || performerOf({ id, type: known.type }).kind === 'agent') return false;
  return newestRecord(known.records)?.operation !== 'stop' && !isRunning(history, node, id);
}

/** Forgets what has left its period: the VM's fail count, which would one day move or stop a healthy assembly. */
export function forgetOldFailures(work: Work): void {
  const hosts = Object.keys(work.durable.hosts);
  for (const assembly of Object.keys(work.durable.assemblies)) {
    const newest = newestFailure(work, assembly, hosts);
    const periodMs = assemblyModel(work, assembly)?.escalation.periodMs ?? 0;
    if (newest === undefined || work.now - newest < periodMs) continue;
    const isFailed = (id: string) => hosts.some((host) => awaitsRecovery(work.durable.history, host, id));
    if (isFailed(vmId(assembly)) || isFailed(assembly)) continue;
    setAssemblyWindow(work, assembly, []);
    for (const host of hosts) {
      // The connection's fail count counts towards the threshold of its VM.
      const history = clearFailCount(clearFailCount(work.durable.history, host, vmId(assembly)), host, assembly);
      work.durable = { ...work.durable, history };
    }
  }
}

/** When the assembly failed last, by its window and by the fail counts of its VM and connection (kept in seconds). */
function newestFailure({ durable }: Work, assembly: string, hosts: readonly string[]): number | undefined {
  const counted = hosts.flatMap((host) =>
    Object.entries(durable.history[host]?.attributes ?? {})
      .filter(([name]) => [vmId(assembly), assembly].some((resource) => name.startsWith(`last-failure-${resource}#`)))
      .map(([, seconds]) => Number(seconds) * 1000),
  );
  const times = [...(durable.windows.assemblies[assembly] ?? []), ...counted];
  return times.length === 0 ? undefined : Math.max(...times);
}

/** After a deployable restart or an operator's start every budget below it begins anew. */
export function forgetAllFailures(work: Work): void {
  const { durable } = work;
  work.durable = { ...durable, windows: { ...durable.windows, resources: {}, assemblies: {}, causes: {} } };
  for (const name of Object.keys(durable.assemblies)) setAssembly(work, name, { mayStartAt: 0 });
}

export function setResourceWindow(work: Work, resource: string, window: readonly number[]): void {
  const { durable } = work;
  const before = durable.windows.resources[resource];
  const resources = { ...durable.windows.resources, [resource]: window };
  work.durable = { ...durable, windows: { ...durable.windows, resources } };
  keepCauses(work, resource, window);
  if (window.length === 0 && (before?.length ?? 0) > 0) delegate(work, resource.split('.')[0] ?? '');
}

function setAssemblyWindow(work: Work, assembly: string, window: readonly number[]): void {
  const { durable } = work;
  const assemblies = { ...durable.windows.assemblies, [assembly]: window };
  work.durable = { ...durable, windows: { ...durable.windows, assemblies } };
  keepCauses(work, assembly, window);
}
