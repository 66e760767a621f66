/**
 * Budgets and the ladder: resource, assembly, deployable, operator. Each level counts its own failures; the last one of
 * a budget goes one level up, and the window of the level it left is empty again.
 */
import { vmId } from '../../model/deployable.js';
import { bootDelayMs } from '../../policy/back-off.js';
import { countFailure } from '../../policy/window.js';
import type { History } from '../../state/history.js';
import { escalateToAssembly, recordAgentLost, recordInstanceDead } from '../../state/instance-record.js';
import type { JsonObject } from '../../state/json.js';
import { clearFailCount } from '../../state/record.js';
import { isRunning, newestRecord } from './cib-input-of.js';
import { delegate } from './delegation.js';
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
  if (model === undefined || !isCounting(work)) return 'repair';
  const window = work.durable.windows.resources[failure.resource] ?? [];
  const verdict = countFailure(window, model.resource.escalation, failure.at);
  setResourceWindow(work, failure.resource, verdict.window);
  if (verdict.kind === 'repair') return 'repair';
  escalateResource(work, failure.resource, verdict.failures, verdict.limit, failure.reason);
  return 'escalated';
}

/** The budget of a resource is spent (counted here or by its agent): its assembly is recovered. */
export function escalateResource(work: Work, resource: string, failures: number, limit: number, cause: string): void {
  const [assembly = '', name = ''] = resource.split('.');
  setResourceWindow(work, resource, []);
  emit(work, {
    kind: 'escalated',
    assembly,
    resource: name,
    reason: `failure ${failures} of ${limit} allowed within the period: recovering the assembly`,
    evidence: { level: 'resource', to: 'assembly', failures, limit, cause },
  });
  failAssembly(work, assembly, {
    at: work.now,
    reason: `resource ${name} failed ${failures} times: ${cause}`,
    as: 'escalated',
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
  if (model === undefined || !isCounting(work)) return;
  const verdict = countFailure(work.durable.windows.assemblies[assembly] ?? [], model.escalation, failure.at);
  setAssemblyWindow(work, assembly, verdict.window);
  if (verdict.kind === 'repair') {
    const delayMs = bootDelayMs(verdict.failures, undefined, work.chance);
    if (delayMs > 0) {
      setAssembly(work, assembly, { mayStartAt: work.now + delayMs });
      emit(work, {
        kind: 'assembly-back-off',
        assembly,
        reason: `booting again in ${delayMs} ms (failure ${verdict.failures} within the period)`,
        evidence: { delayMs, failures: verdict.failures },
      });
    }
    return;
  }
  emit(work, {
    kind: 'escalated',
    assembly,
    reason: `failure ${verdict.failures} of ${verdict.limit} allowed within the period: restarting the deployable`,
    evidence: { level: 'assembly', to: 'deployable', failures: verdict.failures, limit: verdict.limit },
  });
  failDeployable(work, `assembly ${assembly} failed ${verdict.failures} times: ${failure.reason}`, failure.at);
}

function failDeployable(work: Work, reason: string, at: number): void {
  const { durable } = work;
  const verdict = countFailure(durable.windows.deployable, durable.definition.deployable.escalation, at);
  const recovery =
    verdict.kind === 'repair'
      ? ({ kind: 'restarting', since: work.now, reason } as const)
      : ({ kind: 'halted', since: work.now, reason } as const);
  work.durable = { ...durable, recovery, windows: { ...durable.windows, deployable: verdict.window } };
  if (recovery.kind === 'restarting') {
    emit(work, { kind: 'deployable-restarting', reason: `${reason}; restarting everything in order` });
    return;
  }
  const resume = `cpectl deployable start ${durable.name}`;
  emit(work, {
    kind: 'deployable-halted',
    reason: `${reason}; attempts are exhausted, everything is being stopped. Resume with: ${resume}`,
    evidence: { level: 'deployable', to: 'operator', failures: verdict.failures, resume },
  });
}

/** While everything is being stopped, failures are no news to a budget. */
function isCounting(work: Work): boolean {
  return work.durable.recovery.kind === 'none' && work.durable.desired.state === 'running';
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
  for (const [assembly, window] of Object.entries(work.durable.windows.assemblies)) {
    const periodMs = assemblyModel(work, assembly)?.escalation.periodMs ?? 0;
    if (window.length === 0 || work.now - Math.max(...window) < periodMs) continue;
    const hosts = Object.keys(work.durable.hosts);
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

/** After a deployable restart or an operator's start every budget below it begins anew. */
export function forgetAllFailures(work: Work): void {
  const { durable } = work;
  work.durable = { ...durable, windows: { ...durable.windows, resources: {}, assemblies: {} } };
  for (const name of Object.keys(durable.assemblies)) setAssembly(work, name, { mayStartAt: 0 });
}

export function setResourceWindow(work: Work, resource: string, window: readonly number[]): void {
  const { durable } = work;
  const before = durable.windows.resources[resource];
  const resources = { ...durable.windows.resources, [resource]: window };
  work.durable = { ...durable, windows: { ...durable.windows, resources } };
  if (window.length === 0 && (before?.length ?? 0) > 0) delegate(work, resource.split('.')[0] ?? '');
}

function setAssemblyWindow(work: Work, assembly: string, window: readonly number[]): void {
  const { durable } = work;
  const assemblies = { ...durable.windows.assemblies, [assembly]: window };
  work.durable = { ...durable, windows: { ...durable.windows, assemblies } };
}
