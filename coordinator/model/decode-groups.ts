import { checkName } from './check-name.js';
import { addMember, type ConstraintScope, type Member, takeId } from './constraint-scope.js';
import { readMember } from './decode-member.js';
import { type Group, resourceId, type Subject, subjectId } from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { replicaName } from './expand-replicas.js';
import { isName, nameForm, nodeNameKey } from './names.js';
import { quote, readItems } from './read-tree.js';
import type { Report } from './report.js';

/** A group as the document has it: under `groups` by its name, or as a constraint with its id. */
export interface GroupSource {
  /** Empty where it has none; then it gets one. */
  readonly name: string;
  /** Of the name, or of the group. */
  readonly at: Located;
  readonly members: Tree;
}

/**
 * Groups, which constraints may name from then on. A group over a replicated assembly is one group in each replica,
 * named `<group>-1` and so on, and its own name means all of them.
 */
export function decodeGroups(report: Report, sources: readonly GroupSource[], scope: ConstraintScope): Group[] {
  const grouped = new Map<string, string>();
  // Named ones first: only then is it known which names are free.
  const named = sources.filter(({ name }) => name !== '');
  const unnamed = sources.filter(({ name }) => name === '');
  let count = 0;
  return [...named, ...unnamed].flatMap((source) => {
    let { name } = source;
    while (name === '' || (source.name === '' && isTaken(scope, name))) name = `group-${++count}`;
    return decodeGroup(report, { ...source, name }, { scope, grouped });
  });
}

function decodeGroup(
  report: Report,
  source: GroupSource,
  { scope, grouped }: { readonly scope: ConstraintScope; readonly grouped: Map<string, string> },
): Group[] {
  const { name, at } = source;
  checkName(report, at, { kind: 'group', name });
  const members = readMembers(report, source, { scope, grouped });
  const [first] = members;
  if (first === undefined) return [];
  const groups = first.subjects.map((subject, index): Group => {
    const own = members.map(({ subjects }) => subjects[index] ?? subject);
    return {
      name: first.replicasOf === undefined ? name : replicaName(name, index + 1),
      assembly: assemblyOf(subject),
      members: own.flatMap((each) => (each.kind === 'resource' ? [each.resource] : [])),
    };
  });
  const longest = groups.at(-1)?.name ?? name;
  if (isName(name) && !isName(longest)) {
    report.error(at, `the name of the group ${quote(longest)} is too long`, nameForm);
  }
  for (const group of groups) {
    takeGroupName(report, at, { name: group.name, scope });
    scope.nodes.set(group.name, [group.assembly]);
    addMember(scope, { name: group.name, subjects: [{ kind: 'group', group: group.name }], replicasOf: undefined });
  }
  if (first.replicasOf !== undefined) {
    takeGroupName(report, at, { name, scope });
    const subjects = groups.map((group): Subject => ({ kind: 'group', group: group.name }));
    addMember(scope, { name, subjects, replicasOf: first.replicasOf });
  }
  return groups;
}

function readMembers(
  report: Report,
  source: GroupSource,
  { scope, grouped }: { readonly scope: ConstraintScope; readonly grouped: Map<string, string> },
): Member[] {
  const items = readItems(report, source.members, 'a list of resources of one assembly: [A.R, A.S]');
  if (source.members.kind === 'list' && items.length === 0) {
    report.error(source.members, 'a group has one resource or more', '[A.R, A.S]');
  }
  const members: Member[] = [];
  for (const item of items) {
    const member = readMember(report, item, scope, ['resource']);
    if (member === undefined) continue;
    const [first] = members;
    const owner = member.subjects
      .map((subject) => grouped.get(subjectId(subject)))
      .find((group) => group !== undefined);
    if (member.subjects.some(({ kind }) => kind === 'clone')) {
      report.error(item, `${member.name} is a clone, which no group can have`, 'resources that are no clones');
    } else if (owner !== undefined) {
      const message = owner === source.name ? 'is in this group twice' : `is in the group ${quote(owner)} already`;
      report.error(item, `${member.name} ${message}`, 'each resource in one group, once');
    } else if (first !== undefined && homeOf(first) !== homeOf(member)) {
      report.error(item, `${member.name} is not in ${homeOf(first)}`, 'resources of one assembly');
    } else {
      for (const subject of member.subjects) grouped.set(subjectId(subject), source.name);
      members.push(member);
    }
  }
  return members;
}

/** A group with the name of a node makes Pacemaker fence a healthy VM, just as a resource does. */
function takeGroupName(
  report: Report,
  at: Located,
  { name, scope }: { readonly name: string; readonly scope: ConstraintScope },
): void {
  const isNode = !scope.ids.has(name) && isTaken(scope, name);
  if (isNode) report.error(at, `the group ${quote(name)} has the name of a node`, 'another name (in any case)');
  else takeId(report, at, { id: name, ids: scope.ids, as: 'a group' });
}

function isTaken({ ids, nodeKeys }: ConstraintScope, name: string): boolean {
  return ids.has(name) || nodeKeys.has(nodeNameKey(name));
}

/** The assembly, or all the replicas, that a member lives in. */
function homeOf({ replicasOf, subjects }: Member): string {
  return replicasOf ?? (subjects[0] === undefined ? '' : assemblyOf(subjects[0]));
}

function assemblyOf(subject: Subject): string {
  return subject.kind === 'group' ? '' : subject.assembly;
}

/** CIB ids of the members of a group, in order. */
export function memberIds({ assembly, members }: Group): string[] {
  return members.map((resource) => resourceId({ assembly, resource }));
}
