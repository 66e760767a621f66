import { type BusError, busError } from '../../proto/bus-error.js';
import type * as wire from '../../proto/messages.js';
import type { OutboxState } from '../../proto/outbox.js';
import { lookUp, valuesOf } from '../core/id-map.js';
import type { Moment, OperationResult, ResourceDefinition } from '../core/operation.js';
import type { AgentState, RecurringMonitor, ResourceState } from '../core/state.js';
import type { Watch } from '../executors/resource-executor.js';

/** What a description holds besides the core's state. */
export interface AgentFacts {
  readonly version: string;
  readonly pid: number;
  readonly startedUnixMs: number;
  readonly memoryBytes: number;
  readonly outbox: OutboxState;
  /** Of Matahari's objects, by name. */
  readonly backends: Readonly<Record<string, string>>;
  readonly classes: readonly string[];
  /** What is seen of a resource between two monitors; undefined when it does not run, or nothing is. */
  readonly watch: (resource: string) => Watch | undefined;
  readonly at: Moment;
}

/**
 * The agent and what it manages: everything, or with the name of a resource (`<assembly>.<resource>`) that one only,
 * with the output of its last operations. Of all together the outputs are left out: they may not fit a message.
 */
export function describeAgent(
  state: AgentState,
  facts: AgentFacts,
  resource: string,
): wire.Draft<wire.AgentDescription> | BusError {
  const one = lookUp(state.resources, resource);
  if (resource !== '' && one === undefined) {
    return busError('unknown-resource', `the agent has no resource ${JSON.stringify(resource)}`, {
      details: { argument: 'resource' },
    });
  }
  const { policy, counters, epoch, lease } = state;
  const { version, pid, startedUnixMs, memoryBytes, outbox, backends, classes, at } = facts;
  const shown = one === undefined ? valuesOf(state.resources).filter(isOfInterest) : [one];
  return {
    version,
    instance: policy.instance,
    incarnation: counters.incarnation,
    pid,
    startedUnixMs,
    epoch,
    leaseMs: Math.max(0, Math.round((lease?.until ?? at.bootMs) - at.bootMs)),
    memoryBytes,
    reportsWaiting: outbox.waiting + state.unspooled.length,
    reportsWaitingBytes: outbox.waitingBytes,
    reportsCondensed: counters.condensedReports,
    backends: { ...backends },
    classes: [...classes],
    resources: shown
      .map((each) => managedResource(each, { facts, hasOutput: one !== undefined }))
      .sort((a, b) => (a.resource < b.resource ? -1 : 1)),
  };
}

/** Not one that was never run here, and has left the deployable: only its failures are remembered. */
function isOfInterest({ record, activity }: ResourceState): boolean {
  const { definition, delegation, exclusive, queue, lastOperation } = record;
  const isKept = definition !== undefined || lastOperation !== undefined || activity !== undefined;
  return isKept || delegation !== undefined || exclusive !== undefined || queue.length > 0;
}

/** The kind of watch in words of a person: what is seen at once, or why nothing is. */
export function watchWords(watch: Watch): string {
  switch (watch.kind) {
    case 'exit':
      return `the exit of process ${watch.pid} is seen at once`;
    case 'cgroup':
      return watch.processes === 1
        ? 'the end of its process is seen at once (cgroup)'
        : `the end of the last of its ${watch.processes} processes is seen at once (cgroup)`;
    case 'processes':
      return `the end of any of the processes ${watch.pids.join(', ')} is seen at once`;
    case 'unit':
      return `changes of unit ${watch.unit} are told by systemd`;
    case 'interval':
      return `the interval of its monitor decides: ${watch.reason}`;
  }
}

/** `ocf:heartbeat:redis`, `systemd:nginx.service`, `exec`; empty for a resource of which only a delegation is known. */
export function agentName(definition: ResourceDefinition | undefined): string {
  if (definition === undefined) return '';
  const { class: resourceClass, provider, type } = definition;
  if (resourceClass === 'exec') return resourceClass;
  return [resourceClass, provider, type].filter((part) => part !== '').join(':');
}

function managedResource(
  { record, activity, dueAt }: ResourceState,
  { facts, hasOutput }: { readonly facts: AgentFacts; readonly hasOutput: boolean },
) {
  const { at } = facts;
  const watch = facts.watch(record.resource) ?? unwatched(record.isExpectedToRun);
  const { delegation, exclusive, window, lastOperation } = record;
  const counts = window.failures.filter(
    (failure) => delegation === undefined || at.bootMs - failure.at.bootMs < delegation.periodMs,
  );
  return {
    resource: record.resource,
    agent: agentName(record.definition),
    watch: watch.kind,
    watchedBy: watchWords(watch),
    delegated: delegation !== undefined,
    exclusive: exclusive !== undefined,
    expectedToRun: record.isExpectedToRun,
    activity: activity?.operation.name ?? '',
    ordersWaiting: record.queue.filter(({ run }) => run === undefined).length,
    monitors: Object.entries(record.monitors).map(([key, monitor]) => monitorState(monitor, dueAt[key], at)),
    lastOperation: lastOperation && operationResult(lastOperation, hasOutput),
    failuresInWindow: counts.length,
    failureLimit: delegation?.failures ?? 0,
  };
}

function unwatched(isExpectedToRun: boolean): Watch {
  return { kind: 'interval', reason: isExpectedToRun ? 'nothing else of it is seen here' : 'it does not run' };
}

/** Without its parameters: there may be secrets in them. */
function operationResult(
  { parameters: _parameters, output, ...result }: OperationResult,
  hasOutput: boolean,
): wire.Draft<wire.OperationResult> {
  return { ...result, output: hasOutput ? output : '' };
}

function monitorState({ operation, last }: RecurringMonitor, dueAt: number | undefined, at: Moment) {
  return {
    operation: operation.name,
    intervalMs: operation.intervalMs,
    timeoutMs: operation.timeoutMs,
    dueInMs: Math.max(0, Math.round((dueAt ?? at.bootMs) - at.bootMs)),
    lastRc: last.rc,
    lastStatus: last.status,
    lastUnixMs: last.endedUnixMs,
  };
}
