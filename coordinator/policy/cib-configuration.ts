import { type Assembly, type Constraint, type Resource, resourceId, vmId } from '../model/deployable.js';
import type { CibInput, HostInput } from '../state/cib-input.js';
import { ownEntry } from '../state/own-entry.js';
import { renderExecDefinition } from './exec-definition.js';
import type { PolicyTiming } from './policy-timing.js';
import { resolveTemplate, unresolvedReferences } from './template.js';
import { type Attributes, element, nvpairs, sanitiseId, verbatim, type Xml } from './xml.js';

/**
 * Keeps healthy VMs where they are: without it one failed monitor moves others. A silent host is less attractive than
 * nothing by half of it, so that what runs there stays and nothing new comes.
 */
const stickiness = 100;
const barredScore = -stickiness / 2;

/** How often a VM may fail on one host before the next one is tried. */
const vmMigrationThreshold = 3;

/** CIB id of the configure step of a resource. */
export function configureId(resource: string): string {
  return `${resource}-configure`;
}

/**
 * The configuration section. Ids of our own sets, operations and constraints have three parts and more, so that no name
 * in a document can meet them.
 */
export function renderConfiguration(input: CibInput, timing: PolicyTiming): Xml {
  const { assemblies, constraints, pacemaker } = input.deployable;
  return element('configuration', {}, [
    element('crm_config', {}, [clusterProperties(input.stopAll)]),
    element(
      'nodes',
      {},
      input.hosts.map(({ name }) => element('node', { id: name, uname: name })),
    ),
    element('resources', {}, [
      ...assemblies.flatMap((assembly) => [
        vmPrimitive(assembly, input, timing),
        ...assembly.resources.flatMap((resource) => resourcePrimitives(assembly.name, resource, input)),
      ]),
      fencingPlaceholder(),
    ]),
    element('constraints', {}, [
      ...assemblies.flatMap((assembly) => [
        ...vmLocations(assembly.name, input),
        ...assembly.resources.flatMap((resource) => resourceConstraints(assembly.name, resource, input)),
      ]),
      ...constraints.flatMap(renderConstraint),
      ...input.hosts.map(({ name }) =>
        location(`${fencingId}.location.${name}`, fencingId, name, '-INFINITY', 'never'),
      ),
      verbatim(pacemaker),
    ]),
    element('rsc_defaults', {}, [metaAttributes('cpe.rsc.defaults', { 'resource-stickiness': stickiness })]),
  ]);
}

function clusterProperties(stopAll: boolean): Xml {
  const id = 'cib-bootstrap-options';
  return element(
    'cluster_property_set',
    { id },
    nvpairs(id, {
      'have-watchdog': false,
      'cluster-infrastructure': 'pacemaker-cloud',
      'symmetric-cluster': false,
      'no-quorum-policy': 'ignore',
      'stonith-enabled': true,
      'start-failure-is-fatal': false,
      'stop-all-resources': stopAll ? true : undefined,
    }),
  );
}

/**
 * With fencing enabled and no fencing resource the scheduler does nothing at all. Guests are fenced by recovering their
 * VM, and hosts by a fencer of ours, so this one never runs.
 */
const fencingId = 'cpe.fencing.placeholder';

function fencingPlaceholder(): Xml {
  return element('primitive', { id: fencingId, class: 'stonith', type: 'fence_cpe' }, [
    metaAttributes(fencingId, { 'target-role': 'Stopped' }),
  ]);
}

