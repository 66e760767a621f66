import type { ConstraintScope, Member } from './constraint-scope.js';
import { isPromotable, kindOf, readMember, subjectName } from './decode-member.js';
import { defaults } from './defaults.js';
import {
  type ColocatedSet,
  type ColocationConstraint,
  type Role,
  type Score,
  type Subject,
  subjectId,
} from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { readScore, signOf } from './read-score.js';
import { readChoice, readFields, readItems, readPattern, reportMissing } from './read-tree.js';
import type { Report } from './report.js';

export const roles = ['started', 'stopped', 'promoted', 'unpromoted'] as const satisfies readonly Role[];
const nodeAttributeForm = 'the name of an attribute: zone';

/** `colocation: { resource, with }`: one for each replica where it is about several; or `{ set }`. */
export function decodeColocation(
  report: Report,
  tree: Tree,
  scope: ConstraintScope,
): (ColocationConstraint | ColocatedSet)[] {
  const keys = ['resource', 'with', 'role', 'with-role', 'set', 'score', 'node-attribute'] as const;
  const fields = readFields(report, tree, keys);
  const score = readScore(report, fields.score, defaults.colocationScore);
  const nodeAttribute = readNodeAttribute(report, fields['node-attribute']);
  if (fields.set !== undefined) {
    for (const key of ['resource', 'with', 'role', 'with-role'] as const) {
      if (fields[key] !== undefined) report.error(tree, `has set and ${key}`, 'set, or resource and with');
    }
    const members = readMembers(report, fields.set, scope);
    const isMixed = refuseMixture(report, fields.set, { members, nodeAttribute });
    const [first, ...others] = subjectsOf(members);
    for (const resource of others) {
      if (first === undefined || nodeAttribute !== undefined || isMixed) break;
      warnOfImpossible(report, fields.set, { resource, target: first, score, scope });
    }
    return [{ kind: 'colocated-set', id: '', members: subjectsOf(members), score, nodeAttribute }];
  }
  const read = (key: 'resource' | 'with'): Member | undefined => {
    const field = fields[key];
    if (field === undefined) reportMissing(report, tree, key, '<assembly>.<resource>');
    return field && readMember(report, field, scope);
  };
  const [one, other] = [read('resource'), read('with')];
  if (one === undefined || other === undefined) return [];
  const role = readRole(report, fields.role, { member: one, scope });
  const withRole = readRole(report, fields['with-role'], { member: other, scope });
  if (one.subjects.some((subject) => other.subjects.some((target) => subjectId(target) === subjectId(subject)))) {
    report.error(tree, `${one.name} is colocated with itself`, 'two resources');
    return [];
  }
  const isMixed = refuseMixture(report, tree, { members: [one, other], nodeAttribute });
  return pairsOf(one, other).map(([resource, target]) => {
    if (nodeAttribute === undefined && !isMixed) warnOfImpossible(report, tree, { resource, target, score, scope });
    return { kind: 'colocation', id: '', resource, with: target, score, role, withRole, nodeAttribute };
  });
}

export const togetherKeys = ['together', 'score', 'node-attribute'] as const;
export const apartKeys = ['apart', 'score', 'node-attribute'] as const;

/** `together: [web, db]` or `apart: [web, db]`: VMs of assemblies on one launcher host, or each on one of its own. */
export function decodeNeighbours(
  report: Report,
  fields: Partial<Record<(typeof togetherKeys)[number] | (typeof apartKeys)[number], Tree>>,
  scope: ConstraintScope,
): ColocatedSet[] {
  const isApart = fields.apart !== undefined;
  const tree = fields.apart ?? fields.together;
  if (tree === undefined) return [];
  const members =
    tree.kind === 'list'
      ? readMembers(report, tree, scope, ['assembly'])
      : [readMember(report, tree, scope, ['assembly'])].filter((member) => member !== undefined);
  const subjects = subjectsOf(members);
  const isIncomplete = tree.kind === 'list' ? members.length < tree.items.length : members.length === 0;
  if (subjects.length < 2 && !isIncomplete) {
    report.error(tree, `${isApart ? 'apart' : 'together'} is about two VMs or more`, 'assemblies: [web, db]');
  }
  const score = readScore(report, fields.score, isApart ? '-INFINITY' : 'INFINITY');
  if (fields.score !== undefined && signOf(score) !== (isApart ? -1 : 1)) {
    const sign = isApart ? 'below 0' : 'above 0';
    report.error(fields.score, `with this score they are not ${isApart ? 'apart' : 'together'}`, `a score ${sign}`);
  }
  const nodeAttribute = readNodeAttribute(report, fields['node-attribute']);
  const places = scope.hosts.length;
  if (score === '-INFINITY' && nodeAttribute === undefined && places > 0 && subjects.length > places) {
    const message = `${subjects.length - places} of ${subjects.length} VMs can never run: there are ${places} launcher hosts`;
    report.warning(tree, message, 'more hosts, or a finite score');
  }
  return [{ kind: 'colocated-set', id: '', members: subjects, score, nodeAttribute }];
}

