import { listNames } from './decode-template.js';
import { documentLimits } from './defaults.js';
import {
  type Assembly,
  type Constraint,
  type ResourceReference,
  resourceId,
  type Score,
  subjectId,
} from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { didYouMean } from './names.js';
import type { OrderStep } from './order-cycles.js';
import { plainColocation, plainOrder } from './plain.js';
import { quote, readFields, readItems, readPattern, readText, reportMissing } from './read-tree.js';
import type { Report } from './report.js';

/** What constraints may name, and the ids that are taken. */
export interface ConstraintScope {
  readonly resources: ReadonlyMap<string, ResourceReference>;
  /** References by the original's name for them, `rsc_<assembly>_<service>`; names with underscores may share one. */
  readonly originalNames: ReadonlyMap<string, readonly ResourceReference[]>;
  /** Ids of the CIB by what has them. Grows with every constraint. */
  readonly ids: Map<string, string>;
}

export interface DecodedConstraints {
  readonly constraints: readonly Constraint[];
  /** The steps of all orders; `place` is an index of `places`. */
  readonly steps: readonly OrderStep[];
  readonly places: readonly Located[];
}

export function constraintScope(assemblies: readonly Assembly[], hosts: readonly string[]): ConstraintScope {
  const resources = new Map<string, ResourceReference>();
  const originalNames = new Map<string, ResourceReference[]>();
  const ids = new Map<string, string>();
  for (const host of hosts) ids.set(host, 'a launcher host');
  for (const assembly of assemblies) {
    ids.set(assembly.name, 'an assembly');
    for (const { name } of assembly.resources) {
      const reference = { assembly: assembly.name, resource: name };
      if (resources.has(resourceId(reference))) continue;
      resources.set(resourceId(reference), reference);
      ids.set(resourceId(reference), 'a resource');
      const original = `rsc_${assembly.name}_${name}`;
      originalNames.set(original, [...(originalNames.get(original) ?? []), reference]);
    }
  }
  return { resources, originalNames, ids };
}

export function decodeConstraints(report: Report, tree: Tree | undefined, scope: ConstraintScope): DecodedConstraints {
  const decoded = { constraints: [] as Constraint[], steps: [] as OrderStep[], places: [] as Located[] };
  if (tree === undefined) return decoded;
  const items = readItems(report, tree, constraintForm);
  if (items.length > documentLimits.constraints) {
    report.error(tree, `has ${items.length} constraints`, `at most ${documentLimits.constraints}`);
  }
  const unnamed: { readonly index: number; readonly kind: string }[] = [];
  for (const item of items.slice(0, documentLimits.constraints)) {
    const constraint = decodeConstraint(report, item, scope);
    if (constraint === undefined) continue;
    if (constraint.id === '') unnamed.push({ index: decoded.constraints.length, kind: constraint.kind });
    if (constraint.kind === 'order') {
      const place = decoded.places.push(item) - 1;
      const names = constraint.steps.flatMap(({ members }) => members.map(subjectId));
      for (const [index, second] of names.slice(1).entries()) {
        decoded.steps.push({ first: names[index] ?? '', second, place });
      }
    }
    decoded.constraints.push(constraint);
  }
  // Only now are all the ids known that the document gives.
  const counts = new Map<string, number>();
  for (const { index, kind } of unnamed) {
    const constraint = decoded.constraints[index];
    if (constraint !== undefined)
      decoded.constraints[index] = { ...constraint, id: freeId(kind, { counts, ids: scope.ids }) };
  }
  return decoded;
}

/** The resource that `<assembly>.<resource>` or the original's `rsc_<assembly>_<service>` names. */
export function readResourceReference(
  report: Report,
  tree: Tree,
  scope: ConstraintScope,
): ResourceReference | undefined {
  const text = readText(report, tree, '<assembly>.<resource>');
  if (text === undefined) return undefined;
  const exact = scope.resources.get(text);
  if (exact !== undefined) return exact;
  const original = scope.originalNames.get(text) ?? [];
  const [reference, other] = original;
  if (reference !== undefined && other === undefined) return reference;
  if (reference !== undefined) {
    const candidates = original.map(resourceId).join(', ');
    report.error(tree, `${quote(text)} may mean ${original.length} resources`, candidates);
  } else {
    const names = [...scope.resources.keys()];
    const hint = () => didYouMean(text, text.startsWith('rsc_') ? scope.originalNames.keys() : names);
    report.error(tree, () => `there is no resource ${quote(text)}${hint()}`, listNames(names));
  }
  return undefined;
}

