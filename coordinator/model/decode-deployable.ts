import { warnOfAttributes, warnOfCapacity, warnOfFailureTimeouts, warnOfThresholds } from './assess-deployable.js';
import { checkName } from './check-name.js';
import { constraintScope } from './constraint-scope.js';
import { type DecodedAssembly, decodeAssemblies } from './decode-assemblies.js';
import { decodeConstraints, splitConstraints } from './decode-constraints.js';
import { decodeDefaults } from './decode-defaults.js';
import { decodeGroups, type GroupSource } from './decode-groups.js';
import { decodeHosts } from './decode-hosts.js';
import { decodePacemaker } from './decode-pacemaker.js';
import { checkTemplate } from './decode-resource.js';
import type { ReferenceScope } from './decode-template.js';
import { defaults } from './defaults.js';
import type { Deployable } from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { nameForm } from './names.js';
import { findOrderCycles, type OrderStep } from './order-cycles.js';
import { orderSteps } from './order-steps.js';
import { readBudget } from './read-budget.js';
import { readBoolean, readChoice, readEntries, readFields, readText, reportMissing } from './read-tree.js';
import { type Report, reportOfPart } from './report.js';
import { readResourceTemplates, reportUnusedTemplates } from './resource-templates.js';

const deployableKeys = [
  'deployable',
  'hosts',
  'assemblies',
  'groups',
  'constraints',
  'escalation',
  'placement',
  'maintenance',
  'defaults',
  'templates',
  'pacemaker',
] as const;

type DeployableFields = Partial<Record<(typeof deployableKeys)[number], Tree>>;

/**
 * The model that a document tree stands for. Everything wrong in it is reported; a value that is wrong is replaced by
 * its default, so the result means something only if no error was reported.
 */
export function decodeDeployable(report: Report, tree: Tree): Deployable {
  const fields = readFields(report, tree, deployableKeys);
  if (fields.deployable === undefined) reportMissing(report, tree, 'deployable', `a name: ${nameForm}`);
  if (fields.assemblies === undefined) reportMissing(report, tree, 'assemblies', 'at least one assembly');
  const own = {
    name: fields.deployable === undefined ? '' : readDeployableName(report, fields.deployable),
    ...decodeHosts(report, fields.hosts),
    escalation: readBudget(report, fields.escalation, defaults.deployableEscalation),
    placement: readChoice(report, fields.placement, { choices: placements, fallback: 'default' }),
    isInMaintenance: readBoolean(report, fields.maintenance, false),
  };
  const decoded = decodeContents(report, fields, own);
  return { ...own, ...decoded };
}

const placements = ['default', 'utilization', 'minimal', 'balanced'] as const;

type Contents = Pick<Deployable, 'assemblies' | 'groups' | 'constraints' | 'pacemaker'>;

function decodeContents(report: Report, fields: DeployableFields, own: Omit<Deployable, keyof Contents>): Contents {
  const documentDefaults = decodeDefaults(report, fields.defaults);
  const templates = readResourceTemplates(report, fields.templates);
  const scope = { hosts: own.hosts, deployable: own.escalation, defaults: documentDefaults, templates };
  const decodedAssemblies = decodeAssemblies(report, fields.assemblies, scope);
  const assemblies = decodedAssemblies.flatMap(({ instances }) => instances);
  const references = { ...referencesTo(decodedAssemblies), self: '' };
  for (const { tree } of templates.byName.values()) {
    checkTemplate(reportOfPart(report), tree, { references, defaults: documentDefaults, templates, replicas: [] });
  }
  reportUnusedTemplates(report, templates);

  const names = constraintScope(report, decodedAssemblies, own.hosts);
  const split = splitConstraints(report, fields.constraints);
  const sources = [...namedGroups(report, fields.groups), ...split.groups];
  const groups = decodeGroups(report, sources, names);
  const raw = decodePacemaker(report, fields.pacemaker, names);
  const constraints = decodeConstraints(report, split.others, names);
  reportCycles(report, orderSteps(constraints, assemblies, groups), raw);

  const contents = {
    assemblies,
    groups,
    constraints: constraints.map(({ constraint }) => constraint),
    pacemaker: raw.section,
  };
  warnOfCapacity(report, { ...own, ...contents }, decodedAssemblies);
  warnOfAttributes(report, { ...own, ...contents }, constraints);
  warnOfThresholds(report, own, { assemblies: decodedAssemblies, defaults: fields.defaults });
  warnOfFailureTimeouts(report, contents, decodedAssemblies);
  return contents;
}

/** What templates may refer to. */
function referencesTo(decoded: readonly DecodedAssembly[]): Omit<ReferenceScope, 'self'> {
  const assemblies = decoded.flatMap(({ instances }) => instances.map(({ name }) => name));
  const replicated = decoded.filter(({ isReplicated }) => isReplicated);
  return {
    assemblies: new Set(assemblies),
    replicated: new Map(replicated.map(({ name, instances }) => [name, instances.length])),
  };
}

function readDeployableName(report: Report, tree: Tree): string {
  const name = readText(report, tree, nameForm);
  if (name !== undefined) checkName(report, tree, { kind: 'deployable', name });
  return name ?? '';
}

function namedGroups(report: Report, tree: Tree | undefined): GroupSource[] {
  const entries = tree === undefined ? [] : readEntries(report, tree, 'groups by name: { NAME: [A.R, A.S] }');
  return entries.flatMap(({ key, at, value }) => (key === undefined ? [] : [{ name: key, at, members: value }]));
}

interface Steps {
  readonly steps: readonly OrderStep[];
  readonly places: readonly Located[];
}

function reportCycles(report: Report, own: Steps, raw: Steps): void {
  const places = [...own.places, ...raw.places];
  const later = raw.steps.map((step) => ({ ...step, place: step.place + own.places.length }));
  // Of a constraint that closes many circles, as one over replicas does, the shortest tells it.
  const shortest = new Map<number, readonly string[]>();
  for (const { names, place } of findOrderCycles([...own.steps, ...later])) {
    const known = shortest.get(place);
    if (known === undefined || names.length < known.length) shortest.set(place, names);
  }
  for (const [place, names] of shortest) {
    const at = places[place];
    const circle = [...names, ...names.slice(0, 1)];
    const shown = circle.length > 12 ? [...circle.slice(0, 10), '...', ...circle.slice(-1)] : circle;
    if (at !== undefined) report.error(at, `the order is a circle: ${shown.join(', ')}`, 'an order with a beginning');
  }
}