export function readRole(
  report: Report,
  tree: Tree | undefined,
  { member, scope }: { readonly member: Member; readonly scope: ConstraintScope },
): Role | undefined {
  if (tree === undefined) return undefined;
  const role = readChoice(report, tree, { choices: roles, fallback: 'started' });
  if (/^(?:un)?promoted$/.test(role) && !isPromotable(member, scope)) {
    report.error(tree, `${member.name} is no promotable clone: it is never ${role}`, 'started, stopped');
  }
  return role;
}

function readMembers(
  report: Report,
  tree: Tree,
  scope: ConstraintScope,
  kinds?: Parameters<typeof readMember>[3],
): Member[] {
  const items = readItems(report, tree, 'a list: [A, B]');
  const seen = new Set<string>();
  const members: Member[] = [];
  for (const item of items) {
    const member = readMember(report, item, scope, kinds);
    const repeated = member?.subjects.find((subject) => seen.has(subjectId(subject)));
    if (repeated !== undefined) report.error(item, `${subjectName(repeated)} is in this set twice`, 'each member once');
    else if (member !== undefined) members.push(member);
    for (const subject of member?.subjects ?? []) seen.add(subjectId(subject));
  }
  if (tree.kind === 'list' && items.length < 2 && subjectsOf(members).length < 2 && kinds === undefined) {
    report.error(tree, 'a set has two members or more', '[A, B]');
  }
  return members;
}

function subjectsOf(members: readonly Member[]): Subject[] {
  return members.flatMap(({ subjects }) => subjects);
}

function readNodeAttribute(report: Report, tree: Tree | undefined): string | undefined {
  return tree && readPattern(report, tree, /^[#A-Za-z_][A-Za-z0-9_.-]{0,127}$/, nodeAttributeForm);
}

/** Within the replicas of one assembly each with its neighbour, else each with each. */
function pairsOf(one: Member, other: Member): [Subject, Subject][] {
  if (one.replicasOf !== undefined && one.replicasOf === other.replicasOf) {
    return one.subjects.flatMap((subject, index): [Subject, Subject][] => {
      const target = other.subjects[index];
      return target === undefined ? [] : [[subject, target]];
    });
  }
  return one.subjects.flatMap((subject) => other.subjects.map((target): [Subject, Subject] => [subject, target]));
}

/** VMs run on launcher hosts and everything else inside of VMs: they never share a node. */
function refuseMixture(
  report: Report,
  at: Located,
  { members, nodeAttribute }: { readonly members: readonly Member[]; readonly nodeAttribute: string | undefined },
): boolean {
  const vm = members.find((member) => kindOf(member) === 'assembly');
  const inner = members.find((member) => kindOf(member) !== 'assembly');
  if (vm === undefined || inner === undefined) return false;
  if (nodeAttribute !== undefined) return true;
  const message = `${vm.name} is a VM on a launcher host, ${inner.name} runs inside of one: they never share a node`;
  report.error(at, message, 'assemblies only, or resources only');
  return true;
}

/** Every resource lives in its own assembly and nowhere else, which leaves little to colocate. */
function warnOfImpossible(
  report: Report,
  at: Located,
  pair: {
    readonly resource: Subject;
    readonly target: Subject;
    readonly score: Score;
    readonly scope: ConstraintScope;
  },
): void {
  const { resource, target, score, scope } = pair;
  const [one, two] = [subjectId(resource), subjectId(target)];
  const [own, others] = [scope.nodes.get(one), scope.nodes.get(two)];
  if (own === undefined || others === undefined || own === 'launcher hosts' || others === 'launcher hosts') return;
  if (score === 'INFINITY' && !own.some((node) => others.includes(node))) {
    report.warning(at, `${one} can never run: it lives in another assembly than ${two}`, 'resources of one assembly');
  } else if (score === '-INFINITY' && own.length === 1 && others.length === 1 && own[0] === others[0]) {
    report.warning(at, `${one} can never run beside ${two}, which lives in the same assembly`);
  }
}