/** Takes an id for a constraint, or reports who has it. */
export function takeId(
  report: Report,
  at: Located,
  options: { readonly id: string; readonly ids: Map<string, string> },
): void {
  const { id, ids } = options;
  const owner = ids.get(id);
  if (owner !== undefined) report.error(at, `the id ${quote(id)} is taken by ${owner}`, 'an id of its own');
  else ids.set(id, 'another constraint');
}

const constraintForm = '{ order: [A.R, B.S] }, { colocation: { resource: A.R, with: B.S, score: INFINITY } }';

function decodeConstraint(report: Report, tree: Tree, scope: ConstraintScope): Constraint | undefined {
  const { order, colocation, id: idTree } = readFields(report, tree, ['order', 'colocation', 'id'] as const);
  const idForm = 'a letter or _, then letters, digits and _ . -';
  const id = (idTree && readPattern(report, idTree, /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, idForm)) ?? '';
  if (idTree !== undefined && id !== '') takeId(report, idTree, { id, ids: scope.ids });
  if (order !== undefined && colocation !== undefined) {
    report.error(tree, 'has order and colocation', 'one of: order, colocation');
  }
  if (order !== undefined) return plainOrder(id, readSequence(report, order, scope));
  if (colocation !== undefined) return readColocation(report, colocation, { id, scope });
  reportMissing(report, tree, 'order or colocation', constraintForm);
  return undefined;
}

function readSequence(report: Report, tree: Tree, scope: ConstraintScope): ResourceReference[] {
  const items = readItems(report, tree, 'a list of resources: [A.R, B.S]');
  if (tree.kind === 'list' && items.length < 2) report.error(tree, 'an order has two resources or more', '[A.R, B.S]');
  const seen = new Set<string>();
  return items.flatMap((item) => {
    const reference = readResourceReference(report, item, scope);
    if (reference === undefined) return [];
    const name = resourceId(reference);
    if (seen.has(name)) {
      report.error(item, `${name} is in this order twice`, 'each resource once');
      return [];
    }
    seen.add(name);
    return [reference];
  });
}

function readColocation(
  report: Report,
  tree: Tree,
  options: { readonly id: string; readonly scope: ConstraintScope },
): Constraint | undefined {
  const { id, scope } = options;
  const fields = readFields(report, tree, ['resource', 'with', 'score'] as const);
  const read = (key: 'resource' | 'with'): ResourceReference | undefined => {
    const field = fields[key];
    if (field === undefined) reportMissing(report, tree, key, '<assembly>.<resource>');
    return field && readResourceReference(report, field, scope);
  };
  const resource = read('resource');
  const other = read('with');
  const score = readScore(report, fields.score);
  if (resource === undefined || other === undefined) return undefined;
  if (resourceId(resource) === resourceId(other)) {
    report.error(tree, `${resourceId(resource)} is colocated with itself`, 'two resources');
  } else {
    warnOfImpossible(report, tree, { resource, other, score });
  }
  return plainColocation(id, resource, { with: other, score });
}

/** A score (Pacemaker Explained, "Scores"): a million and more is infinite. */
function readScore(report: Report, tree: Tree | undefined): Score {
  if (tree === undefined) return 'INFINITY';
  const text = readPattern(report, tree, /^(?:[+-]?INFINITY|[+-]?\d{1,12})$/, 'a whole number, INFINITY, -INFINITY');
  if (text === undefined) return 'INFINITY';
  const value = Number(text.replace('INFINITY', 'Infinity'));
  if (value >= 1_000_000) return 'INFINITY';
  return value <= -1_000_000 ? '-INFINITY' : value;
}

/** Every resource lives in its own assembly and nowhere else, which leaves little to colocate. */
function warnOfImpossible(
  report: Report,
  at: Located,
  pair: { readonly resource: ResourceReference; readonly other: ResourceReference; readonly score: Score },
): void {
  const { resource, other, score } = pair;
  const isTogether = resource.assembly === other.assembly;
  const [one, two] = [resourceId(resource), resourceId(other)];
  if (score === 'INFINITY' && !isTogether) {
    report.warning(at, `${one} can never run: it lives in another assembly than ${two}`, 'resources of one assembly');
  } else if (score === '-INFINITY' && isTogether) {
    report.warning(at, `${one} can never run beside ${two}, which lives in the same assembly`);
  }
}

function freeId(
  kind: string,
  taken: { readonly counts: Map<string, number>; readonly ids: Map<string, string> },
): string {
  for (;;) {
    const count = (taken.counts.get(kind) ?? 0) + 1;
    taken.counts.set(kind, count);
    const id = `${kind}-${count}`;
    if (taken.ids.has(id)) continue;
    taken.ids.set(id, 'another constraint');
    return id;
  }
}
