import { type Assembly, vmId } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import { vmResource } from '../state/instance-record.js';
import type { InstanceTiming } from '../state/instance-timing.js';
import { ownEntry } from '../state/own-entry.js';
import { instanceAttributes, location, metaAttributes, operation, utilization } from './cib-element.js';
import type { RetiredAssembly } from './leftovers.js';
import { isDrawnAway, stickiness, usableHosts, vmPlacement } from './vm-placement.js';
import { isVmManaged, isWantedUp } from './wished.js';
import { element, type Xml } from './xml.js';

/** How often a VM may fail on one host before the next one is tried. */
export const vmMigrationThreshold = 3;

/** The VM of an assembly: `remote-node` makes it a guest node, whose connection resource is our agent's registration. */
export function renderVm(assembly: Assembly, input: CibInput, timing: InstanceTiming): Xml {
  const id = vmId(assembly.name);
  const mayStart = ownEntry(input.assemblies, assembly.name)?.mayStart !== false;
  return element('primitive', { id, class: 'ocf', provider: 'cpe', type: 'assembly' }, [
    ...instanceAttributes(id, machineOf(assembly)),
    ...metaAttributes(id, {
      'remote-node': assembly.name,
      'remote-connect-timeout': `${assembly.bootTimeoutMs ?? timing.connectTimeoutMs}ms`,
      // With one host a threshold has nowhere to move the VM to: it would stop a healthy one.
      'migration-threshold':
        usableHosts(input).length > 1 ? (assembly.migrationThreshold ?? vmMigrationThreshold) : undefined,
      'is-managed': isVmManaged(assembly, input) ? undefined : false,
      'target-role': mayStart && isWantedUp(assembly, input) ? undefined : 'Stopped',
      priority: assembly.priority === 0 ? undefined : assembly.priority,
      'resource-stickiness': isDrawnAway(assembly.name, input) ? 0 : assembly.stickiness,
    }),
    ...utilization(id, assembly.utilization),
    element('operations', {}, [
      operation(id, 'start', { timeoutMs: timing.vmStartTimeoutMs }),
      operation(id, 'stop', { timeoutMs: timing.vmStopTimeoutMs }),
      operation(id, 'monitor', { intervalMs: timing.vmMonitorIntervalMs, timeoutMs: timing.vmMonitorTimeoutMs }),
    ]),
  ]);
}

/** What its launcher makes it of: a VM whose definition has changed here is made anew (its operation digest changes). */
function machineOf({ image, cpus, memoryMiB, disks, networks, platformPlacement }: Assembly) {
  const words = Object.entries(platformPlacement).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    image,
    cpus,
    'memory-mib': memoryMiB,
    disks: textOf(disks.map(({ name, sizeMiB }) => `${name}=${sizeMiB}MiB`)),
    networks: textOf(networks),
    placement: textOf(words.map(([word, text]) => `${word}=${text}`)),
  };
}

function textOf(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** Where a VM may run, before what the document and operators prefer. */
export function renderVmLocations(assembly: Assembly, input: CibInput): readonly Xml[] {
  const scores = vmPlacement(assembly.name, assembly.stickiness ?? stickiness, input);
  return [...scores].map(([host, score]) => location(vmId(assembly.name), host, score, 'exclusive'));
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
