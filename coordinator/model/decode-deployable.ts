import { multiplicationRisk } from './assess-budgets.js';
import { constraintScope, decodeConstraints } from './decode-constraints.js';
import { decodePacemaker } from './decode-pacemaker.js';
import { decodeResource, readBudget } from './decode-resource.js';
import type { ReferenceScope } from './decode-template.js';
import { defaults, documentLimits, ranges } from './defaults.js';
import type { Assembly, Budget, Deployable } from './deployable.js';
import type { Located, Tree, TreeEntry } from './document-tree.js';
import { isName, nameForm, nodeNameKey, reservedReason } from './names.js';
import { findOrderCycles, type OrderStep } from './order-cycles.js';
import { plainAssembly, plainDeployable } from './plain.js';
import { parseSize, renderSize, sizeForm } from './quantities.js';
import {
  isWithin,
  quote,
  readEntries,
  readFields,
  readInteger,
  readItems,
  readPattern,
  readText,
  reportMissing,
} from './read-tree.js';
import type { Report } from './report.js';

const deployableKeys = ['deployable', 'hosts', 'assemblies', 'constraints', 'escalation', 'pacemaker'] as const;

/**
 * The model that a document tree stands for. Everything wrong in it is reported; a value that is wrong is replaced by
 * its default, so the result means something only if no error was reported.
 */
export function decodeDeployable(report: Report, tree: Tree): Deployable {
  const fields = readFields(report, tree, deployableKeys);
  if (fields.deployable === undefined) reportMissing(report, tree, 'deployable', `a name: ${nameForm}`);
  if (fields.assemblies === undefined) reportMissing(report, tree, 'assemblies', 'at least one assembly');
  const name = fields.deployable === undefined ? '' : readDeployableName(report, fields.deployable);
  const hosts = fields.hosts === undefined ? [] : readHosts(report, fields.hosts);
  const escalation = readBudget(report, fields.escalation, defaults.deployableEscalation);
  const assemblies =
    fields.assemblies === undefined
      ? []
      : decodeAssemblies(report, fields.assemblies, { hosts, deployable: escalation });
  const scope = constraintScope(assemblies, hosts);
  const raw = decodePacemaker(report, fields.pacemaker, { assemblies, hosts, ids: scope.ids });
  const { constraints, steps, places } = decodeConstraints(report, fields.constraints, scope);
  reportCycles(
    report,
    [...steps, ...raw.steps.map((step) => ({ ...step, place: step.place + places.length }))],
    [...places, ...raw.places],
  );
  return {
    ...plainDeployable,
    name,
    hosts,
    assemblies,
    constraints,
    escalation,
    pacemaker: { constraints: raw.text, tags: '' },
  };
}

function readDeployableName(report: Report, tree: Tree): string {
  const name = readText(report, tree, nameForm);
  if (name !== undefined) checkName(report, tree, { kind: 'deployable', name });
  return name ?? '';
}

function readHosts(report: Report, tree: Tree): string[] {
  const seen = new Set<string>();
  return readItems(report, tree, 'a list of launcher hosts: [local]').flatMap((item) => {
    const name = readText(report, item, nameForm);
    if (name === undefined) return [];
    checkName(report, item, { kind: 'launcher host', name });
    if (seen.has(nodeNameKey(name))) report.error(item, `the launcher host ${quote(name)} is given twice`, 'each once');
    seen.add(nodeNameKey(name));
    return [name];
  });
}

function decodeAssemblies(
  report: Report,
  tree: Tree,
  options: { readonly hosts: readonly string[]; readonly deployable: Budget },
): Assembly[] {
  const entries = readEntries(report, tree, 'assemblies by name');
  if (tree.kind === 'map' && entries.length === 0) report.error(tree, 'there is no assembly', 'at least one assembly');
  if (entries.length > documentLimits.assemblies) {
    report.error(tree, `has ${entries.length} assemblies`, `at most ${documentLimits.assemblies}`);
  }
  const used = entries.slice(0, documentLimits.assemblies);
  checkNodeNames(report, used, options.hosts);
  const names = new Set(used.flatMap(({ key }) => key ?? []));
  const assemblies = used.map((entry) => {
    const assembly = decodeAssembly(report, entry, names);
    const risk = multiplicationRisk(assembly, options.deployable);
    if (risk !== undefined) report.warning(entry.at, risk, 'smaller budgets');
    return assembly;
  });
  const resources = assemblies.reduce((sum, assembly) => sum + assembly.resources.length, 0);
  if (resources > documentLimits.resources) {
    report.error(tree, `has ${resources} resources`, `at most ${documentLimits.resources}`);
  }
  return assemblies;
}

