/** What the words of an operator mean: one resource, one VM, a group, or what a replicated assembly has of each. */
import { type Assembly, type Deployable, type Resource, resourceId, vmId } from '../../model/deployable.js';
import { isCloned } from '../../policy/clone-name.js';
import type { VerbReply } from './operator-verb.js';

/** One resource or VM that a verb is about. */
export interface Member {
  readonly kind: 'resource' | 'vm';
  readonly assembly: string;
  /** Name in its assembly; `vm` for the VM. */
  readonly name: string;
  /** `<assembly>.<name>`: under this name it is known outside of the CIB, instances of clones too. */
  readonly id: string;
  /** `<replicated assembly>.<name>`, under which a clone is known as a whole; undefined where it is no instance of one. */
  readonly clone: string | undefined;
  readonly isPromotable: boolean;
}

export interface VerbSubject {
  /** As it was asked for. */
  readonly asked: string;
  readonly kind: 'resource' | 'vm' | 'clone' | 'clone-instance' | 'group';
  /** One or more. */
  readonly members: readonly Member[];
}

export type Found<T> = { readonly kind: 'found'; readonly subject: T } | Extract<VerbReply, { kind: 'refused' }>;

/** How many names an error tells of. */
const maxNamesTold = 25;

/** @param asked `<assembly>.<resource>`, `<assembly>.vm`, the same with a replicated assembly's name, or a group */
export function findSubject(deployable: Deployable, asked: string): Found<VerbSubject> {
  const [name = '', resource = ''] = asked.split('.');
  const exact = deployable.assemblies.filter((assembly) => assembly.name === name);
  const replicas = deployable.assemblies.filter(({ replica }) => replica?.of === name);
  const kind = exact.length > 0 ? ('one' as const) : ('all' as const);
  const members = [...exact, ...replicas].flatMap((assembly) => membersOf(assembly, resource));
  if (members.length > 0 && asked === `${name}.${resource}`) {
    return { kind: 'found', subject: { asked, kind: kindOf(members, kind), members } };
  }
  const group = deployable.groups.find((candidate) => candidate.name === asked);
  const inside = deployable.assemblies.find((assembly) => assembly.name === group?.assembly);
  if (group !== undefined && inside !== undefined) {
    const all = group.members.flatMap((member) => membersOf(inside, member));
    return { kind: 'found', subject: { asked, kind: 'group', members: all } };
  }
  return refused(
    `deployable ${deployable.name} has no resource "${asked}"; it has ${listed(resourceNames(deployable))}`,
  );
}

/** The assembly of that name, or the replicas of it. */
export function findAssemblies(deployable: Deployable, asked: string): Found<readonly Assembly[]> {
  const found = deployable.assemblies.filter(({ name, replica }) => name === asked || replica?.of === asked);
  if (found.length > 0) return { kind: 'found', subject: found };
  const names = deployable.assemblies.map(({ name }) => name);
  return refused(`deployable ${deployable.name} has no assembly "${asked}"; it has ${listed(names)}`);
}

/** Every id that wishes may be about: VMs, resources, clones as a whole. */
export function allIds(deployable: Deployable): ReadonlySet<string> {
  return new Set(allMembers(deployable).flatMap(({ id, clone }) => (clone === undefined ? [id] : [id, clone])));
}

/** Definitions are replaced when they change, never changed. */
const known = new WeakMap<Deployable, readonly Member[]>();

/** Every resource and VM there is; the instances of a clone each. */
export function allMembers(deployable: Deployable): readonly Member[] {
  const before = known.get(deployable);
  if (before !== undefined) return before;
  const members = deployable.assemblies.flatMap((assembly) => [
    vmOf(assembly),
    ...assembly.resources.map((resource) => memberOf(assembly, resource)),
  ]);
  known.set(deployable, members);
  return members;
}

export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length > maxNamesTold ? ` and ${names.length - maxNamesTold} more` : '';
  return `${names.slice(0, maxNamesTold).join(', ')}${more}`;
}

function refused(message: string): Extract<VerbReply, { kind: 'refused' }> {
  return { kind: 'refused', code: 'invalid-request', message };
}

function membersOf(assembly: Assembly, name: string): readonly Member[] {
  if (name === 'vm') return [vmOf(assembly)];
  return assembly.resources
    .filter((resource) => resource.name === name)
    .map((resource) => memberOf(assembly, resource));
}

function vmOf({ name }: Assembly): Member {
  return { kind: 'vm', assembly: name, name: 'vm', id: vmId(name), clone: undefined, isPromotable: false };
}

function memberOf(assembly: Assembly, resource: Resource): Member {
  return {
    kind: 'resource',
    assembly: assembly.name,
    name: resource.name,
    id: resourceId({ assembly: assembly.name, resource: resource.name }),
    clone: isCloned(assembly, resource) ? `${assembly.replica?.of}.${resource.name}` : undefined,
    isPromotable: resource.clone?.promotable !== undefined,
  };
}

function kindOf(members: readonly Member[], asked: 'one' | 'all'): VerbSubject['kind'] {
  const [first] = members;
  if (first?.kind === 'vm') return 'vm';
  if (first?.clone === undefined) return 'resource';
  return asked === 'all' ? 'clone' : 'clone-instance';
}

function resourceNames({ assemblies, groups }: Deployable): readonly string[] {
  return [
    ...assemblies.flatMap(({ name, resources }) => [
      vmId(name),
      ...resources.map((resource) => resourceId({ assembly: name, resource: resource.name })),
    ]),
    ...groups.map(({ name }) => name),
  ];
}
