import { type AssemblyOptionFields, assemblyOptionKeys, readAssemblyOptions } from './assembly-options.js';
import { multiplicationRisk } from './assess-budgets.js';
import { checkName } from './check-name.js';
import type { DocumentDefaults } from './decode-defaults.js';
import { decodeResource } from './decode-resource.js';
import type { ReferenceScope } from './decode-template.js';
import { documentLimits, ranges } from './defaults.js';
import type { Assembly, Budget } from './deployable.js';
import type { Located, Tree, TreeEntry } from './document-tree.js';
import { countTexts, expandReplicas, replicaName, replicaNames } from './expand-replicas.js';
import { isName, nameForm, nodeNameKey } from './names.js';
import { quote, readEntries, readFields, readInteger } from './read-tree.js';
import type { Report } from './report.js';
import type { ResourceTemplates } from './resource-templates.js';

/** One assembly of the document, with its replicas where it has some. */
export interface DecodedAssembly {
  /** As the document names it. */
  readonly name: string;
  readonly at: Located;
  /** Itself, or its replicas in order. */
  readonly instances: readonly Assembly[];
  readonly isReplicated: boolean;
  /** By name of the resource: where it says after which time its failures are forgotten. */
  readonly failureTimeouts: ReadonlyMap<string, Located>;
  readonly fields: AssemblyOptionFields;
}

export interface AssembliesScope {
  readonly hosts: readonly string[];
  readonly deployable: Budget;
  readonly defaults: DocumentDefaults;
  readonly templates: ResourceTemplates;
}

interface Head extends TreeEntry {
  readonly name: string;
  readonly fields: AssemblyOptionFields & { readonly resources?: Tree; readonly replicas?: Tree };
  /** Undefined where it has no replicas. */
  readonly replicas: number | undefined;
}

export function decodeAssemblies(report: Report, tree: Tree | undefined, scope: AssembliesScope): DecodedAssembly[] {
  if (tree === undefined) return [];
  const entries = readEntries(report, tree, 'assemblies by name');
  if (tree.kind === 'map' && entries.length === 0) report.error(tree, 'there is no assembly', 'at least one assembly');
  if (entries.length > documentLimits.assemblies) {
    report.error(tree, `has ${entries.length} assemblies`, `at most ${documentLimits.assemblies}`);
  }
  const heads = limitReplicas(
    report,
    entries.slice(0, documentLimits.assemblies).map((entry) => readHead(report, entry)),
  );
  checkNodeNames(report, heads, scope.hosts);
  const references = {
    assemblies: new Set(
      heads.flatMap(({ name, replicas }) => (replicas === undefined ? [name] : replicaNames(name, replicas))),
    ),
    replicated: new Map(heads.flatMap(({ name, replicas }) => (replicas === undefined ? [] : [[name, replicas]]))),
  };
  const expansion: Expansion = { resources: 0, texts: 0 };
  const assemblies = heads.map((head) => decodeAssembly(report, head, { ...scope, references, expansion }));
  if (expansion.resources > documentLimits.resources) {
    report.error(tree, `has ${expansion.resources} resources`, `at most ${documentLimits.resources}`);
  }
  return assemblies;
}

function readHead(report: Report, entry: TreeEntry): Head {
  const fields = readFields(report, entry.value, ['replicas', 'resources', ...assemblyOptionKeys] as const);
  const replicas = readInteger(report, fields.replicas, { range: ranges.replicas, fallback: undefined });
  return { ...entry, name: entry.key ?? '', fields, replicas };
}

/** Of replicas that are too many none are made, so that what follows stays small. */
function limitReplicas(report: Report, heads: readonly Head[]): Head[] {
  let total = heads.length;
  return heads.map((head) => {
    const { fields, replicas } = head;
    if (fields.replicas === undefined || replicas === undefined) return head;
    total += replicas - 1;
    if (total <= documentLimits.assemblies) return head;
    const message = `${replicas} replicas make ${total} assemblies in all`;
    report.error(fields.replicas, message, `at most ${documentLimits.assemblies}`);
    total -= replicas - 1;
    return { ...head, replicas: 1 };
  });
}

