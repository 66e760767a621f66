/**
 * Documents of scenarios: the text that the CPE is given, and beside it, in the scenario's own words and not in the
 * product's, what must hold of whatever is made of it.
 */

export interface DocumentSpec {
  readonly hosts?: readonly string[];
  readonly escalation?: Budget;
  readonly assemblies: Readonly<Record<string, AssemblySpec>>;
  /** Chains of mandatory orders. */
  readonly order?: readonly (readonly string[])[];
  /** Resources of one assembly, in order. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** Assemblies on launcher hosts of their own. */
  readonly apart?: readonly (readonly string[])[];
}

export interface AssemblySpec {
  readonly escalation?: Budget;
  readonly replicas?: number;
  readonly resources: Readonly<Record<string, ResourceSpec>>;
}

export interface ResourceSpec {
  readonly monitor?: object;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly escalation?: Budget;
  readonly isExclusive?: boolean;
  /** More keys of the document. */
  readonly more?: object;
}

interface Budget {
  readonly failures: number;
  readonly period: string;
}

export interface SimDocument {
  readonly text: string;
  /** CIB ids of all resources. */
  readonly resources: readonly string[];
  /** By CIB id: what must run before it starts, and must not stop before it has stopped. */
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** By CIB id: assemblies whose address it uses. */
  readonly references: ReadonlyMap<string, readonly string[]>;
  /** CIB ids of what must never run for long without a word of its decider. */
  readonly exclusive: ReadonlySet<string>;
}

export function simDocument(name: string, spec: DocumentSpec): SimDocument {
  const resources = Object.entries(spec.assemblies).flatMap(([assembly, each]) =>
    Object.entries(each.resources).flatMap(([resource, one]) =>
      expand(spec, `${assembly}.${resource}`).map((id) => ({ id, spec: one })),
    ),
  );
  const before = new Map<string, string[]>();
  for (const chain of [...(spec.order ?? []), ...Object.values(spec.groups ?? {})]) {
    for (const [at, step] of chain.entries()) {
      const firsts = chain.slice(0, at).flatMap((first) => expand(spec, first));
      for (const id of expand(spec, step)) before.set(id, [...(before.get(id) ?? []), ...firsts]);
    }
  }
  const references = resources.map(({ id, spec: { parameters = {} } }) => {
    const used = Object.values(parameters).flatMap((text) =>
      [...text.matchAll(/\$\{(\w+)\./g)].map(([, from]) => from),
    );
    return [id, used.filter((from) => from !== undefined)] as const;
  });
  return {
    text: render(name, spec),
    resources: resources.map(({ id }) => id),
    before,
    references: new Map(references),
    exclusive: new Set(resources.filter((resource) => resource.spec.isExclusive === true).map(({ id }) => id)),
  };
}

/** The CIB ids of a resource as the document names it: one in each replica. */
function expand({ assemblies }: DocumentSpec, id: string): readonly string[] {
  const [assembly = '', resource = ''] = id.split('.');
  const replicas = assemblies[assembly]?.replicas;
  if (replicas === undefined) return [id];
  return Array.from({ length: replicas }, (_, index) => `${assembly}-${index + 1}.${resource}`);
}

/** JSON is YAML. */
function render(name: string, spec: DocumentSpec): string {
  const { hosts, escalation, assemblies, order = [], groups, apart = [] } = spec;
  const rendered = Object.entries(assemblies).map(([assembly, { resources, escalation: budget, replicas }]) => [
    assembly,
    {
      ...(budget === undefined ? {} : { escalation: budget }),
      ...(replicas === undefined ? {} : { replicas }),
      resources: Object.fromEntries(Object.entries(resources).map(([id, spec]) => [id, renderResource(spec)])),
    },
  ]);
  const document = {
    deployable: name,
    ...(hosts === undefined ? {} : { hosts }),
    ...(escalation === undefined ? {} : { escalation }),
    assemblies: Object.fromEntries(rendered) as object,
    ...(groups === undefined ? {} : { groups }),
    constraints: [...order.map((chain) => ({ order: chain })), ...apart.map((members) => ({ apart: members }))],
  };
  return JSON.stringify(document, undefined, 1);
}

function renderResource({ monitor = { interval: '5s' }, ...spec }: ResourceSpec): object {
  const { parameters, escalation, isExclusive, more } = spec;
  return {
    agent: 'ocf:heartbeat:Dummy',
    monitor,
    ...(parameters === undefined ? {} : { parameters }),
    ...(escalation === undefined ? {} : { escalation }),
    ...(isExclusive === undefined ? {} : { exclusive: isExclusive }),
    ...more,
  };
}
