/**
 * The rung between restarting an assembly and restarting the deployable: the assembly starts on another launcher host.
 * Pacemaker moves its VM when the fail count on a host has reached the migration-threshold; here is what is counted and
 * told, and what happens when the last host is used up.
 */
import { vmId } from '../../model/deployable.js';
import { vmMigrationThreshold } from '../../policy/cib-vm.js';
import { addFailure, failCount } from '../../state/fail-count.js';
import { defaultInstanceTiming } from '../../state/instance-timing.js';
import { failDeployable } from './failures.js';
import { standingOf } from './overrides.js';
import { fullHostsOf } from './room.js';
import { assemblyModel, assemblyState, emit, mayRun, setAssembly, type Work, wantDecision } from './work.js';

/** Other launcher hosts that could take the assembly's VM as far as hosts and its failures there go. */
export function otherHosts(work: Work, assembly: string): readonly string[] {
  const { instance } = assemblyState(work, assembly);
  const current = instance.kind === 'none' ? undefined : instance.host;
  const full = fullHostsOf(assemblyState(work, assembly), work.now);
  return usableHosts(work).filter(
    (host) => host !== current && !full.includes(host) && !isUsedUp(work, assembly, host),
  );
}

/** Whether the assembly has failed so often on a host that Pacemaker starts its VM elsewhere, if there is anywhere. */
export function isUsedUp({ durable }: Pick<Work, 'durable'>, assembly: string, host: string): boolean {
  const model = durable.definition.deployable.assemblies.find(({ name }) => name === assembly);
  // The connection's failures count towards the threshold of the VM that contains it.
  const failures = failCount(durable.history, host, vmId(assembly)) + failCount(durable.history, host, assembly);
  return failures >= (model?.migrationThreshold ?? vmMigrationThreshold);
}

/** Its budget is spent on this host: no failure there is repaired there any more. */
export function leaveHost(work: Work, assembly: string, at: number): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind === 'none') return;
  const operation = { operation: 'monitor', intervalMs: defaultInstanceTiming.vmMonitorIntervalMs };
  const history = addFailure(work.durable.history, instance.host, vmId(assembly), operation, at, 'INFINITY');
  work.durable = { ...work.durable, history };
  setAssembly(work, assembly, { isLeavingHost: true });
}

/**
 * Looks for assemblies that no launcher host may take any more: those are stopped, and the next rung is the deployable.
 * Asked once the scheduler has nothing left to do.
 */
export function watchUsedUp(work: Work): void {
  const { durable, volatile } = work;
  const isAtRest = volatile.engine.kind === 'idle' && volatile.isSettled && volatile.pendingTrigger === undefined;
  const isWanted = durable.desired.state === 'running' && durable.recovery.kind === 'none';
  const isLeftAlone = durable.overrides.hold !== undefined || durable.overrides.isInMaintenance;
  if (!isAtRest || !isWanted || isLeftAlone) return;
  for (const { name } of durable.definition.deployable.assemblies) {
    if (!isStranded(work, name)) continue;
    const hosts = Object.keys(durable.hosts).filter((host) => isUsedUp(work, name, host));
    const reason = `assembly ${name} has failed too often on every launcher host that could take it`;
    const evidence = hosts.map((host) => `it is not started on launcher host ${host} any more`);
    const causes = { verdict: 'vm', evidence };
    emit(work, {
      kind: 'escalated',
      assembly: name,
      reason: `${reason}: it is stopped, restarting the deployable`,
      evidence: { ...causes, level: 'launcher-host', to: 'deployable', hosts },
    });
    setAssembly(work, name, { isLeavingHost: false });
    failDeployable(work, reason, work.now, causes);
    wantDecision(work, reason);
    return;
  }
}

function isStranded(work: Work, assembly: string): boolean {
  const { instance, mayStartAt, isLeavingHost } = assemblyState(work, assembly);
  if (mayRun(instance) || mayStartAt > 0) return false;
  const standing = standingOf(work.durable, vmId(assembly));
  const wish = work.durable.overrides.assemblies[assembly];
  if (standing?.target !== 'started' || !standing.isManaged || wish === 'drained') return false;
  const usable = usableHosts(work);
  if (usable.length === 0 || Object.keys(work.durable.hosts).length < 2) return false;
  return isLeavingHost === true || usable.every((host) => isUsedUp(work, assembly, host));
}

function usableHosts({ durable, volatile }: Work): readonly string[] {
  const allowed = durable.definition.deployable.hosts;
  return Object.entries(durable.hosts)
    .filter(([name, { standing, isDrained }]) => {
      const isAllowed = allowed.length === 0 || allowed.includes(name);
      return isAllowed && standing === 'in-service' && !isDrained && volatile.launchers[name]?.isAdopted === true;
    })
    .map(([name]) => name);
}

/** For events: how the assembly's failures stand against the threshold of its present host. */
export function thresholdOf(work: Work, assembly: string): number {
  return assemblyModel(work, assembly)?.migrationThreshold ?? vmMigrationThreshold;
}
