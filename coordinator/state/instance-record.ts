/**
 * What happens to instances, as the policy has to read it: one function per fact, for what nobody ordered. Each returns
 * the history from which the scheduler draws the conclusion named here (held to it by test/golden/cib-*.test.ts).
 *
 * | fact                                                | function            | the next graph                          |
 * |-----------------------------------------------------|---------------------|-----------------------------------------|
 * | launcher proves that the instance is gone           | recordInstanceDead  | recovers the assembly                   |
 * | agent silent for too long                           | recordAgentLost     | recovers the assembly                   |
 * | budget of a resource in it is spent                 | escalateToAssembly  | recovers the assembly                   |
 * | its VM stop cannot be proven (and isHeld)           | recordHeld          | leaves it alone, and all others         |
 * | it is alive and its agent answers after all         | recordInstanceBack  | probes it, starts what was stopped      |
 * | launcher host proven dead (state offline)           | recordHostDead      | starts its assemblies elsewhere         |
 * | launcher host dead by evidence (state unclean)      |                     | fences it, then as above                |
 * | agent repaired a resource by itself                 | recordLocalRecovery | nothing                                 |
 * | launcher host silent (isBarred), no record          |                     | nothing; places nothing new there       |
 * | launcher host to be emptied (isDrained)             |                     | moves what another host can take        |
 * | must not boot yet or any more (mayStart false)      |                     | stops it, does not start it             |
 * | nothing is to run inside (wish standby)             |                     | stops its resources, not its VM         |
 * | it is not to run (wish drained)                     |                     | stops its resources, then its VM        |
 *
 * What a graph ordered is recorded by recordPending and recordResult, whoever performed it, with these effects of ours:
 *
 * | action                                              | result to record, and what else                               |
 * |-----------------------------------------------------|---------------------------------------------------------------|
 * | VM stop: proven                                     | rc 0; everything inside the guest is forgotten with it        |
 * | VM stop: not proven in time                         | nothing; recordHeld and isHeld. Never a failure: that would   |
 * |                                                     | fence the launcher host                                       |
 * | VM start or connection start failed, or timed out   | the failure, and mayStart false for the back-off: nothing     |
 * |                                                     | else keeps the scheduler from trying again at once            |
 * | VM and connection probes and monitors               | 0 where the instance runs (the agent is connected), else 7    |
 * | resource stop failed, or timed out                  | the failure; the next graph recovers its VM                   |
 * | delete, on whatever node                            | deleteResource; nothing is asked of anybody                   |
 * | clear_failcount                                     | clearFailCount                                                |
 * | pseudo action stonith of a guest                    | eraseGuest, or the assembly is recovered for ever             |
 * | fencing of a launcher host                          | confirmed only with proof; then recordHostDead                |
 *
 * "Recovers the assembly" is one graph: dependents in other assemblies stop, connection and VM stop, the guest is fenced
 * (pseudo), VM, connection and resources start, dependents start. Resources inside are not stopped one by one, and
 * nothing else is touched. While mayStart is false that graph ends after the fencing. Fail counts of a VM and of its
 * connection never expire: with more than one host, clearFailCount for both when the assembly's budget forgets.
 */

import { vmId } from '../model/deployable.js';
import { deleteNode, eraseGuest } from './forget.js';
import type { History, NodeName, OperationRecord } from './history.js';
import { nextCallId } from './history-edit.js';
import { connectionMonitor, defaultInstanceTiming, type InstanceTiming } from './instance-timing.js';
import { ownEntry } from './own-entry.js';
import {
  executionStatus,
  exitCode,
  failResource,
  noTransition,
  type ResourceDescriptor,
  recordResult,
} from './record.js';

/** The VM resource of an assembly. */
export function vmResource(assembly: string): ResourceDescriptor {
  return { id: vmId(assembly), class: 'ocf', provider: 'cpe', type: 'assembly' };
}

/** The connection resource that the scheduler adds to each VM resource: our agent's registration. */
export function connectionResource(assembly: string): ResourceDescriptor {
  return { id: assembly, class: 'ocf', provider: 'pacemaker', type: 'remote', container: vmId(assembly) };
}

/** An instance, by its assembly and the launcher host it is on, and when and why something is known of it. */
export interface InstanceFact {
  readonly assembly: string;
  readonly host: NodeName;
  /** Unix ms. */
  readonly at: number;
  /** For people: `crm_mon` shows it. */
  readonly reason: string;
}

/** The launcher has proven that the instance does not run any more. Raises the fail count of its VM on that host. */
export function recordInstanceDead(
  history: History,
  fact: InstanceFact,
  timing: InstanceTiming = defaultInstanceTiming,
): History {
  return failVm(history, fact, exitCode.notRunning, timing);
}