/** Assemblies and launcher hosts are nodes of one CIB. */
function checkNodeNames(report: Report, entries: readonly TreeEntry[], hosts: readonly string[]): void {
  const taken = new Map(hosts.map((host) => [nodeNameKey(host), `the launcher host ${quote(host)}`]));
  for (const { key, at } of entries) {
    if (key === undefined) continue;
    checkName(report, at, { kind: 'assembly', name: key });
    const self = `the assembly ${quote(key)}`;
    const owner = taken.get(nodeNameKey(key));
    if (owner === undefined) taken.set(nodeNameKey(key), self);
    // The same name twice has been reported as such.
    else if (owner !== self)
      report.error(at, `${quote(key)} and ${owner} would be one node`, 'another name (in any case)');
  }
}

function decodeAssembly(report: Report, { key, value }: TreeEntry, assemblies: ReadonlySet<string>): Assembly {
  const name = key ?? '';
  const scope: ReferenceScope = { self: name, assemblies };
  const fields = readFields(report, value, ['image', 'size', 'escalation', 'resources'] as const);
  const size = fields.size === undefined ? {} : readFields(report, fields.size, ['cpus', 'memory'] as const);
  const resources = fields.resources === undefined ? [] : readEntries(report, fields.resources, 'resources by name');
  return {
    ...plainAssembly,
    name,
    image: fields.image && readPattern(report, fields.image, /^[^\s](?:[^\n]{0,253}[^\s])?$/, 'the name of an image'),
    cpus: readInteger(report, size.cpus, { range: ranges.cpus, fallback: undefined }),
    memoryMiB: size.memory && readMemory(report, size.memory),
    escalation: readBudget(report, fields.escalation, defaults.assemblyEscalation),
    resources: resources.map((entry) => {
      if (entry.key !== undefined) checkName(report, entry.at, { kind: 'resource', name: entry.key });
      return decodeResource(report, entry.value, { name: entry.key ?? '', scope });
    }),
  };
}

function readMemory(report: Report, tree: Tree): number | undefined {
  const text = readText(report, tree, sizeForm);
  if (text === undefined) return undefined;
  const value = parseSize(text);
  if (value !== undefined && isWithin(value, ranges.memoryMiB)) return value;
  if (value === undefined) {
    const [, amount, unit] = /^(\d+)([MGT])B?$/i.exec(text) ?? [];
    const hint = unit === undefined ? '' : `, did you mean ${amount}${unit.toUpperCase()}iB?`;
    report.error(tree, `${quote(text)} is not a size${hint}`, sizeForm);
  } else {
    const { least, most } = ranges.memoryMiB;
    report.error(tree, `${quote(text)} is out of range`, `${renderSize(least)} to ${renderSize(most)}`);
  }
  return undefined;
}

function checkName(
  report: Report,
  at: Located,
  options: { readonly kind: Parameters<typeof reservedReason>[0]; readonly name: string },
): void {
  const { kind, name } = options;
  const reason = reservedReason(kind, name);
  if (!isName(name)) report.error(at, `the ${kind} name ${quote(name)} is not allowed`, nameForm);
  else if (reason !== undefined) report.error(at, `the ${kind} name ${quote(name)} ${reason}`, 'another name');
}

function reportCycles(report: Report, steps: readonly OrderStep[], places: readonly Located[]): void {
  for (const { names, place } of findOrderCycles(steps)) {
    const at = places[place];
    const circle = [...names, ...names.slice(0, 1)];
    const shown = circle.length > 12 ? [...circle.slice(0, 10), '...', ...circle.slice(-1)] : circle;
    if (at !== undefined) report.error(at, `the order is a circle: ${shown.join(', ')}`, 'an order with a beginning');
  }
}
