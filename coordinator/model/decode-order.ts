import type { ConstraintScope, Member } from './constraint-scope.js';
import { isPromotable, readMember, subjectName } from './decode-member.js';
import { type OrderConstraint, type OrderStep, subjectId } from './deployable.js';
import { isNull, type Tree } from './document-tree.js';
import { readBoolean, readChoice, readFields, readItems, reportMissing } from './read-tree.js';
import type { Report } from './report.js';

export const orderKeys = ['order', 'kind', 'symmetrical', 'require-all'] as const;

type OrderFields = Partial<Record<(typeof orderKeys)[number], Tree>>;

/** A step before replicas are told apart. */
interface DecodedStep extends Pick<OrderStep, 'action' | 'needsAll'> {
  readonly members: readonly Member[];
}

const actions = ['start', 'stop', 'promote', 'demote'] as const;
const strengths = ['mandatory', 'optional', 'serialize'] as const;

/**
 * An order: a chain of steps, of which each is a member, a list of members without an order among themselves, or either
 * with an action. It is one constraint, except where neighbouring steps are both in the replicas of one assembly: such
 * a part holds in each replica for itself. Ids are left to the caller.
 */
export function decodeOrder(report: Report, fields: OrderFields, scope: ConstraintScope): OrderConstraint[] {
  const tree = fields.order;
  if (tree === undefined) return [];
  const needsAll = readBoolean(report, fields['require-all'], true);
  const items = readItems(report, tree, orderForm);
  const decoded = items.flatMap((item) => readStep(report, item, { scope, needsAll }) ?? []);
  if (tree.kind === 'list' && items.length < 2) report.error(tree, 'an order has two steps or more', orderForm);
  const steps = withoutRepetition(report, tree, decoded).map((step, index, all) =>
    // Nothing comes after the last one.
    index === all.length - 1 ? { ...step, needsAll: true } : step,
  );
  const strength = readChoice(report, fields.kind, { choices: strengths, fallback: 'mandatory' });
  const isSymmetrical = readBoolean(report, fields.symmetrical, strength !== 'serialize');
  if (fields.symmetrical !== undefined && isSymmetrical && strength === 'serialize') {
    // Pacemaker: lib/pacemaker/pcmk_sched_ordering.c, get_ordering_symmetry.
    report.error(fields.symmetrical, 'what may only not act at once has no reverse', 'symmetrical: false');
  }
  const plain = { kind: 'order', id: '', strength, isSymmetrical } as const;
  return partsOf(steps).flatMap((part) =>
    part.isPerReplica
      ? perReplica(part.steps).map((own) => ({ ...plain, steps: own }))
      : { ...plain, steps: flat(part.steps) },
  );
}

const orderForm = '[A.R, B.S], of which each may be a list, or { promote: A.R }';

function readStep(
  report: Report,
  tree: Tree,
  options: { readonly scope: ConstraintScope; readonly needsAll: boolean },
): DecodedStep | undefined {
  const { scope, needsAll } = options;
  if (tree.kind !== 'map') {
    const members = readMembers(report, tree, scope);
    return members.length === 0 ? undefined : { members, action: 'start', needsAll };
  }
  const fields = readFields(report, tree, [...actions, 'require-all'] as const);
  const given = actions.filter((action) => fields[action] !== undefined);
  const [action, second] = given;
  if (second !== undefined) report.error(tree, `has ${given.join(' and ')}`, `one of: ${actions.join(', ')}`);
  const subject = action && fields[action];
  if (action === undefined || subject === undefined) {
    reportMissing(report, tree, 'what is done', `one of: ${actions.join(', ')}`);
    return undefined;
  }
  const members = readMembers(report, subject, scope);
  const needsRoles = action === 'promote' || action === 'demote';
  for (const member of members) {
    if (!needsRoles || isPromotable(member, scope)) continue;
    report.error(subject, `${member.name} is no promotable clone: nobody can ${action} it`, 'start, stop');
  }
  if (members.length === 0) return undefined;
  return { members, action, needsAll: readBoolean(report, fields['require-all'], needsAll) };
}

function readMembers(report: Report, tree: Tree, scope: ConstraintScope): Member[] {
  if (tree.kind !== 'list') return [readMember(report, tree, scope)].filter((member) => member !== undefined);
  if (tree.items.length === 0) report.error(tree, 'a step has one member or more', '[A.R, B.S]');
  return tree.items.flatMap((item) => (isNull(item) ? [] : (readMember(report, item, scope) ?? [])));
}

/** Nothing may come before itself, also where one name stands for several and another one for one of these. */
function withoutRepetition(report: Report, tree: Tree, steps: readonly DecodedStep[]): DecodedStep[] {
  const seen = new Set<string>();
  return steps.map((step, index) => {
    const members = step.members.filter(({ subjects }) => {
      const ids = subjects.map((subject) => `${subjectId(subject)} ${step.action}`);
      const repeated = subjects.find((_, position) => seen.has(ids[position] ?? ''));
      for (const id of ids) seen.add(id);
      if (repeated === undefined) return true;
      const at = tree.kind === 'list' ? (tree.items[index] ?? tree) : tree;
      report.error(at, `${subjectName(repeated)} is in this order twice`, 'each member once');
      return false;
    });
    return { ...step, members };
  });
}

interface Part {
  readonly steps: readonly DecodedStep[];
  readonly isPerReplica: boolean;
}

/** Cuts a chain at the steps at which it begins or ends to run within replicas; such a step belongs to both parts. */
function partsOf(steps: readonly DecodedStep[]): Part[] {
  const parts: { readonly steps: DecodedStep[]; readonly isPerReplica: boolean }[] = [];
  for (const [index, step] of steps.slice(1).entries()) {
    const before = steps[index];
    if (before === undefined) continue;
    const home = homeOf(before);
    const isPerReplica = home !== undefined && home === homeOf(step);
    const last = parts.at(-1);
    if (last !== undefined && last.isPerReplica === isPerReplica) last.steps.push(step);
    else parts.push({ steps: [before, step], isPerReplica });
  }
  return parts;
}

/** The one replicated assembly that all members of a step are in. */
function homeOf({ members }: DecodedStep): string | undefined {
  const home = members[0]?.replicasOf;
  return members.every(({ replicasOf }) => replicasOf === home) ? home : undefined;
}

function flat(steps: readonly DecodedStep[]): OrderStep[] {
  return steps.map((step) => ({ ...step, members: step.members.flatMap(({ subjects }) => subjects) }));
}

function perReplica(steps: readonly DecodedStep[]): OrderStep[][] {
  const replicas = steps[0]?.members[0]?.subjects ?? [];
  return replicas.map((_, index) =>
    steps.map((step) => ({ ...step, members: step.members.flatMap(({ subjects }) => subjects[index] ?? []) })),
  );
}