/** The assembly must be recovered although it runs: a level below has spent its budget. Raises its VM's fail count. */
export function escalateToAssembly(
  history: History,
  fact: InstanceFact,
  timing: InstanceTiming = defaultInstanceTiming,
): History {
  return failVm(history, fact, exitCode.unknownError, timing);
}

/** The agent is lost; whether the instance still runs is unknown. Raises the fail count of the connection. */
export function recordAgentLost(history: History, { assembly, host, at, reason }: InstanceFact): History {
  const { intervalMs } = connectionMonitor;
  const failure = { intervalMs, rc: exitCode.unknownError, at, exitReason: reason };
  return failResource(history, host, connectionResource(assembly), failure);
}

/**
 * The VM's stop cannot be proven. The pending stop is replaced by what was last known to be true, that it runs, and the
 * connection counts as failed. Render with AssemblyInput.isHeld: unmanaged, nothing is ordered for it or inside it.
 * What runs inside becomes unknown, so that dependents that the recovery has stopped stay stopped; when it comes back,
 * probes tell. Held before any stop was ordered, all stays as it is.
 */
export function recordHeld(
  history: History,
  fact: InstanceFact,
  timing: InstanceTiming = defaultInstanceTiming,
): History {
  const { assembly, host, at } = fact;
  const isUntouched = [vmResource(assembly), connectionResource(assembly)].every((resource) => {
    const last = recordsOf(history, host, resource)[`${resource.id}_last_0`];
    return last !== undefined && isStart(last);
  });
  if (isUntouched) {
    return recordAgentLost(history, fact);
  }
  return recordAgentLost(eraseGuest(renewVm(history, assembly, host, at, timing), assembly), fact);
}

/** The instance runs and its agent is registered, whatever was believed of them before. */
export function recordInstanceBack(
  history: History,
  { assembly, host, at }: Omit<InstanceFact, 'reason'>,
  timing: InstanceTiming = defaultInstanceTiming,
): History {
  const connection = connectionResource(assembly);
  const running = renewVm(history, assembly, host, at, timing);
  const connected = recordSuccess(running, host, connection, 'start', 0, at);
  return recordSuccess(connected, host, connection, 'monitor', connectionMonitor.intervalMs, at);
}

/** Start before monitor: one that is older than the start counts as gone. */
function renewVm(history: History, assembly: string, host: NodeName, at: number, timing: InstanceTiming): History {
  const vm = vmResource(assembly);
  const started = recordSuccess(history, host, vm, 'start', 0, at);
  return recordSuccess(started, host, vm, 'monitor', timing.vmMonitorIntervalMs, at);
}

/** A launcher host is dead, on proof: nothing of it and nothing in the instances it had is left. */
export function recordHostDead(history: History, host: NodeName): History {
  const lost = assembliesOn(history, host);
  return lost.reduce((known, assembly) => eraseGuest(known, assembly), deleteNode(history, host));
}

/** Assemblies whose agent was connected through a host last. */
function assembliesOn(history: History, host: NodeName): readonly string[] {
  return Object.entries(ownEntry(history, host)?.resources ?? {})
    .filter(([, { container, records }]) => container !== undefined && Object.values(records).some(isStart))
    .map(([connection]) => connection);
}

function isStart({ operation, rc }: OperationRecord): boolean {
  return operation === 'start' && rc === exitCode.ok;
}

function failVm(history: History, fact: InstanceFact, rc: number, timing: InstanceTiming): History {
  const { assembly, host, at, reason } = fact;
  const failure = { intervalMs: timing.vmMonitorIntervalMs, rc, at, exitReason: reason };
  return failResource(history, host, vmResource(assembly), failure);
}

/** Renews a record as a success; one that was never there is left to the scheduler, which orders the operation. */
function recordSuccess(
  history: History,
  node: NodeName,
  resource: ResourceDescriptor,
  operation: string,
  intervalMs: number,
  at: number,
): History {
  const id = intervalMs > 0 ? `${resource.id}_${operation}_${intervalMs}` : `${resource.id}_last_0`;
  const before = recordsOf(history, node, resource)[id];
  if (before === undefined) {
    return history;
  }
  const callId = nextCallId(history, node);
  return recordResult(history, node, resource, {
    operation,
    intervalMs,
    expectedRc: exitCode.ok,
    transition: noTransition,
    action: callId,
    digest: before.digest,
    callId,
    rc: exitCode.ok,
    status: executionStatus.done,
    changedAt: at,
    execMs: 0,
    queueMs: 0,
    exitReason: '',
  });
}

function recordsOf(
  history: History,
  node: NodeName,
  resource: ResourceDescriptor,
): Readonly<Record<string, OperationRecord>> {
  return ownEntry(ownEntry(history, node)?.resources, resource.id)?.records ?? {};
}
