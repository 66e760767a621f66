import type { ConstraintScope, Member } from './constraint-scope.js';
import { listNames } from './decode-template.js';
import { resourceId, type Subject, subjectId } from './deployable.js';
import type { Tree } from './document-tree.js';
import { didYouMean } from './names.js';
import { quote, readText } from './read-tree.js';
import type { Report } from './report.js';

/** What a constraint may be about, by the keys of `location`. */
export type MemberKind = 'resource' | 'assembly' | 'group';

const everyKind: readonly MemberKind[] = ['resource', 'assembly', 'group'];
const forms = { resource: '<assembly>.<resource>', assembly: 'an assembly', group: 'a group' } as const;

/**
 * What a name in a constraint stands for: `<assembly>.<resource>` or the original's `rsc_<assembly>_<service>`, an
 * assembly (its VM), a group. Of replicated assemblies the name before the numbers stands for all replicas, and for the
 * clone where a resource is one.
 */
export function readMember(
  report: Report,
  tree: Tree,
  scope: ConstraintScope,
  kinds: readonly MemberKind[] = everyKind,
): Member | undefined {
  const text = readText(report, tree, kinds.map((kind) => forms[kind]).join(', '));
  if (text === undefined) return undefined;
  const original = scope.members.has(text) ? [] : (scope.originalNames.get(text) ?? []);
  const member = scope.members.get(text) ?? original[0];
  const clone = scope.cloned.get(text);
  if (original.length > 1) {
    const candidates = original.map(({ name }) => name).join(', ');
    report.error(tree, `${quote(text)} may mean ${original.length} resources`, candidates);
  } else if (member === undefined && clone !== undefined) {
    report.error(tree, `${text} is an instance of a clone, which is one thing in constraints`, clone);
  } else if (member === undefined) {
    reportUnknown(report, tree, { text, scope, kinds });
  } else if (!kinds.includes(kindOf(member))) {
    const owner = kindOf(member) === 'resource' && kinds.includes('assembly') ? text.split('.')[0] : undefined;
    const hint = owner === undefined ? '' : `, did you mean ${owner}?`;
    const message = `${text} is ${withArticle(kindOf(member))}${hint}`;
    report.error(tree, message, kinds.map((kind) => forms[kind]).join(', '));
  } else {
    return member;
  }
  return undefined;
}

export function isPromotable(member: Member, scope: ConstraintScope): boolean {
  return member.subjects.every((subject) => scope.promotable.has(subjectId(subject)));
}

/** As a document names it. */
export function subjectName(subject: Subject): string {
  if (subject.kind === 'assembly') return subject.assembly;
  return subject.kind === 'clone' ? resourceId(subject) : subjectId(subject);
}

export function kindOf({ subjects }: Member): MemberKind {
  const kind: Subject['kind'] = subjects[0]?.kind ?? 'resource';
  return kind === 'clone' ? 'resource' : kind;
}

function reportUnknown(
  report: Report,
  tree: Tree,
  options: { readonly text: string; readonly scope: ConstraintScope; readonly kinds: readonly MemberKind[] },
): void {
  const { text, scope, kinds } = options;
  const isOriginal = text.startsWith('rsc_');
  const looksLikeResource = (kinds.includes('resource') && text.includes('.')) || isOriginal;
  const wanted: readonly MemberKind[] = looksLikeResource ? ['resource'] : kinds;
  const candidates = candidatesOf(scope, wanted);
  const hint = () => didYouMean(text, isOriginal ? scope.originalNames.keys() : candidates);
  report.error(tree, () => `there is no ${wanted.join(', ')} ${quote(text)}${hint()}`, listNames(candidates));
}

/** Groups have been decoded before anybody may name one, so that what is kept stays right. */
function candidatesOf(scope: ConstraintScope, wanted: readonly MemberKind[]): readonly string[] {
  const known = scope.candidates.get(wanted.join());
  if (known !== undefined) return known;
  const members = [...scope.members.values()].filter((member) => wanted.includes(kindOf(member)));
  const names = members.map(({ name }) => name);
  scope.candidates.set(wanted.join(), names);
  return names;
}

function withArticle(kind: MemberKind): string {
  return kind === 'assembly' ? 'an assembly' : `a ${kind}`;
}
