import type { DecodedAssembly } from './decode-assemblies.js';
import { type Assembly, cloneId, type Resource, resourceId, type Subject, subjectId, vmId } from './deployable.js';
import type { Located } from './document-tree.js';
import { configureSuffix, nodeNameKey } from './names.js';
import { quote } from './read-tree.js';
import type { Report } from './report.js';

/** What one name in a constraint stands for. */
export interface Member {
  /** As the document names it. */
  readonly name: string;
  /** One, or one for each replica in order. */
  readonly subjects: readonly Subject[];
  /** The replicated assembly whose replicas have the subjects; undefined where there is one subject of its own. */
  readonly replicasOf: string | undefined;
}

/** What constraints may name, and the ids that are taken. */
export interface ConstraintScope {
  readonly members: Map<string, Member>;
  /** By the original's name for them, `rsc_<assembly>_<service>`; names with underscores may share one. */
  readonly originalNames: ReadonlyMap<string, readonly Member[]>;
  /** Resources that are part of a clone, which constraints name instead: by the name that they do not have. */
  readonly cloned: ReadonlyMap<string, string>;
  /** CIB ids of clones with roles. */
  readonly promotable: ReadonlySet<string>;
  /** Where the VM, resource, clone or group with this CIB id may run: names of assemblies; launcher hosts for a VM. */
  readonly nodes: Map<string, readonly string[] | 'launcher hosts'>;
  /** Ids of the CIB by what has them. Grows with every group and constraint. */
  readonly ids: Map<string, string>;
  /** Launcher hosts and assemblies, as Pacemaker compares names of nodes. */
  readonly nodeKeys: Set<string>;
  readonly hosts: readonly string[];
  /** Names of members by what they are about, once somebody has asked: a document may have thousands of wrong ones. */
  readonly candidates: Map<string, readonly string[]>;
}

export function constraintScope(
  report: Report,
  assemblies: readonly DecodedAssembly[],
  hosts: readonly string[],
): ConstraintScope {
  const scope = {
    members: new Map<string, Member>(),
    originalNames: new Map<string, Member[]>(),
    cloned: new Map<string, string>(),
    promotable: new Set<string>(),
    nodes: new Map<string, readonly string[] | 'launcher hosts'>(),
    ids: new Map(hosts.map((host) => [host, 'a launcher host'])),
    nodeKeys: new Set(hosts.map(nodeNameKey)),
    hosts,
    candidates: new Map<string, readonly string[]>(),
  };
  for (const decoded of assemblies) addAssembly(scope, decoded);
  for (const decoded of assemblies) {
    for (const { id, what } of cloneIds(decoded)) {
      // The other ids of the CIB cannot meet: names within an assembly differ, and what we append to them is reserved.
      if (scope.ids.has(id)) reportTaken(report, decoded.at, { id, owner: scope.ids.get(id) ?? '' });
      else scope.ids.set(id, what);
    }
  }
  return scope;
}

/** Takes an id, or reports who has it. */
export function takeId(
  report: Report,
  at: Located,
  options: { readonly id: string; readonly ids: Map<string, string>; readonly as: string },
): void {
  const { id, ids } = options;
  const owner = ids.get(id);
  if (owner !== undefined) reportTaken(report, at, { id, owner });
  else ids.set(id, options.as);
}

/** What the document says of itself: not the part of it that is a clone's. */
export function addMember(scope: ConstraintScope, member: Member): void {
  if (!scope.members.has(member.name)) scope.members.set(member.name, member);
}

function reportTaken(
  report: Report,
  at: Located,
  { id, owner }: { readonly id: string; readonly owner: string },
): void {
  report.error(at, `the id ${quote(id)} is taken by ${owner}`, 'an id of its own');
}

type Building = ConstraintScope & {
  readonly originalNames: Map<string, Member[]>;
  readonly cloned: Map<string, string>;
  readonly promotable: Set<string>;
};

function addAssembly(scope: Building, decoded: DecodedAssembly): void {
  const { name, instances, isReplicated } = decoded;
  for (const instance of instances) addInstance(scope, instance);
  if (!isReplicated) {
    for (const resource of instances[0]?.resources ?? []) addOriginalName(scope, name, resource);
    return;
  }
  // Takes no node, but no group may have it: constraints could mean either.
  scope.ids.set(name, 'an assembly');
  const vms = instances.map((instance): Subject => ({ kind: 'assembly', assembly: instance.name }));
  addMember(scope, { name, subjects: vms, replicasOf: name });
  for (const resource of instances[0]?.resources ?? []) {
    const id = resourceId({ assembly: name, resource: resource.name });
    if (resource.clone === undefined) {
      const subjects = instances.map((instance) => resourceSubject(instance.name, resource.name));
      addMember(scope, { name: id, subjects, replicasOf: name });
    } else {
      const clone: Subject = { kind: 'clone', assembly: name, resource: resource.name };
      addMember(scope, { name: id, subjects: [clone], replicasOf: undefined });
      scope.nodes.set(
        cloneId(id),
        instances.map((instance) => instance.name),
      );
      if (resource.clone.promotable !== undefined) scope.promotable.add(subjectId(clone));
    }
    addOriginalName(scope, name, resource);
  }
}

function addInstance(scope: Building, { name, replica, resources }: Assembly): void {
  scope.ids.set(name, 'an assembly');
  scope.nodeKeys.add(nodeNameKey(name));
  scope.ids.set(vmId(name), 'a VM');
  scope.nodes.set(vmId(name), 'launcher hosts');
  addMember(scope, { name, subjects: [{ kind: 'assembly', assembly: name }], replicasOf: undefined });
  for (const resource of resources) {
    const id = resourceId({ assembly: name, resource: resource.name });
    if (resource.clone !== undefined && replica !== undefined) {
      scope.cloned.set(id, resourceId({ assembly: replica.of, resource: resource.name }));
      continue;
    }
    scope.ids.set(id, 'a resource');
    scope.nodes.set(id, [name]);
    if (resource.configure !== undefined) scope.ids.set(`${id}${configureSuffix}`, 'a configure step');
    addMember(scope, { name: id, subjects: [resourceSubject(name, resource.name)], replicasOf: undefined });
  }
}

function addOriginalName(scope: Building, assembly: string, { name }: Resource): void {
  const member = scope.members.get(resourceId({ assembly, resource: name }));
  const original = `rsc_${assembly}_${name}`;
  const known = scope.originalNames.get(original) ?? [];
  if (member !== undefined && !known.includes(member)) scope.originalNames.set(original, [...known, member]);
}

function cloneIds({
  name,
  instances,
  isReplicated,
}: DecodedAssembly): { readonly id: string; readonly what: string }[] {
  const cloned = isReplicated ? (instances[0]?.resources ?? []).filter(({ clone }) => clone !== undefined) : [];
  return cloned.flatMap(({ name: resource, configure }) => {
    const id = resourceId({ assembly: name, resource });
    const step = `${id}${configureSuffix}`;
    const own = [
      { id, what: 'a resource' },
      { id: cloneId(id), what: 'a clone' },
    ];
    if (configure === undefined) return own;
    return [...own, { id: step, what: 'a configure step' }, { id: cloneId(step), what: 'a clone' }];
  });
}

function resourceSubject(assembly: string, resource: string): Subject {
  return { kind: 'resource', assembly, resource };
}
