import { type Constraint, subjectId } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import type { InstanceTiming } from '../state/instance-timing.js';
import { location, mandatoryOrder, metaAttributes } from './cib-element.js';
import { renderResource, renderResourceConstraints, renderRetiredResource } from './cib-resource.js';
import { renderRetiredVm, renderRetiredVmLocations, renderVm, renderVmLocations, stickiness } from './cib-vm.js';
import { retiredAssemblies, retiredResources } from './leftovers.js';
import { element, nvpairs, sanitiseId, verbatim, type Xml } from './xml.js';

/**
 * The configuration section: the deployable as Pacemaker's resources and constraints, and what it left behind.
 *
 * @param input with all hosts that there are (knownHosts)
 */
export function renderConfiguration(input: CibInput, timing: InstanceTiming): Xml {
  const hosts = input.hosts.map(({ name }) => name);
  return element('configuration', {}, [
    element('crm_config', {}, [clusterProperties(input.stopAll)]),
    element(
      'nodes',
      {},
      hosts.map((name) => element('node', { id: name, uname: name })),
    ),
    element('resources', {}, [...resources(input, timing), fencingPlaceholder()]),
    element('constraints', {}, [
      ...constraints(input),
      ...hosts.map((name) => location(fencingId, name, '-INFINITY', 'never')),
      verbatim(input.deployable.pacemaker.constraints),
    ]),
    element('rsc_defaults', {}, metaAttributes('cpe.rsc.defaults', { 'resource-stickiness': stickiness })),
  ]);
}

function clusterProperties(stopAll: boolean): Xml {
  const id = 'cib-bootstrap-options';
  const properties = {
    'have-watchdog': false,
    'cluster-infrastructure': 'pacemaker-cloud',
    'symmetric-cluster': false,
    'no-quorum-policy': 'ignore',
    'stonith-enabled': true,
    'start-failure-is-fatal': false,
    'stop-all-resources': stopAll ? true : undefined,
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

function resources(input: CibInput, timing: InstanceTiming): readonly Xml[] {
  return [
    ...input.deployable.assemblies.flatMap((assembly) => [
      renderVm(assembly, input, timing),
      ...assembly.resources.flatMap((resource) => renderResource(assembly.name, resource, input)),
      ...retiredResources(input, assembly.name).map((resource) => renderRetiredResource(resource, timing)),
    ]),
    ...retiredAssemblies(input).flatMap((assembly) => [
      renderRetiredVm(assembly, timing),
      ...assembly.resources.map((resource) => renderRetiredResource(resource, timing)),
    ]),
  ];
}

function constraints(input: CibInput): readonly Xml[] {
  const pinned = (assembly: string, ids: readonly { readonly id: string }[]) =>
    ids.map(({ id }) => location(id, assembly, 'INFINITY', 'exclusive'));
  return [
    ...input.deployable.assemblies.flatMap(({ name, resources: defined }) => [
      ...renderVmLocations(name, input),
      ...defined.flatMap((resource) => renderResourceConstraints(name, resource, input)),
      ...pinned(name, retiredResources(input, name)),
    ]),
    ...retiredAssemblies(input).flatMap((assembly) => [
      ...renderRetiredVmLocations(assembly),
      ...pinned(assembly.name, assembly.resources),
    ]),
    ...input.deployable.constraints.flatMap(renderConstraint),
  ];
}

/** A chain becomes one order for each pair of neighbours. The index keeps ids apart that only differ in odd characters. */
function renderConstraint(constraint: Constraint, index: number): readonly Xml[] {
  const id = `cpe.${constraint.kind}.${index}.${sanitiseId(constraint.id)}`;
  switch (constraint.kind) {
    case 'order':
      return constraint.steps
        .slice(1)
        .flatMap((then, position) =>
          (constraint.steps[position]?.members ?? []).flatMap((first) =>
            then.members.map((next) => mandatoryOrder(`${id}.${position}`, subjectId(first), subjectId(next))),
          ),
        );
    case 'colocation': {
      const rsc = subjectId(constraint.resource);
      return [element('rsc_colocation', { id, rsc, 'with-rsc': subjectId(constraint.with), score: constraint.score })];
    }
    case 'colocated-set':
    case 'location':
      return [];
  }
}
