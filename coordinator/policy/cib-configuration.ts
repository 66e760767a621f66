import type { Assembly } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import type { InstanceTiming } from '../state/instance-timing.js';
import { renderCloneConstraints, renderClones } from './cib-clone.js';
import { renderConstraints } from './cib-constraint.js';
import { location, metaAttributes } from './cib-element.js';
import { renderResources } from './cib-group.js';
import { renderLocationWishes } from './cib-location.js';
import { renderNodes } from './cib-node.js';
import { renderResourceConstraints, renderRetiredResource } from './cib-resource.js';
import { renderRetiredVm, renderRetiredVmLocations, renderVm, renderVmLocations } from './cib-vm.js';
import { isCloned } from './clone-name.js';
import { fencingOption } from './dialect.js';
import { retiredAssemblies, retiredResources } from './leftovers.js';
import { stickiness } from './vm-placement.js';
import { element, nvpairs, verbatim, type Xml } from './xml.js';

/**
 * The configuration section: the deployable as Pacemaker's resources and constraints, and what it left behind. One step
 * for each assembly and its resources, one for their constraints.
 *
 * @param input with all hosts that there are (knownHosts)
 */
export function* renderConfigurationInSteps(input: CibInput, timing: InstanceTiming): Generator<void, Xml, void> {
  const { pacemaker } = input.deployable;
  const rendered = { resources: yield* resources(input, timing), constraints: yield* constraints(input) };
  return element('configuration', {}, [
    element('crm_config', {}, [clusterProperties(input)]),
    renderNodes(input),
    element('resources', {}, [...rendered.resources, fencingPlaceholder()]),
    element('constraints', {}, [
      ...rendered.constraints,
      ...input.hosts.map(({ name }) => location(fencingId, name, '-INFINITY', 'never')),
      verbatim(pacemaker.constraints),
    ]),
    ...(pacemaker.tags === '' ? [] : [element('tags', {}, [verbatim(pacemaker.tags)])]),
    element('rsc_defaults', {}, metaAttributes('cpe.rsc.defaults', { 'resource-stickiness': stickiness })),
  ]);
}

function clusterProperties({ deployable, dialect, isInMaintenance, stopAll }: CibInput): Xml {
  const id = 'cib-bootstrap-options';
  const properties = {
    'have-watchdog': false,
    'cluster-infrastructure': 'pacemaker-cloud',
    'symmetric-cluster': false,
    'no-quorum-policy': 'ignore',
    [fencingOption(dialect)]: true,
    'start-failure-is-fatal': false,
    'placement-strategy': deployable.placement === 'default' ? undefined : deployable.placement,
    'stop-all-resources': stopAll ? true : undefined,
    'maintenance-mode': isInMaintenance ? true : undefined,
  };
  return element('cluster_property_set', { id }, nvpairs(id, properties));
}

/**
 * With fencing enabled and no fencing resource the scheduler does nothing at all. Guests are fenced by recovering their
 * VM, and hosts by a fencer of ours, so this one never runs.
 */
const fencingId = 'cpe.fencing.placeholder';

function fencingPlaceholder(): Xml {
  const attributes = { id: fencingId, class: 'stonith', type: 'fence_cpe' };
  return element('primitive', attributes, metaAttributes(fencingId, { 'target-role': 'Stopped' }));
}

function* resources(input: CibInput, timing: InstanceTiming): Generator<void, readonly Xml[], void> {
  const ofAssemblies: Xml[] = [];
  for (const assembly of byPriority(input.deployable.assemblies)) {
    ofAssemblies.push(
      renderVm(assembly, input, timing),
      ...renderResources(assembly, input),
      ...retiredResources(input, assembly.name).map((resource) => renderRetiredResource(resource, timing)),
    );
    yield;
  }
  return [
    ...ofAssemblies,
    ...renderClones(input),
    ...retiredAssemblies(input).flatMap((assembly) => [
      renderRetiredVm(assembly, timing),
      ...assembly.resources.map((resource) => renderRetiredResource(resource, timing)),
    ]),
  ];
}

/**
 * The scheduler places the connections of guests before all else and their VMs with them, and connections have no
 * priority (lib/pacemaker/pcmk_scheduler.c allocate_resources, lib/pengine/remote.c pe_create_remote_xml): among equals
 * the order of the document decides who gets what is scarce.
 */
function byPriority(assemblies: readonly Assembly[]): readonly Assembly[] {
  return [...assemblies].sort((a, b) => b.priority - a.priority);
}

function* constraints(input: CibInput): Generator<void, readonly Xml[], void> {
  const pinned = (assembly: string, ids: readonly { readonly id: string }[]) =>
    ids.map(({ id }) => location(id, assembly, 'INFINITY', 'exclusive'));
  const ofAssemblies: Xml[] = [];
  for (const assembly of input.deployable.assemblies) {
    ofAssemblies.push(
      ...renderVmLocations(assembly, input),
      ...assembly.resources
        .filter((resource) => !isCloned(assembly, resource))
        .flatMap((resource) => renderResourceConstraints(assembly, resource, input)),
      ...pinned(assembly.name, retiredResources(input, assembly.name)),
    );
    yield;
  }
  return [
    ...ofAssemblies,
    ...renderCloneConstraints(input),
    ...retiredAssemblies(input).flatMap((assembly) => [
      ...renderRetiredVmLocations(assembly),
      ...pinned(assembly.name, assembly.resources),
    ]),
    ...renderConstraints(input),
    ...renderLocationWishes(input),
  ];
}
