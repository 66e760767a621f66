/**
 * Differences between two versions of a JSON state that share structure: what is the same object is the same value, so
 * a difference costs no more than what changed.
 */
import type { JsonObject, JsonValue } from './json.js';

/** Sets (path, value) and removals (path) that lead from one state to the next. */
export interface Delta {
  readonly set: readonly (readonly [path: readonly string[], value: JsonValue])[];
  readonly remove: readonly (readonly string[])[];
}

/** The delta from `before` to `after`, or undefined when they are equal. Members with the value undefined are absent. */
export function diff(before: object, after: object): Delta | undefined {
  const set: [readonly string[], JsonValue][] = [];
  const remove: string[][] = [];
  collect(before as JsonObject, after as JsonObject, []);
  return set.length + remove.length === 0 ? undefined : { set, remove };

  function collect(old: JsonObject, now: JsonObject, path: readonly string[]): void {
    for (const key of Object.keys(old)) {
      if (own(old, key) !== undefined && own(now, key) === undefined) remove.push([...path, key]);
    }
    for (const [key, value] of Object.entries(now)) {
      const previous = own(old, key);
      if (value === previous || value === undefined) continue;
      if (isObject(previous) && isObject(value)) collect(previous, value, [...path, key]);
      else if (!isEqualArray(previous, value)) set.push([[...path, key], value]);
    }
  }
}

/** The state after `delta`. Throws when a path leads through a value that is no object: the log is corrupt. */
export function applyDelta<T extends object>(state: T, delta: Delta): T {
  const result: JsonObject = structuredClone(state) as JsonObject;
  for (const path of delta.remove) delete parentOf(result, path)[path[path.length - 1] ?? ''];
  for (const [path, value] of delta.set) parentOf(result, path)[path[path.length - 1] ?? ''] = structuredClone(value);
  return result as T;
}

function parentOf(root: JsonObject, path: readonly string[]): JsonObject {
  let parent = root;
  for (const key of path.slice(0, -1)) {
    const child = own(parent, key);
    if (!isObject(child)) throw new Error(`state log: no object at ${path.join('/')}`);
    parent = child;
  }
  return parent;
}

/** Names come from documents: `constructor` is one, and no member unless somebody put it there. */
function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isEqualArray(a: JsonValue | undefined, b: JsonValue): boolean {
  return Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
