import type { HealthCheck, Resource, Template, TemplatePart } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import { ownEntry } from '../state/own-entry.js';

/** A reference to a value of an assembly's running instance. */
export type Reference = Extract<TemplatePart, { readonly kind: 'reference' }>;

/** Values that references resolve from. */
export type KnownAssemblies = CibInput['assemblies'];

/** The text of a template, or undefined while a value that it refers to has never been known. */
export function resolveTemplate(template: Template, assemblies: KnownAssemblies): string | undefined {
  let text = '';
  for (const part of template) {
    const value = part.kind === 'text' ? part.text : referredValue(part, assemblies);
    if (value === undefined) {
      return undefined;
    }
    text += value;
  }
  return text;
}

/** References of a resource (parameters, exec definition) whose values are not known yet: what its start waits for. */
export function unresolvedReferences(resource: Resource, assemblies: KnownAssemblies): readonly Reference[] {
  return templatesOf(resource)
    .flat()
    .filter((part): part is Reference => part.kind === 'reference' && referredValue(part, assemblies) === undefined);
}

/** Every template of a resource, in document order. */
export function templatesOf(resource: Resource): readonly Template[] {
  const parameters = Object.values(resource.parameters);
  if (resource.agent.class !== 'exec') {
    return parameters;
  }
  const { command, environment, health } = resource.agent.exec;
  return [...parameters, ...command, ...Object.values(environment), ...health.flatMap(templatesOfCheck)];
}

function templatesOfCheck(check: HealthCheck): readonly Template[] {
  switch (check.kind) {
    case 'process':
      return [];
    case 'tcp':
      return [check.host];
    case 'http':
      return [check.url];
    case 'command':
      return check.command;
  }
}

function referredValue(reference: Reference, assemblies: KnownAssemblies): string | undefined {
  const assembly = ownEntry(assemblies, reference.assembly);
  return reference.attribute === 'ipaddress' ? assembly?.address : assembly?.hostname;
}
