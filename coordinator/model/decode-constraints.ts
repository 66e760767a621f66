import { type ConstraintScope, takeId } from './constraint-scope.js';
import { apartKeys, decodeColocation, decodeNeighbours, togetherKeys } from './decode-colocation.js';
import type { GroupSource } from './decode-groups.js';
import { decodeLocation } from './decode-location.js';
import { decodeOrder, orderKeys } from './decode-order.js';
import { documentLimits } from './defaults.js';
import type { Constraint } from './deployable.js';
import { isNull, type Located, type Tree } from './document-tree.js';
import { readFields, readItems, readPattern, reportMissing } from './read-tree.js';
import type { Report } from './report.js';

export interface DecodedConstraint {
  readonly constraint: Constraint;
  readonly at: Located;
}

/** The items of `constraints`, groups apart: they are decoded first, because the others may name them. */
export function splitConstraints(
  report: Report,
  tree: Tree | undefined,
): { readonly groups: readonly GroupSource[]; readonly others: readonly Tree[] } {
  const items = tree === undefined ? [] : readItems(report, tree, constraintForm);
  if (tree !== undefined && items.length > documentLimits.constraints) {
    report.error(tree, `has ${items.length} constraints`, `at most ${documentLimits.constraints}`);
  }
  const groups: GroupSource[] = [];
  const others: Tree[] = [];
  for (const item of items.slice(0, documentLimits.constraints)) {
    if (kindsOf(item).join() === 'group') groups.push(...readGroupItem(report, item));
    else others.push(item);
  }
  return { groups, others };
}

/**
 * Orders, colocations and locations. One that stands for several, because it is about replicas, becomes several with ids
 * `<id>.1`, `<id>.2` and so on; what stands for too many pairs is refused before these are made.
 */
export function decodeConstraints(
  report: Report,
  items: readonly Tree[],
  scope: ConstraintScope,
): readonly DecodedConstraint[] {
  const found: { readonly at: Tree; readonly id: string; readonly parts: readonly Constraint[] }[] = [];
  let pairs = 0;
  for (const item of items) {
    const { id, parts } = decodeItem(report, item, scope);
    pairs += parts.reduce((sum, part) => sum + countPairs(part), 0);
    if (pairs > documentLimits.constraintPairs) {
      const message = `with this one the constraints are ${pairs} pairs, replicas counted`;
      report.error(item, message, `at most ${documentLimits.constraintPairs}`);
      break;
    }
    found.push({ at: item, id, parts });
  }
  // Only now are all the ids known that the document gives.
  const counts = new Map<string, number>();
  return found.flatMap(({ at, id: given, parts }) => {
    const [first] = parts;
    if (first === undefined) return [];
    const id = given === '' ? freeId(nameOf(first), { counts, ids: scope.ids }) : given;
    if (parts.length === 1) return [{ constraint: { ...first, id }, at }];
    return parts.map((part, index) => {
      const own = `${id}.${index + 1}`;
      takeId(report, at, { id: own, ids: scope.ids, as: 'another constraint' });
      return { constraint: { ...part, id: own }, at };
    });
  });
}

const kinds = ['order', 'colocation', 'location', 'together', 'apart', 'group'] as const;
type Kind = (typeof kinds)[number];

const constraintForm =
  '{ order: [A.R, B.S] }, { colocation: { resource: A.R, with: A.S } }, { location: { assembly: A, host: H, score: 100 } }, { together: [A, B] }, { apart: [A, B] }, { group: [A.R, A.S], id: NAME }';

const keysOf = {
  order: orderKeys,
  colocation: ['colocation'],
  location: ['location'],
  together: togetherKeys,
  apart: apartKeys,
  group: ['group'],
} as const satisfies Record<Kind, readonly string[]>;

function decodeItem(
  report: Report,
  tree: Tree,
  scope: ConstraintScope,
): { readonly id: string; readonly parts: readonly Constraint[] } {
  const given = kindsOf(tree);
  const [kind] = given;
  if (kind === undefined) {
    readFields(report, tree, [...kinds, 'id']);
    reportMissing(report, tree, 'what it constrains', constraintForm);
    return { id: '', parts: [] };
  }
  if (given.length > 1) {
    report.error(tree, `has ${given.join(' and ')}`, `one of: ${kinds.join(', ')}`);
    return { id: '', parts: [] };
  }
  const fields = readFields(report, tree, [...keysOf[kind], 'id']);
  const id = readId(report, fields.id);
  if (fields.id !== undefined && id !== '') {
    takeId(report, fields.id, { id, ids: scope.ids, as: 'another constraint' });
  }
  return { id, parts: decodeKind(report, fields, scope) };
}

function decodeKind(
  report: Report,
  fields: Partial<Record<(typeof keysOf)[Kind][number] | 'id', Tree>>,
  scope: ConstraintScope,
): readonly Constraint[] {
  if (fields.order !== undefined) return decodeOrder(report, fields, scope);
  if (fields.colocation !== undefined) return decodeColocation(report, fields.colocation, scope);
  if (fields.location !== undefined) return decodeLocation(report, fields.location, scope);
  return decodeNeighbours(report, fields, scope);
}

function readGroupItem(report: Report, tree: Tree): GroupSource[] {
  const fields = readFields(report, tree, ['group', 'id'] as const);
  const name = fields.id && readPattern(report, fields.id, /^./, 'a name');
  return fields.group === undefined ? [] : [{ name: name ?? '', at: fields.id ?? tree, members: fields.group }];
}

/** The keys that say what a constraint is; a sound one has one of them. */
function kindsOf(tree: Tree): Kind[] {
  if (tree.kind !== 'map') return [];
  const given = tree.entries.filter(({ value }) => !isNull(value)).map(({ key }) => key);
  return kinds.filter((kind) => given.includes(kind));
}

function readId(report: Report, tree: Tree | undefined): string {
  const idForm = 'a letter or _, then letters, digits and _ . -';
  return (tree && readPattern(report, tree, /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, idForm)) ?? '';
}

/** What the scheduler has to look at for a constraint. */
function countPairs(constraint: Constraint): number {
  switch (constraint.kind) {
    case 'order':
      return constraint.steps.reduce((sum, { members }, index) => {
        return sum + members.length * (constraint.steps[index + 1]?.members.length ?? 0);
      }, 0);
    case 'colocated-set':
      return (constraint.members.length * (constraint.members.length - 1)) / 2;
    case 'colocation':
    case 'location':
      return 1;
  }
}

function nameOf(constraint: Constraint): string {
  return constraint.kind === 'colocated-set' ? 'colocation' : constraint.kind;
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