function vmPrimitive(assembly: Assembly, input: CibInput, timing: PolicyTiming): Xml {
  const id = vmId(assembly.name);
  const known = ownEntry(input.assemblies, assembly.name);
  return element('primitive', { id, class: 'ocf', provider: 'cpe', type: 'assembly' }, [
    ...instanceAttributes(id, { image: assembly.image, cpus: assembly.cpus, 'memory-mib': assembly.memoryMiB }),
    metaAttributes(id, {
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

/** Where a VM may run. A silent host is not asked for the state of VMs it has never had: it would not answer. */
function vmLocations(assembly: string, input: CibInput): readonly Xml[] {
  const id = vmId(assembly);
  return usableHosts(input)
    .filter(({ name, isBarred }) => !isBarred || ownEntry(ownEntry(input.history, name)?.resources, id) !== undefined)
    .map(({ name, isBarred }) => location(`${id}.location.${name}`, id, name, isBarred ? barredScore : 0, 'exclusive'));
}

function usableHosts({ deployable, hosts }: CibInput): readonly HostInput[] {
  return deployable.hosts.length === 0 ? hosts : hosts.filter(({ name }) => deployable.hosts.includes(name));
}

/** A resource and, where it has one, its configure step, which has the same parameters. */
function resourcePrimitives(assembly: string, resource: Resource, input: CibInput): readonly Xml[] {
  const id = resourceId({ assembly, resource: resource.name });
  const parameters = resolvedParameters(resource, input);
  // A start waits until every value that it needs is known.
  const targetRole = isWaiting(resource, input) ? 'Stopped' : undefined;
  const primitive = element('primitive', { id, ...agentAttributes(resource) }, [
    ...instanceAttributes(id, parameters),
    ...optionalMetaAttributes(id, { 'target-role': targetRole, 'migration-threshold': resource.migrationThreshold }),
    element('operations', {}, [
      operation(id, 'start', resource.start),
      operation(id, 'stop', resource.stop),
      operation(id, 'monitor', {
        ...resource.monitor,
        onFail: resource.onFail === 'restart' ? undefined : resource.onFail,
      }),
    ]),
  ]);
  if (resource.configure === undefined) {
    return [primitive];
  }
  const { url, timeoutMs } = resource.configure;
  const configure = configureId(id);
  return [
    element('primitive', { id: configure, class: 'ocf', provider: 'cpe', type: 'configure' }, [
      ...instanceAttributes(configure, { ...parameters, url }),
      ...optionalMetaAttributes(configure, { 'target-role': targetRole }),
      element('operations', {}, [
        operation(configure, 'start', { timeoutMs }),
        operation(configure, 'stop', { timeoutMs }),
      ]),
    ]),
    primitive,
  ];
}

function agentAttributes({ agent }: Resource): Attributes {
  switch (agent.class) {
    case 'ocf':
      return { class: 'ocf', provider: agent.provider, type: agent.type };
    case 'exec':
      return { class: 'ocf', provider: 'cpe', type: 'exec' };
    default:
      return { class: agent.class, type: agent.type };
  }
}

function resolvedParameters(resource: Resource, { assemblies }: CibInput): Attributes {
  if (resource.agent.class === 'exec') {
    return { definition: renderExecDefinition(resource.agent.exec, assemblies) };
  }
  const resolved = Object.entries(resource.parameters).map(([name, value]) => [
    name,
    resolveTemplate(value, assemblies),
  ]);
  return Object.fromEntries(resolved);
}

function isWaiting(resource: Resource, input: CibInput): boolean {
  return unresolvedReferences(resource, input.assemblies).length > 0;
}

function resourceConstraints(assembly: string, resource: Resource, input: CibInput): readonly Xml[] {
  const id = resourceId({ assembly, resource: resource.name });
  const steps = resource.configure === undefined ? [id] : [configureId(id), id];
  // Probing without all parameters could end in "not configured", which bars a resource for good.
  const discovery = isWaiting(resource, input) ? 'never' : 'exclusive';
  return [
    ...steps.map((step) => location(`${step}.location.${assembly}`, step, assembly, 'INFINITY', discovery)),
    ...(resource.configure === undefined ? [] : [mandatoryOrder(`${id}.order.configure`, configureId(id), id)]),
  ];
}

function renderConstraint(constraint: Constraint, index: number): readonly Xml[] {
  const id = `cpe.${constraint.kind}.${index}.${sanitiseId(constraint.id)}`;
  switch (constraint.kind) {
    case 'order':
      return constraint.sequence.slice(1).map((then, position) => {
        const first = constraint.sequence[position] ?? then;
        return mandatoryOrder(`${id}.${position}`, resourceId(first), resourceId(then));
      });
    case 'colocation':
      return [
        element('rsc_colocation', {
          id,
          rsc: resourceId(constraint.resource),
          'with-rsc': resourceId(constraint.with),
          score: constraint.score,
        }),
      ];
  }
}

function mandatoryOrder(id: string, first: string, then: string): Xml {
  return element('rsc_order', { id, first, then, kind: 'Mandatory' });
}

function location(id: string, rsc: string, node: string, score: number | string, discovery: string): Xml {
  return element('rsc_location', { id, rsc, node, score, 'resource-discovery': discovery });
}

interface OperationOptions {
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly onFail?: string | undefined;
}

function operation(resource: string, name: string, { timeoutMs, intervalMs = 0, onFail }: OperationOptions): Xml {
  return element('op', {
    id: `${resource}.${name}.${intervalMs}`,
    name,
    interval: `${intervalMs}ms`,
    timeout: `${timeoutMs}ms`,
    'on-fail': onFail,
  });
}

function instanceAttributes(owner: string, values: Attributes): readonly Xml[] {
  const id = `${owner}.instance_attributes`;
  const pairs = nvpairs(id, values);
  return pairs.length === 0 ? [] : [element('instance_attributes', { id }, pairs)];
}

function metaAttributes(owner: string, values: Attributes): Xml {
  const id = `${owner}.meta_attributes`;
  return element('meta_attributes', { id }, nvpairs(id, values));
}

function optionalMetaAttributes(owner: string, values: Attributes): readonly Xml[] {
  return Object.values(values).every((value) => value === undefined) ? [] : [metaAttributes(owner, values)];
}
