import { type Resource, resourceId } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import type { InstanceTiming } from '../state/instance-timing.js';
import { ownEntry } from '../state/own-entry.js';
import type { ResourceDescriptor } from '../state/record.js';
import { instanceAttributes, location, mandatoryOrder, metaAttributes, nowhere, operation } from './cib-element.js';
import { configureId } from './configure-id.js';
import { renderExecDefinition } from './exec-definition.js';
import { mayRunIn } from './leftovers.js';
import { resolveTemplate, unresolvedReferences } from './template.js';
import { type Attributes, element, type Xml } from './xml.js';

/**
 * A resource, after its configure step where it has one. The step has the same parameters and no monitor: it starts once,
 * and again when a parameter changes, because then its digest does.
 */
export function renderResource(assembly: string, resource: Resource, input: CibInput): readonly Xml[] {
  const id = resourceId({ assembly, resource: resource.name });
  const parameters = resolvedParameters(resource, input);
  const onFail = resource.onFail === 'restart' ? undefined : resource.onFail;
  const primitive = element('primitive', { id, ...agentAttributes(resource) }, [
    ...instanceAttributes(id, parameters),
    ...metaAttributes(id, {
      'target-role': targetRole(assembly, id, resource, input),
      'migration-threshold': resource.migrationThreshold,
    }),
    element('operations', {}, [
      operation(id, 'start', resource.start),
      operation(id, 'stop', resource.stop),
      operation(id, 'monitor', { ...resource.monitor, onFail }),
    ]),
  ]);
  return resource.configure === undefined
    ? [primitive]
    : [configurePrimitive(assembly, resource, parameters, input), primitive];
}

/** Pins a resource and its configure step to their assembly, and orders them. */
export function renderResourceConstraints(assembly: string, resource: Resource, input: CibInput): readonly Xml[] {
  const id = resourceId({ assembly, resource: resource.name });
  const pin = (step: string) =>
    // A probe with parameters missing could end in "not configured", which bars a resource for good.
    isWaiting(assembly, step, resource, input) ? nowhere(step) : location(step, assembly, 'INFINITY', 'exclusive');
  if (resource.configure === undefined) {
    return [pin(id)];
  }
  const configure = configureId(id);
  return [pin(configure), pin(id), mandatoryOrder(`${id}.order.configure`, configure, id)];
}

/** Stays in the configuration until it has stopped; its parameters are known to the agent that runs it. */
export function renderRetiredResource(resource: ResourceDescriptor, timing: InstanceTiming): Xml {
  const { id, class: standard, provider, type } = resource;
  return element('primitive', { id, class: standard, provider, type }, [
    ...metaAttributes(id, { 'target-role': 'Stopped' }),
    element('operations', {}, [operation(id, 'stop', { timeoutMs: timing.retiredStopTimeoutMs })]),
  ]);
}

function configurePrimitive(assembly: string, resource: Resource, parameters: Attributes, input: CibInput): Xml {
  const id = configureId(resourceId({ assembly, resource: resource.name }));
  const timing = { timeoutMs: resource.configure?.timeoutMs ?? resource.start.timeoutMs };
  return element('primitive', { id, class: 'ocf', provider: 'cpe', type: 'configure' }, [
    ...instanceAttributes(id, { ...parameters, url: resource.configure?.url }),
    ...metaAttributes(id, { 'target-role': targetRole(assembly, id, resource, input) }),
    element('operations', {}, [operation(id, 'start', timing), operation(id, 'stop', timing)]),
  ]);
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

function targetRole(assembly: string, id: string, resource: Resource, input: CibInput): 'Stopped' | undefined {
  return isWaiting(assembly, id, resource, input) ? 'Stopped' : undefined;
}

/** A start waits until every value that it needs is known, and in a held assembly what is not known to run. */
function isWaiting(assembly: string, id: string, resource: Resource, input: CibInput): boolean {
  const isHeld = ownEntry(input.assemblies, assembly)?.isHeld === true;
  return (
    unresolvedReferences(resource, input.assemblies).length > 0 || (isHeld && !mayRunIn(input.history, assembly, id))
  );
}
