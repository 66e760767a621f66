/**
 * What is still there although the definition no longer names it. Pacemaker would call these orphans, and find a
 * configuration with active orphans doubtful; a guest node whose VM is one even unclean. So what may still run stays in
 * the configuration, told to stop, and becomes an orphan when it has: then the scheduler has its history deleted.
 */
import { resourceId, vmId } from '../model/deployable.js';
import type { CibInput, HostInput } from '../state/cib-input.js';
import type { History, ResourceHistory } from '../state/history.js';
import { vmResource } from '../state/instance-record.js';
import { ownEntry } from '../state/own-entry.js';
import { executionStatus, exitCode, type ResourceDescriptor } from '../state/record.js';
import { clonedResources } from './clone-name.js';
import { configureId } from './configure-id.js';

/** An assembly that left the definition while its VM may run; with the resources that may run inside. */
export interface RetiredAssembly {
  readonly name: string;
  /** Launcher hosts that have a history of its VM. */
  readonly hosts: readonly string[];
  readonly resources: readonly ResourceDescriptor[];
}

/** The hosts of the input, and any other that ever had a VM of ours: it is silent, and its instances may be alive. */
export function knownHosts({ hosts, history }: CibInput): readonly HostInput[] {
  const named = new Set(hosts.map(({ name }) => name));
  const others = Object.entries(history)
    .filter(([node, { resources }]) => !named.has(node) && Object.entries(resources).some(isVm))
    .map(([name]) => ({ name, state: 'online' as const, isBarred: true, isDrained: false }));
  return [...hosts, ...others];
}

/**
 * In order of their names.
 *
 * @param input with all hosts that there are (knownHosts)
 */
export function retiredAssemblies(input: CibInput): readonly RetiredAssembly[] {
  const defined = new Set(input.deployable.assemblies.map(({ name }) => name));
  const hostsOf = new Map<string, string[]>();
  for (const { name: host } of input.hosts) {
    const vms = Object.entries(ownEntry(input.history, host)?.resources ?? {}).filter(isVm);
    for (const [id, resource] of vms) {
      const assembly = id.slice(0, id.lastIndexOf('.'));
      if (!defined.has(assembly) && mayRun(id, resource)) {
        hostsOf.set(assembly, [...(hostsOf.get(assembly) ?? []), host]);
      }
    }
  }
  return [...hostsOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hosts]) => ({ name, hosts, resources: runningIn(input, name) }));
}

/** Resources that left the definition of an assembly while they may run in its instance. */
export function retiredResources(input: CibInput, assembly: string): readonly ResourceDescriptor[] {
  const defined = input.deployable.assemblies.find(({ name }) => name === assembly)?.resources ?? [];
  const ids = new Set(
    defined.flatMap(({ name, configure }) => {
      const id = resourceId({ assembly, resource: name });
      return configure === undefined ? [id] : [id, configureId(id)];
    }),
  );
  // Not even where it has no business: the primitive of a clone stands in the clone, and no id stands twice.
  for (const { id } of clonedResources(input.deployable)) {
    ids.add(id).add(configureId(id));
  }
  return runningIn(input, assembly).filter(({ id }) => !ids.has(id));
}

/** Whether a resource may run on a node, by what is recorded of it there; false only on proof. */
export function mayRunIn(history: History, node: string, id: string): boolean {
  const resource = ownEntry(ownEntry(history, node)?.resources, id);
  return resource !== undefined && mayRun(id, resource);
}

function runningIn({ history }: CibInput, assembly: string): readonly ResourceDescriptor[] {
  return Object.entries(ownEntry(history, assembly)?.resources ?? {})
    .filter(([id, resource]) => mayRun(id, resource))
    .map(([id, { class: standard, provider, type }]) => ({ id, class: standard, provider, type }));
}

function isVm([id, { class: standard, provider, type }]: readonly [string, ResourceHistory]): boolean {
  const vm = vmResource('');
  return standard === vm.class && provider === vm.provider && type === vm.type && id.endsWith(vmId(''));
}

/** False only on proof: its last operation was a stop that succeeded or a probe that found nothing. */
function mayRun(id: string, { records }: ResourceHistory): boolean {
  const last = ownEntry(records, `${id}_last_0`);
  if (last === undefined || last.status !== executionStatus.done) {
    return Object.keys(records).length > 0;
  }
  const isStopped = last.operation === 'stop' && last.rc === exitCode.ok;
  const isAbsent = last.operation === 'monitor' && last.rc === exitCode.notRunning;
  return !isStopped && !isAbsent;
}
