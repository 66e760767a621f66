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
}

export interface AssemblySpec {
  readonly escalation?: Budget;
  readonly resources: Readonly<Record<string, ResourceSpec>>;
  /** More keys of the document. */
  readonly more?: object;
}

export interface ResourceSpec {
  readonly monitor?: object;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly escalation?: Budget;
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
}

export function simDocument(name: string, spec: DocumentSpec): SimDocument {
  const resources = Object.entries(spec.assemblies).flatMap(([assembly, each]) =>
    Object.entries(each.resources).map(([resource, one]) => ({ id: `${assembly}.${resource}`, spec: one })),
  );
  const before = new Map<string, string[]>();
  for (const chain of spec.order ?? []) {
    for (const [at, id] of chain.entries()) before.set(id, [...(before.get(id) ?? []), ...chain.slice(0, at)]);
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
  };
}

/** JSON is YAML. */
function render(name: string, { hosts, escalation, assemblies, order = [] }: DocumentSpec): string {
  const rendered = Object.entries(assemblies).map(([assembly, { resources, escalation: budget, more }]) => [
    assembly,
    {
      ...(budget === undefined ? {} : { escalation: budget }),
      ...more,
      resources: Object.fromEntries(Object.entries(resources).map(([id, spec]) => [id, renderResource(spec)])),
    },
  ]);
  const document = {
    deployable: name,
    ...(hosts === undefined ? {} : { hosts }),
    ...(escalation === undefined ? {} : { escalation }),
    assemblies: Object.fromEntries(rendered) as object,
    constraints: order.map((chain) => ({ order: chain })),
  };
  return JSON.stringify(document, undefined, 1);
}

function renderResource({ monitor = { interval: '5s' }, parameters, escalation, more }: ResourceSpec): object {
  return {
    agent: 'ocf:heartbeat:Dummy',
    monitor,
    ...(parameters === undefined ? {} : { parameters }),
    ...(escalation === undefined ? {} : { escalation }),
    ...more,
  };
}
