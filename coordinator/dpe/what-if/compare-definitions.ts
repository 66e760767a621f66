/** What a new definition says differently, assembly by assembly and resource by resource. */
import { type Assembly, type Deployable, type Resource, resourceId, vmId } from '../../model/deployable.js';

/** Why something is touched, by CIB id (a VM: `<assembly>.vm`). Plain words, to follow "because". */
export type DirectReasons = ReadonlyMap<string, string>;

export function compareDefinitions(before: Deployable, after: Deployable): DirectReasons {
  const reasons = new Map<string, string>();
  const known = byName(before.assemblies);
  const wanted = byName(after.assemblies);
  for (const [name, assembly] of known) {
    if (wanted.has(name)) continue;
    reasons.set(vmId(name), 'it left the definition');
    for (const resource of assembly.resources) reasons.set(idOf(name, resource), 'its assembly left the definition');
  }
  for (const [name, assembly] of wanted) {
    const earlier = known.get(name);
    if (earlier === undefined) {
      reasons.set(vmId(name), 'it is new');
      for (const resource of assembly.resources) reasons.set(idOf(name, resource), 'its assembly is new');
    } else {
      compareAssemblies(reasons, earlier, assembly);
    }
  }
  return reasons;
}

function compareAssemblies(reasons: Map<string, string>, before: Assembly, after: Assembly): void {
  const { resources: _known, ...own } = before;
  const { resources: _wanted, ...wished } = after;
  const changed = changedKeys(own, wished);
  if (changed.length > 0) reasons.set(vmId(after.name), `its ${changed.join(', ')} changed`);
  const known = byName(before.resources);
  const wanted = byName(after.resources);
  for (const [name, resource] of known) {
    if (!wanted.has(name)) reasons.set(idOf(after.name, resource), 'it left the definition');
  }
  for (const [name, resource] of wanted) {
    const earlier = known.get(name);
    const id = idOf(after.name, resource);
    if (earlier === undefined) reasons.set(id, 'it is new');
    else {
      const keys = changedKeys(earlier, resource);
      if (keys.length > 0) reasons.set(id, `its ${keys.join(', ')} changed`);
    }
  }
}

/** Names of the members that differ; those of parameters one by one. */
function changedKeys(before: object, after: object): readonly string[] {
  const [one, other] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const keys = [...new Set([...one.keys(), ...other.keys()])];
  return keys.flatMap((key) => {
    const [was, is] = [one.get(key), other.get(key)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    if (!isObject(was) || !isObject(is)) return [words(key)];
    if (key === 'parameters') return changedKeys(was, is).map((name) => `parameter ${name}`);
    // `exec` and its parts: what a reader of the document would look for.
    return key === 'agent' || key === 'exec' ? changedKeys(was, is) : [words(key)];
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** `memoryMiB` is `memory`, `onFail` is `on-fail`: as the document says it. */
function words(key: string): string {
  if (key === 'platformPlacement') return 'placement';
  return key.replace(/(Ms|MiB)$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}

function idOf(assembly: string, { name }: Resource): string {
  return resourceId({ assembly, resource: name });
}
