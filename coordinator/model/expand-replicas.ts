import type { Assembly, ExecDefinition, HealthCheck, Resource, ResourceAgent, Template } from './deployable.js';

/** Name of a replica: `web-1` is the first of `web`. */
export function replicaName(of: string, index: number): string {
  return `${of}-${index}`;
}

/** Names of all replicas, in order. */
export function replicaNames(of: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => replicaName(of, index + 1));
}

/**
 * The replicas of an assembly that was read as one: each with a name of its own, to which references to the assembly
 * itself lead. Only what has such a reference is copied.
 */
export function expandReplicas(assembly: Assembly, count: number): Assembly[] {
  return replicaNames(assembly.name, count).map((name, index) => ({
    ...assembly,
    name,
    replica: { of: assembly.name, index: index + 1, count },
    resources: assembly.resources.map((resource) => renameSelf(resource, { from: assembly.name, to: name })),
  }));
}

/** How many texts a resource has that are copied for each replica. */
export function countTexts({ agent, parameters }: Resource): number {
  const own = Object.keys(parameters).length;
  if (agent.class !== 'exec') return own;
  const { command, environment, health } = agent.exec;
  return own + command.length + Object.keys(environment).length + health.length;
}

interface Renaming {
  readonly from: string;
  readonly to: string;
}

function renameSelf(resource: Resource, renaming: Renaming): Resource {
  const agent = renameInAgent(resource.agent, renaming);
  const parameters = renameValues(resource.parameters, renaming);
  const isSame = agent === resource.agent && parameters === resource.parameters;
  return isSame ? resource : { ...resource, agent, parameters };
}

function renameInAgent(agent: ResourceAgent, renaming: Renaming): ResourceAgent {
  if (agent.class !== 'exec') return agent;
  const { exec } = agent;
  const renamed: ExecDefinition = {
    ...exec,
    command: exec.command.map((word) => renameInTemplate(word, renaming)),
    environment: renameValues(exec.environment, renaming),
    health: exec.health.map((check) => renameInCheck(check, renaming)),
  };
  return { ...agent, exec: renamed };
}

function renameInCheck(check: HealthCheck, renaming: Renaming): HealthCheck {
  switch (check.kind) {
    case 'process':
      return check;
    case 'tcp':
      return { ...check, host: renameInTemplate(check.host, renaming) };
    case 'http':
      return { ...check, url: renameInTemplate(check.url, renaming) };
    case 'command':
      return { ...check, command: check.command.map((word) => renameInTemplate(word, renaming)) };
  }
}

function renameValues(
  values: Readonly<Record<string, Template>>,
  renaming: Renaming,
): Readonly<Record<string, Template>> {
  const entries = Object.entries(values);
  if (!entries.some(([, value]) => refersTo(value, renaming.from))) return values;
  return Object.fromEntries(entries.map(([key, value]) => [key, renameInTemplate(value, renaming)]));
}

function renameInTemplate(template: Template, { from, to }: Renaming): Template {
  if (!refersTo(template, from)) return template;
  return template.map((part) =>
    part.kind === 'reference' && part.assembly === from ? { ...part, assembly: to } : part,
  );
}

function refersTo(template: Template, assembly: string): boolean {
  return template.some((part) => part.kind === 'reference' && part.assembly === assembly);
}