/** Assemblies and launcher hosts are nodes of one CIB. */
function checkNodeNames(report: Report, heads: readonly Head[], hosts: readonly string[]): void {
  const taken = new Map(hosts.map((host) => [nodeNameKey(host), `the launcher host ${quote(host)}`]));
  for (const { key, at } of heads) if (key !== undefined) checkName(report, at, { kind: 'assembly', name: key });
  for (const { key, name, at, replicas, fields } of heads) {
    if (key === undefined) continue;
    const longest = replicaName(name, replicas ?? 0);
    if (replicas !== undefined && isName(name) && !isName(longest)) {
      report.error(fields.replicas ?? at, `the name of the replica ${quote(longest)} is too long`, nameForm);
    }
    const isReplicated = replicas !== undefined;
    for (const node of isReplicated ? replicaNames(name, replicas) : [name]) {
      const self = isReplicated ? `a replica of ${quote(name)}` : `the assembly ${quote(name)}`;
      const owner = taken.get(nodeNameKey(node));
      if (owner === undefined) taken.set(nodeNameKey(node), self);
      // The same name twice has been reported as such.
      else if (owner !== self) {
        report.error(at, `${quote(node)} and ${owner} would be one node`, 'another name (in any case)');
      }
    }
  }
}

interface Expansion {
  /** Of all assemblies so far, replicas counted. */
  resources: number;
  texts: number;
}

type AssemblyScope = AssembliesScope & {
  readonly references: Omit<ReferenceScope, 'self'>;
  readonly expansion: Expansion;
};

function decodeAssembly(report: Report, head: Head, scope: AssemblyScope): DecodedAssembly {
  const { name, at, fields, replicas } = head;
  const resourceScope = {
    references: { ...scope.references, self: name },
    defaults: scope.defaults,
    templates: scope.templates,
    replicas: replicas === undefined ? [] : replicaNames(name, replicas),
  };
  const failureTimeouts = new Map<string, Located>();
  const entries = fields.resources === undefined ? [] : readEntries(report, fields.resources, 'resources by name');
  const resources = entries.slice(0, documentLimits.resources).map((entry) => {
    if (entry.key !== undefined) checkName(report, entry.at, { kind: 'resource', name: entry.key });
    const { resource, failureTimeoutAt } = decodeResource(report, entry.value, entry.key ?? '', resourceScope);
    if (failureTimeoutAt !== undefined) failureTimeouts.set(resource.name, failureTimeoutAt);
    return resource;
  });
  const options = readAssemblyOptions(report, fields, scope.defaults.assembly);
  const assembly: Assembly = { ...options, name, replica: undefined, resources };
  refuseUnwatched(report, head, assembly);
  const risk = multiplicationRisk(assembly, scope.deployable);
  if (risk !== undefined) report.warning(at, risk, 'smaller budgets');
  const isReplicated = replicas !== undefined;
  const decoded = { name, at, isReplicated, failureTimeouts, fields };
  scope.expansion.resources += entries.length * (replicas ?? 1);
  if (!isReplicated) return { ...decoded, instances: [assembly] };
  const isAffordable = takeTexts(report, head, { assembly, expansion: scope.expansion });
  return { ...decoded, instances: expandReplicas(assembly, isAffordable ? replicas : 1) };
}

/** Resources are started and watched by agents. */
function refuseUnwatched(report: Report, { fields, at }: Head, { monitoring, resources }: Assembly): void {
  if (monitoring === 'agent' || resources.length === 0) return;
  const message = 'with passive monitoring there is no agent that could run resources';
  report.error(fields.resources ?? at, message, 'no resources, or monitoring: agent');
}

/** What is copied for each replica is bounded before it is copied. */
function takeTexts(
  report: Report,
  { fields, at, replicas }: Head,
  { assembly, expansion }: { readonly assembly: Assembly; readonly expansion: Expansion },
): boolean {
  const count = replicas ?? 1;
  const texts = assembly.resources.reduce((sum, resource) => sum + countTexts(resource), 0);
  expansion.texts += texts * count;
  const isWithinLimits =
    expansion.texts <= documentLimits.expandedValues && expansion.resources <= documentLimits.resources;
  if (expansion.texts > documentLimits.expandedValues) {
    const message = `${count} replicas with ${texts} values each`;
    report.error(fields.replicas ?? at, message, `at most ${documentLimits.expandedValues} values in all`);
  }
  return isWithinLimits;
}
