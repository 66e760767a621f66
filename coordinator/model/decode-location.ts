import type { ConstraintScope, Member } from './constraint-scope.js';
import { readRole } from './decode-colocation.js';
import { kindOf, type MemberKind, readMember } from './decode-member.js';
import { decodeRule } from './decode-rule.js';
import { listNames } from './decode-template.js';
import { type LocationConstraint, subjectId } from './deployable.js';
import { isNull, type Tree } from './document-tree.js';
import { didYouMean } from './names.js';
import { readRequiredScore } from './read-score.js';
import { quote, readFields, readText, reportMissing } from './read-tree.js';
import type { Report } from './report.js';

const subjectKeys = ['assembly', 'resource', 'group'] as const satisfies readonly MemberKind[];
const locationKeys = [...subjectKeys, 'role', 'host', 'replica', 'score', 'rule'] as const;
type LocationFields = Partial<Record<(typeof locationKeys)[number], Tree>>;

/** `location`: a preference of VMs for a launcher host, of a clone for a replica, or of either by a rule. */
export function decodeLocation(report: Report, tree: Tree, scope: ConstraintScope): LocationConstraint[] {
  const fields = readFields(report, tree, locationKeys);
  const given = subjectKeys.filter((key) => fields[key] !== undefined);
  const [kind, second] = given;
  if (kind === undefined) reportMissing(report, tree, 'what it is about', `one of: ${subjectKeys.join(', ')}`);
  if (second !== undefined) report.error(tree, `has ${given.join(' and ')}`, `one of: ${subjectKeys.join(', ')}`);
  const field = kind && fields[kind];
  const member = kind && field && readMember(report, field, scope, [kind]);
  const role = member && readRole(report, fields.role, { member, scope });
  const preference = readPreference(report, tree, { fields, member, scope });
  if (member === undefined || preference === undefined) return [];
  return member.subjects.map((subject) => ({ kind: 'location', id: '', subject, role, preference }));
}

function readPreference(
  report: Report,
  tree: Tree,
  options: { readonly fields: LocationFields; readonly member: Member | undefined; readonly scope: ConstraintScope },
): LocationConstraint['preference'] | undefined {
  const { fields, member, scope } = options;
  const given = (['host', 'replica', 'rule'] as const).filter((key) => fields[key] !== undefined);
  const [kind, second] = given;
  if (second !== undefined) report.error(tree, `has ${given.join(' and ')}`, 'one of: host, replica, rule');
  if (kind === undefined) {
    reportMissing(report, tree, 'where', 'host for an assembly, replica for a clone, or rule');
    return undefined;
  }
  if (fields.rule !== undefined) {
    if (fields.score !== undefined) report.error(fields.score, 'a rule has its own score', 'rule: { score }');
    return { kind: 'rule', rule: decodeRule(report, fields.rule) };
  }
  const score = readRequiredScore(report, tree, fields.score);
  const node = fields.host
    ? readHost(report, fields.host, { member, scope })
    : fields.replica && readReplica(report, fields.replica, { member, scope });
  return node === undefined ? undefined : { kind: 'node', node, score };
}

interface NodeScope {
  readonly member: Member | undefined;
  readonly scope: ConstraintScope;
}

function readHost(report: Report, tree: Tree, { member, scope: { hosts } }: NodeScope): string | undefined {
  const host = readText(report, tree, 'a launcher host');
  if (host === undefined) return undefined;
  if (member !== undefined && kindOf(member) !== 'assembly') {
    report.error(tree, `${member.name} runs inside of its assembly, not on a launcher host`, 'assembly and host');
  } else if (hosts.length === 0) {
    report.warning(tree, `nobody can tell whether there is a launcher host ${quote(host)}`, 'hosts in the document');
  } else if (!hosts.includes(host)) {
    report.error(tree, () => `there is no launcher host ${quote(host)}${didYouMean(host, hosts)}`, listNames(hosts));
  }
  return host;
}

function readReplica(report: Report, tree: Tree, { member, scope }: NodeScope): string | undefined {
  const replica = isNull(tree) ? undefined : readText(report, tree, 'the name of a replica');
  const [subject] = member?.subjects ?? [];
  if (replica === undefined || member === undefined || subject === undefined) return replica;
  const nodes = scope.nodes.get(subjectId(subject)) ?? [];
  if (subject.kind !== 'clone' || nodes === 'launcher hosts') {
    report.error(tree, `${member.name} is no clone: it has no choice of replicas`, 'a resource with clone');
  } else if (!nodes.includes(replica)) {
    report.error(tree, () => `there is no replica ${quote(replica)}${didYouMean(replica, nodes)}`, listNames(nodes));
  }
  return replica;
}
