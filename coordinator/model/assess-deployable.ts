import type { DecodedAssembly } from './decode-assemblies.js';
import type { DecodedConstraint } from './decode-constraints.js';
import { listNames } from './decode-template.js';
import {
  type Assembly,
  type Constraint,
  cloneId,
  type Deployable,
  type Group,
  resourceId,
  type Subject,
  subjectId,
} from './deployable.js';
import type { Tree } from './document-tree.js';
import { didYouMean } from './names.js';
import { renderSize } from './quantities.js';
import { quote } from './read-tree.js';
import type { Report } from './report.js';

/** Where capacity is spoken of without a strategy that looks at it, and of VMs that no launcher host has room for. */
export function warnOfCapacity(
  report: Report,
  { placement, hosts, hostOptions }: Pick<Deployable, 'placement' | 'hosts' | 'hostOptions'>,
  assemblies: readonly DecodedAssembly[],
): void {
  for (const { fields, instances } of assemblies) {
    const [assembly] = instances;
    const at = fields.utilization ?? fields.size;
    if (assembly === undefined || at === undefined) continue;
    if (placement === 'default') {
      if (fields.utilization === undefined) continue;
      const message = 'nobody looks at utilization while placement is default';
      report.warning(fields.utilization, message, 'placement: utilization, minimal, balanced');
      continue;
    }
    const amount = hosts.length === 0 ? undefined : tooMuch(assembly, { hosts, hostOptions });
    if (amount === undefined) continue;
    report.warning(at, `no launcher host has room for it: it takes ${amount}`, 'less, or a larger host');
  }
}

/** Says so only where every launcher host tells how much it has. */
function tooMuch(
  assembly: Assembly,
  { hosts, hostOptions }: Pick<Deployable, 'hosts' | 'hostOptions'>,
): string | undefined {
  for (const [name, amount] of Object.entries(assembly.utilization)) {
    const capacityOf = (host: string) => hostOptions[host]?.utilization[name] ?? Number.POSITIVE_INFINITY;
    if (hosts.every((host) => capacityOf(host) < amount)) {
      return `${name}: ${name === 'memory' ? renderSize(amount) : amount}`;
    }
  }
  return undefined;
}

/** A VM that has only one launcher host has nowhere to migrate to either. */
export function warnOfThresholds(
  report: Report,
  { hosts }: Pick<Deployable, 'hosts'>,
  { assemblies, defaults }: { readonly assemblies: readonly DecodedAssembly[]; readonly defaults: Tree | undefined },
): void {
  if (hosts.length !== 1) return;
  const places = [fieldOf(fieldOf(defaults, 'assembly'), 'migration-threshold')];
  for (const { fields } of assemblies) places.push(fields['migration-threshold']);
  for (const at of places) {
    const message = 'with one launcher host a VM has nowhere to migrate to: at the threshold a healthy one is stopped';
    if (at !== undefined) report.warning(at, message, 'escalation: { failures, period }, or a second host');
  }
}

/** Pacemaker restarts what depends on a resource each time failures of that are forgotten. */
export function warnOfFailureTimeouts(
  report: Report,
  { constraints, groups }: { readonly constraints: readonly Constraint[]; readonly groups: readonly Group[] },
  assemblies: readonly DecodedAssembly[],
): void {
  const needed = neededIds(constraints, groups);
  for (const { name, instances, failureTimeouts } of assemblies) {
    for (const [resource, at] of failureTimeouts) {
      const ids = [cloneId(resourceId({ assembly: name, resource }))];
      for (const instance of instances) ids.push(resourceId({ assembly: instance.name, resource }));
      const id = ids.find((candidate) => needed.has(candidate));
      if (id === undefined) continue;
      const message = `others depend on ${id}: each time its failures are forgotten they may be restarted`;
      report.warning(at, message, 'escalation: { failures, period }');
    }
  }
}

/** Where a constraint looks at an attribute that no node it may be about has. */
export function warnOfAttributes(
  report: Report,
  { hosts, hostOptions, assemblies }: Pick<Deployable, 'hosts' | 'hostOptions' | 'assemblies'>,
  constraints: readonly DecodedConstraint[],
): void {
  const ofHosts = new Set(Object.values(hostOptions).flatMap(({ attributes }) => Object.keys(attributes)));
  const ofAssemblies = new Set(assemblies.flatMap(({ attributes }) => Object.keys(attributes)));
  for (const { constraint, at } of constraints) {
    const isOfVms = subjectsOf(constraint).every(({ kind }) => kind === 'assembly');
    const known = isOfVms ? ofHosts : ofAssemblies;
    // Where the document says of none, or not of all, what they have, nobody can tell.
    if (known.size === 0 || (isOfVms && hosts.length === 0)) continue;
    for (const name of attributesOf(constraint)) {
      if (name.startsWith('#') || known.has(name)) continue;
      const message = `no ${isOfVms ? 'launcher host' : 'assembly'} has the attribute ${quote(name)}`;
      report.warning(at, `${message}${didYouMean(name, known)}`, listNames(known));
    }
  }
}

function subjectsOf(constraint: Constraint): readonly Subject[] {
  switch (constraint.kind) {
    case 'order':
      return [];
    case 'colocation':
      return [constraint.resource];
    case 'colocated-set':
      return constraint.members.slice(0, 1);
    case 'location':
      return [constraint.subject];
  }
}

function attributesOf(constraint: Constraint): readonly string[] {
  switch (constraint.kind) {
    case 'order':
      return [];
    case 'colocation':
    case 'colocated-set':
      return constraint.nodeAttribute === undefined ? [] : [constraint.nodeAttribute];
    case 'location': {
      const { preference } = constraint;
      if (preference.kind === 'node') return [];
      // That an attribute is not there may be what somebody looks for.
      return preference.rule.expressions.flatMap((expression) =>
        expression.kind === 'attribute' && !/defined$/.test(expression.operation) ? [expression.attribute] : [],
      );
    }
  }
}

/** CIB ids of what others cannot do without. */
function neededIds(constraints: readonly Constraint[], groups: readonly Group[]): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const constraint of constraints) {
    if (constraint.kind === 'order' && constraint.strength === 'mandatory') {
      for (const { members } of constraint.steps.slice(0, -1))
        for (const member of members) needed.add(subjectId(member));
    } else if (constraint.kind === 'colocation' && constraint.score === 'INFINITY') {
      needed.add(subjectId(constraint.with));
    }
  }
  for (const { name, assembly, members } of groups) {
    const inside = needed.has(name) ? members : members.slice(0, -1);
    for (const resource of inside) needed.add(resourceId({ assembly, resource }));
  }
  return needed;
}

function fieldOf(tree: Tree | undefined, wanted: string): Tree | undefined {
  return tree?.kind === 'map' ? tree.entries.find(({ key }) => key === wanted)?.value : undefined;
}
