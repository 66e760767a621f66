import { type Assembly, vmId } from '../model/deployable.js';
import type { CibInput, HostInput } from '../state/cib-input.js';
import { connectionResource, vmResource } from '../state/instance-record.js';
import type { InstanceTiming } from '../state/instance-timing.js';
import { ownEntry } from '../state/own-entry.js';
import { instanceAttributes, location, metaAttributes, operation } from './cib-element.js';
import type { RetiredAssembly } from './leftovers.js';
import { element, type Xml } from './xml.js';

/** Keeps healthy VMs where they are: without it one failed monitor moves others. */
export const stickiness = 100;

/** A silent host is less attractive than nothing by half the stickiness: what runs there stays, nothing new comes. */
const barredScore = -stickiness / 2;

/** How often a VM may fail on one host before the next one is tried. */
const vmMigrationThreshold = 3;

/** The VM of an assembly: `remote-node` makes it a guest node, whose connection resource is our agent's registration. */
export function renderVm(assembly: Assembly, input: CibInput, timing: InstanceTiming): Xml {
  const id = vmId(assembly.name);
  const known = ownEntry(input.assemblies, assembly.name);
  return element('primitive', { id, class: 'ocf', provider: 'cpe', type: 'assembly' }, [
    ...instanceAttributes(id, { image: assembly.image, cpus: assembly.cpus, 'memory-mib': assembly.memoryMiB }),
    ...metaAttributes(id, {
      'remote-node': assembly.name,
      'remote-connect-timeout': `${timing.connectTimeoutMs}ms`,
      // With one host a threshold has nowhere to move the VM to: it would stop a healthy one.
      'migration-threshold': usableHosts(input).length > 1 ? vmMigrationThreshold : undefined,
      'is-managed': known?.isHeld === true ? false : undefined,
      'target-role': known?.mayStart === false ? 'Stopped' : undefined,
    }),
    element('operations', {}, [
      operation(id, 'start', { timeoutMs: timing.vmStartTimeoutMs }),
      operation(id, 'stop', { timeoutMs: timing.vmStopTimeoutMs }),
      operation(id, 'monitor', { intervalMs: timing.vmMonitorIntervalMs, timeoutMs: timing.vmMonitorTimeoutMs }),
    ]),
  ]);
}

/**
 * Where a VM may run. A silent host takes no new instance: it is not asked for VMs that it never had (it would not
 * answer), and one that failed there starts on another host.
 */
export function renderVmLocations(assembly: string, input: CibInput): readonly Xml[] {
  const id = vmId(assembly);
  return usableHosts(input).flatMap(({ name, isBarred }) => {
    if (!isBarred) {
      return [location(id, name, 0, 'exclusive')];
    }
    const isKnown = ownEntry(ownEntry(input.history, name)?.resources, id) !== undefined;
    const score = hasFailed(assembly, name, input) ? '-INFINITY' : barredScore;
    return isKnown ? [location(id, name, score, 'exclusive')] : [];
  });
}

/** Stays in the configuration until it has stopped, with the resources inside. */
export function renderRetiredVm({ name }: RetiredAssembly, timing: InstanceTiming): Xml {
  const { id, class: standard, provider, type } = vmResource(name);
  return element('primitive', { id, class: standard, provider, type }, [
    ...metaAttributes(id, { 'remote-node': name, 'target-role': 'Stopped' }),
    element('operations', {}, [operation(id, 'stop', { timeoutMs: timing.vmStopTimeoutMs })]),
  ]);
}

export function renderRetiredVmLocations({ name, hosts }: RetiredAssembly): readonly Xml[] {
  return hosts.map((host) => location(vmId(name), host, 0, 'exclusive'));
}

function usableHosts({ deployable, hosts }: CibInput): readonly HostInput[] {
  return deployable.hosts.length === 0 ? hosts : hosts.filter(({ name }) => deployable.hosts.includes(name));
}

/** Whether the VM or its connection has a failure on a host that no operation has mended since. */
function hasFailed(assembly: string, host: string, { history }: CibInput): boolean {
  return [vmResource(assembly), connectionResource(assembly)].some(({ id }) => {
    const records = ownEntry(ownEntry(history, host)?.resources, id)?.records ?? {};
    const failure = records[`${id}_last_failure_0`];
    return failure !== undefined && failure.callId > (records[`${id}_last_0`]?.callId ?? 0);
  });
}
