import { type Assembly, type Resource, resourceId } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import type { InstanceTiming } from '../state/instance-timing.js';
import { ownEntry } from '../state/own-entry.js';
import type { ResourceDescriptor } from '../state/record.js';
import { instanceAttributes, location, metaAttributes, nowhere, operation, order } from './cib-element.js';
import { renderOperations } from './cib-operation.js';
import { configureId } from './configure-id.js';
import { roleName } from './dialect.js';
import { renderExecDefinition } from './exec-definition.js';
import { mayRunIn } from './leftovers.js';
import { resolveTemplate, unresolvedReferences } from './template.js';
import { isResourceManaged, mayRunInside, wishedTarget } from './wished.js';
import { type Attributes, element, type Xml } from './xml.js';

/** A resource of one assembly; its configure step, where it has one, is a resource of its own (renderConfigureStep). */
export function renderResource(assembly: Assembly, resource: Resource, input: CibInput): Xml {
  const id = resourceId({ assembly: assembly.name, resource: resource.name });
  return primitive(id, resource, input, [
    ...instanceAttributes(id, resolvedParameters(resource, input)),
    ...metaAttributes(id, {
      'target-role': targetRole(assembly, resource, input),
      'is-managed': isResourceManaged(assembly, resource, input) ? undefined : false,
      ...sharedMeta(resource),
      priority: resource.priority === 0 ? undefined : resource.priority,
    }),
  ]);
}

/**
 * The configure step of a resource. It has the same parameters and no monitor: it starts once, and again when a parameter
 * changes, because then its digest does.
 */
export function renderConfigureStep(assembly: Assembly, resource: Resource, input: CibInput): readonly Xml[] {
  if (resource.configure === undefined) {
    return [];
  }
  const id = configureId(resourceId({ assembly: assembly.name, resource: resource.name }));
  const isDown = !mayRunInside(assembly, input) || isWaiting(assembly, resource, input, id);
  return [
    configurePrimitive(id, resource, [
      ...instanceAttributes(id, configureParameters(resource, input)),
      ...metaAttributes(id, {
        'target-role': isDown ? 'Stopped' : undefined,
        'is-managed': isResourceManaged(assembly, resource, input) ? undefined : false,
        maintenance: resource.isInMaintenance ? true : undefined,
      }),
    ]),
  ];
}

/** Pins a resource and its configure step to their assembly, and orders them. */
export function renderResourceConstraints(assembly: Assembly, resource: Resource, input: CibInput): readonly Xml[] {
  const id = resourceId({ assembly: assembly.name, resource: resource.name });
  const pin = (step: string) =>
    // A probe with parameters missing could end in "not configured", which bars a resource for good.
    isWaiting(assembly, resource, input, step) ? nowhere(step) : location(step, assembly.name, 'INFINITY', 'exclusive');
  if (resource.configure === undefined) {
    return [pin(id)];
  }
  const configure = configureId(id);
  return [pin(configure), pin(id), order(`${id}.order.configure`, configure, id)];
}

/** Stays in the configuration until it has stopped; its parameters are known to the agent that runs it. */
export function renderRetiredResource(resource: ResourceDescriptor, timing: InstanceTiming): Xml {
  const { id, class: standard, provider, type } = resource;
  return element('primitive', { id, class: standard, provider, type }, [
    ...metaAttributes(id, { 'target-role': 'Stopped' }),
    element('operations', {}, [operation(id, 'stop', { timeoutMs: timing.retiredStopTimeoutMs })]),
  ]);
}

/** @param sets parameters and meta attributes */
export function primitive(id: string, resource: Resource, { dialect }: CibInput, sets: readonly Xml[]): Xml {
  const operations = renderOperations(id, resource, dialect);
  return element('primitive', { id, ...agentAttributes(resource) }, [...sets, operations]);
}

/** @param sets parameters and meta attributes */
export function configurePrimitive(id: string, resource: Resource, sets: readonly Xml[]): Xml {
  const timing = { timeoutMs: resource.configure?.timeoutMs ?? resource.start.timeoutMs };
  const operations = [operation(id, 'start', timing), operation(id, 'stop', timing)];
  const attributes = { id, class: 'ocf', provider: 'cpe', type: 'configure' };
  return element('primitive', attributes, [...sets, element('operations', {}, operations)]);
}

/** Meta attributes that instances of a clone have like any other resource. */
export function sharedMeta({ isInMaintenance, failureTimeoutMs, migrationThreshold }: Resource): Attributes {
  return {
    maintenance: isInMaintenance ? true : undefined,
    'failure-timeout': failureTimeoutMs === undefined ? undefined : `${failureTimeoutMs}ms`,
    'migration-threshold': migrationThreshold,
  };
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

export function resolvedParameters(resource: Resource, { assemblies }: CibInput): Attributes {
  if (resource.agent.class === 'exec') {
    return { definition: renderExecDefinition(resource.agent.exec, assemblies) };
  }
  const resolved = Object.entries(resource.parameters).map(([name, value]) => [
    name,
    resolveTemplate(value, assemblies),
  ]);
  return Object.fromEntries(resolved);
}

export function configureParameters(resource: Resource, input: CibInput): Attributes {
  return { ...resolvedParameters(resource, input), url: resource.configure?.url };
}

function targetRole(assembly: Assembly, resource: Resource, input: CibInput): string | undefined {
  const id = resourceId({ assembly: assembly.name, resource: resource.name });
  const isDown = !mayRunInside(assembly, input) || isWaiting(assembly, resource, input, id);
  const target = wishedTarget(assembly, resource, input);
  if (isDown || target === 'stopped') {
    return roleName('stopped', input.dialect);
  }
  return target === 'unpromoted' ? roleName(target, input.dialect) : undefined;
}

/**
 * A start waits until every value that it needs is known, and in a held assembly what is not known to run.
 *
 * @param step name of the resource, or of its configure step, outside of the CIB
 */
export function isWaiting(assembly: Assembly, resource: Resource, input: CibInput, step: string): boolean {
  const isHeld = ownEntry(input.assemblies, assembly.name)?.isHeld === true;
  return (
    unresolvedReferences(resource, input.assemblies).length > 0 ||
    (isHeld && !mayRunIn(input.history, assembly.name, step))
  );
}
